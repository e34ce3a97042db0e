"""A server that goes on for weeks: closed tabs leave nothing behind, and no click waits while memory is tidied up."""

import gc
import re
import sys
import weakref

from app_server import process_at, running_server, wait_until
from app_session import Session

from embedlab.ui import housekeeping

HASTY_SERVER = """
import sys
from embedlab.cli import main
from embedlab.ui import departures, housekeeping
departures.AWAY_SECONDS, housekeeping._PAUSE_SECONDS = 1.0, 0.5
forget = housekeeping.forget_unused
housekeeping.forget_unused = lambda seconds: print("let go of:", forget(0), flush=True)
main(sys.argv[1:])
"""


def test_the_session_of_a_closed_tab_is_closed_though_nobody_comes_after_it(tmp_path):
    """An event loop of Streamlit's, three open files, goes with each; a tab that stays keeps its own."""
    with running_server(tmp_path, program=[sys.executable, "-c", HASTY_SERVER]) as address, Session(address) as staying:
        staying.open("Data")
        server = process_at(address)
        n_files = server.num_fds()
        with Session(address) as leaving:
            leaving.open("Data")
            assert server.num_fds() >= n_files + 3
        wait_until(lambda: server.num_fds() <= n_files, 20)
        staying.follow("Models")
        assert not staying.errors


def test_what_the_last_visitor_has_brought_goes_though_nobody_comes_after_her(tmp_path):
    """Streamlit's event loop holds her session until somebody else comes."""
    file = tmp_path / "mine.csv"
    file.write_text("text,topic\nThe parcel is late,late\nThe lamp is broken,lamp\n")
    with running_server(tmp_path, program=[sys.executable, "-c", HASTY_SERVER]) as address:
        with Session(address) as leaving:
            leaving.open("Data")
            leaving.upload("Your file", file)
        wait_until(lambda: re.search("let go of: [1-9]", (tmp_path / "server.log").read_text()), 20)


class Circle:
    """Something only the collector can free."""

    def __init__(self):
        self.itself = self


def test_what_is_in_use_is_not_looked_at_again_and_still_goes_when_it_is_not():
    n_before = len(gc.get_objects())
    circle = Circle()
    gone = weakref.ref(circle)
    housekeeping.give_back_memory()
    assert len(gc.get_objects()) < n_before / 20
    del circle
    gc.collect()
    assert gone() is not None, "it was set aside"
    housekeeping.give_back_memory()
    assert gone() is None


COUNTING_SERVER = """
import gc, sys
from embedlab.cli import main
def say(phase, info):
    if (phase, info["generation"]) == ("stop", 2):
        print("all looked at", flush=True)
gc.callbacks.append(say)
main(sys.argv[1:])
"""


def test_no_click_waits_for_the_collector_to_look_at_everything(tmp_path):
    """Streamlit asks for it after every run of a page, and all threads of all people stand still for 0.4 s."""
    log, pages = tmp_path / "server.log", ["Models", "Data"] * 10
    with running_server(tmp_path, program=[sys.executable, "-c", COUNTING_SERVER]) as address, Session(address) as tab:
        tab.open("Data")
        tab.follow("Search")  # The model is loaded then, and what that takes imported.
        n_before = log.read_text().count("all looked at")
        for page in pages:
            tab.follow(page)
        n_looks = log.read_text().count("all looked at") - n_before
        assert n_looks < len(pages) / 2
