"""Starting the app, and what is slow at first in the background."""

from __future__ import annotations

import logging
import os
import sys
import threading

import streamlit as st
from starlette.middleware import Middleware

from embedlab.folders import app_folder
from embedlab.limits import limits
from embedlab.models import DEFAULT_MODEL, STATIC_PREFIX, read_policy
from embedlab.ui.frame import DEFAULT_SAMPLE
from embedlab.ui.parts import show_unforeseen
from embedlab.ui.serving import housekeeping
from embedlab.ui.serving.hangups import Hangups
from embedlab.ui.serving.headers import Guard
from embedlab.ui.sessions import departures
from embedlab.ui.tasks import model_tasks, services, text_tasks, waiting


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
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # What Streamlit logs of an error would quote texts; `show_unforeseen` logs the rest of it.
    logging.getLogger("streamlit.error_util").addFilter(lambda entry: entry.msg != "Uncaught app execution")
    app = st.App(
        app_py,
        lifespan=housekeeping.keep_house,
        middleware=[Middleware(Guard), Middleware(Hangups)],
        on_script_error=show_unforeseen,
    )
    app.run(config=settings(host, port))


def settings(host: str, port: int) -> dict[str, object]:
    """Return the settings of Streamlit that do not stand in its file.

    A page elsewhere can give its own name to this machine's address; where only this machine is served, sessions are
    opened under its own names alone.
    """
    is_shared = read_policy(os.environ, host).is_shared
    return {
        "server.address": host,
        "server.port": port,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": limits().max_upload_mib,
        # The lab closes them two minutes sooner; what Streamlit has dropped by itself can be emptied no more.
        "server.disconnectedSessionTTL": int(departures.AWAY_SECONDS) + 120,
        "server.allowedHosts": ["*"] if is_shared else ["localhost", "127.0.0.1", "::1", host],
        # Streamlit's greeting asks a server on the internet for this machine's address.
        "logger.hideWelcomeMessage": True,
    }


def warm_up() -> None:
    """Do what the first pages will ask for: import slow libraries, load the models, compile UMAP, map the sample.

    The tasks are those of the pages, so a page that is opened meanwhile joins them.
    """
    run = waiting.run_task
    run(model_tasks.find_device())
    encoder = run(model_tasks.load_model(DEFAULT_MODEL))
    sample = services.datasets().get(DEFAULT_SAMPLE)
    assert sample is not None
    assert sample.text_column is not None
    corpus = sample.corpus(sample.text_column)
    embedded = run(text_tasks.embed(corpus, encoder, services.store(), encoder.pooling_mode))
    run(text_tasks.draw_map(embedded, run(text_tasks.find_neighbors(embedded))))
    run(text_tasks.find_names(corpus, run(text_tasks.find_clusters(embedded, "auto")).labels))
    # Compare offers it. The first time on a machine it is distilled, for many seconds; the pages above need it less.
    run(model_tasks.load_model(f"{STATIC_PREFIX}{DEFAULT_MODEL}"))
    run(model_tasks.measure_processor())
    housekeeping.give_back_memory()
