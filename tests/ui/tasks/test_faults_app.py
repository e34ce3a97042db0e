"""Faults as the browser sees them: a shared job, a late click, a server that stops, a bug."""

import os
import re
import sys

import pytest
from app_server import BROWSER_MARKS, running_server
from patience import PATIENCE
from slow_task import LET_GO, SLOW
from streamlit.testing.v1 import AppTest

from embedlab.jobs import Visitor
from embedlab.ui.tasks import waiting


def _page_with_a_stop():
    import streamlit as st
    from slow_task import SLOW

    from embedlab.ui.parts import plain_errors
    from embedlab.ui.tasks import waiting

    waiting._stop(waiting.jobs().submit(SLOW).key)
    with plain_errors():
        st.write(waiting.await_task(SLOW))


def test_cancel_by_one_leaves_the_job_to_the_other():
    LET_GO.clear()
    with waiting.jobs().awaited(SLOW, Visitor()) as job:
        app = AppTest.from_function(_page_with_a_stop, default_timeout=PATIENCE).run()
        assert "stopped" in app.info[0].value
        assert not job.is_finished
        LET_GO.set()
        assert job.result() == "found"


def test_a_click_on_cancel_that_comes_too_late_changes_nothing():
    LET_GO.set()
    waiting.run_task(SLOW)
    app = AppTest.from_function(_page_with_a_stop, default_timeout=PATIENCE).run()
    assert not app.info
    assert app.markdown[0].value == "found"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_stopping_the_server_amid_its_work_is_quiet(tmp_path):
    """The warm-up runs in the background as soon as the server answers."""
    with running_server(tmp_path, EMBEDLAB_CACHE=str(tmp_path)):
        pass
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log
    assert "terminate" not in log


SERVER_WITH_A_BUG = """
import embedlab.ui.views.models.catalog as catalog
from embedlab.cli import main
from embedlab.ui.serving import server

def show_recommendations():
    cell = " ".join(["Dear", "Mrs", "Smith"])
    raise ValueError(cell)

catalog.show_recommendations, server.warm_up = show_recommendations, lambda: None
main()
"""


class TestInABrowser:
    pytestmark = BROWSER_MARKS

    def test_a_bug_is_a_sentence_with_a_code_that_stands_in_the_log(self, tmp_path, page):
        with running_server(tmp_path, program=(sys.executable, "-c", SERVER_WITH_A_BUG)) as address:
            page.goto(f"{address}/Models")
            page.wait_for_selector("text=EmbedLab did not foresee")
            shown = page.inner_text("body")
        code = re.search(r"the code ([0-9a-f]{6})", shown).group(1)
        assert "EmbedLab did not foresee" in shown
        logged = (tmp_path / "server.log").read_text()
        assert logged.count(f"error {code} in a page") == 1
        assert "show_recommendations" in logged
        assert "ValueError" in logged
        for text in (shown, logged):
            assert "Mrs Smith" not in text
        assert "Traceback" not in shown
        assert "ValueError" not in shown
