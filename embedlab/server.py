"""Starting the app; the one place outside ``ui/`` that needs streamlit, and only when it is called."""

from __future__ import annotations

import sys

from embedlab._paths import app_folder

HOST, PORT = "127.0.0.1", 8501


def serve(host: str = HOST, port: int = PORT) -> None:
    """Start the app and stay until it is stopped.

    Parameters
    ----------
    host : str, default="127.0.0.1"
        Address to listen on; the default can be reached from this machine only.
    port : int, default=8501
    """
    app_py = app_folder() / "app.py"
    # Streamlit looks for .streamlit/config.toml beside the program that runs, and hands argv[1:] to the script.
    sys.argv = [str(app_py)]
    import streamlit as st  # noqa: TID251

    st.App(app_py).run(config={"server.address": host, "server.port": port, "server.fileWatcherType": "none"})
