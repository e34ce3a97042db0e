"""Errors as sentences on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from embedlab.datasets import id_of_sample
from embedlab.errors import Cancelled, EmbedLabError, HostedError, ModelNotFetchedError, NotEnoughMemoryError
from embedlab.escape import escape_markdown
from embedlab.jobs import NO_MEMORY, record
from embedlab.ui.choices import address
from embedlab.ui.consent import NotAgreedError, ask
from embedlab.ui.tasks import waiting

MODELS_PAGE = "pages/14_Models.py"
AGAIN_HELP = "What has been embedded so far is kept: only the texts that are missing are sent."


def show_unforeseen(error: Exception) -> bool:
    """Show an error nobody foresaw as a sentence, with the code it has in the log; Streamlit's ``on_script_error``."""
    if isinstance(error, MemoryError):
        st.error(NO_MEMORY, icon=":material/memory:")
    else:
        st.error(
            "Something went wrong here that EmbedLab did not foresee. Reload the page; if it comes again, give whoever "
            f"runs this server the code **{record(error, 'a page')}**, under which it stands in the log.",
            icon=":material/bug_report:",
        )
    return True


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show an ``EmbedLabError`` of this part of the page as a message; anything else is a bug."""
    try:
        yield
    except Cancelled as stopped:
        st.info(escape_markdown(str(stopped)), icon=":material/stop_circle:")
        st.button("Start again", type="primary", on_click=waiting.start_again)
    except ModelNotFetchedError as error:
        st.warning(escape_markdown(str(error)), icon=":material/download:")
        st.page_link(MODELS_PAGE, label="Open Models", icon=":material/inventory_2:", query_params=address.current())
    except NotAgreedError as error:
        ask(error)
    except HostedError as error:
        st.error(escape_markdown(str(error)), icon=":material/cloud_off:")
        st.button("Try again", type="primary", on_click=waiting.start_again, help=AGAIN_HELP)
    except NotEnoughMemoryError as error:
        st.error(escape_markdown(str(error)), icon=":material/memory:")
        if error.n_fitting:
            _offer_sample(error.n_fitting)
    except EmbedLabError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")


def _offer_sample(n_rows: int) -> None:
    sampled = id_of_sample(address.chosen("dataset"), n_rows)
    st.button(
        f"Use a sample of {n_rows:,} rows",
        key=f"sample-{sampled}",
        type="primary",
        on_click=address.bring,
        args=("dataset", sampled),
        help="Drawn at random, the same rows every time. It stands beside the whole table in the list of datasets.",
    )
