"""Starting the app, and what is slow at first in the background."""

from __future__ import annotations

import sys
import threading

import numpy as np
import streamlit as st

from embedlab._paths import app_folder


def serve(host: str, port: int) -> None:
    """Start the app and stay until it is stopped.

    Parameters
    ----------
    host : str
        Address to listen on; 127.0.0.1 can be reached from this machine only.
    port : int
    """
    app_py = app_folder() / "app.py"
    # Streamlit looks for .streamlit/config.toml beside the program that runs, and hands argv[1:] to the script.
    sys.argv = [str(app_py)]
    threading.Thread(target=warm_up, name="embedlab-warm-up", daemon=True).start()
    st.App(app_py).run(config={"server.address": host, "server.port": port, "server.fileWatcherType": "none"})


def warm_up() -> None:
    """Pay for slow imports and UMAP's compilation before anybody waits for them."""
    from embedlab.clustering import cluster
    from embedlab.models import load_encoder
    from embedlab.projection import project

    load_encoder().encode(["ready"])
    points = np.random.default_rng(0).standard_normal((64, 8), dtype=np.float32)
    cluster(points, n_clusters=2)
    project(points)
