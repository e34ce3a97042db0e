"""Starting the app; the one place outside ``ui/`` that needs streamlit, and only when it is called."""

from __future__ import annotations

import sys
import threading

import numpy as np

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

    threading.Thread(target=warm_up, name="embedlab-warm-up", daemon=True).start()
    st.App(app_py).run(config={"server.address": host, "server.port": port, "server.fileWatcherType": "none"})


def warm_up() -> None:
    """Pay for slow imports and UMAP's compilation before anybody waits for them."""
    from embedlab.clustering import cluster
    from embedlab.encoder import load_encoder
    from embedlab.projection import project

    load_encoder().encode(["ready"])
    points = np.random.default_rng(0).standard_normal((64, 8), dtype=np.float32)
    cluster(points, n_clusters=2)
    project(points)
