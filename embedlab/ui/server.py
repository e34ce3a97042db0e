"""Starting the app, and what is slow at first in the background."""

from __future__ import annotations

import logging
import sys
import threading

import streamlit as st
from starlette.middleware import Middleware

from embedlab._paths import app_folder
from embedlab.catalog import DEFAULT_MODEL
from embedlab.limits import limits
from embedlab.ui import housekeeping, model_tasks, services, tasks, waiting
from embedlab.ui.frame import DEFAULT_SAMPLE
from embedlab.ui.hangups import Hangups
from embedlab.ui.messages import show_unforeseen


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
    housekeeping.start()
    # What Streamlit logs of an error would quote texts; `show_unforeseen` logs the rest of it.
    logging.getLogger("streamlit.error_util").addFilter(lambda entry: entry.msg != "Uncaught app execution")
    app = st.App(app_py, middleware=[Middleware(Hangups)], on_script_error=show_unforeseen)
    app.run(
        config={
            "server.address": host,
            "server.port": port,
            "server.fileWatcherType": "none",
            "server.maxUploadSize": limits().max_upload_mib,
        }
    )


def warm_up() -> None:
    """Do what the first page will ask for: import slow libraries, load the model, compile UMAP, map the sample.

    The tasks are those of the pages, so a page that is opened meanwhile joins them.
    """
    run = waiting.run_task
    run(model_tasks.find_device())
    encoder = run(model_tasks.load_model(DEFAULT_MODEL))
    sample = services.datasets().get(DEFAULT_SAMPLE)
    assert sample is not None
    assert sample.text_column is not None
    corpus = services.corpus(sample, sample.text_column)
    embedded = run(tasks.embed(corpus, encoder, services.store(), encoder.pooling_mode))
    run(tasks.draw_map(embedded, run(tasks.find_neighbors(embedded))))
    run(tasks.find_names(corpus, run(tasks.find_clusters(embedded, "auto")).labels))
