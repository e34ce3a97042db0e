"""A server that goes on for weeks: closed tabs leave nothing behind, and no click waits while memory is tidied up."""

import gc
import os
import platform
import re
import subprocess
import sys
import weakref

import pytest
from app_server import process_at, running_server, wait_until
from app_session import Session
from patience import PATIENCE

from embedlab.ui.serving import housekeeping

HASTY_SERVER = """
import gc, sys
from embedlab.cli import main
from embedlab.datasets import Corpus
from embedlab.ui.serving import housekeeping, server
from embedlab.ui.sessions import departures
departures.AWAY_SECONDS, housekeeping._PAUSE_SECONDS = 1.0, 0.5
forget, give_back_memory = housekeeping.forget_unused, housekeeping.give_back_memory
def tidy_up_and_say_what_is_left():
    give_back_memory()
    gc.unfreeze()  # The collector knows nothing of what is frozen.
    print("texts kept:", [len(kept.texts) for kept in gc.get_objects() if type(kept) is Corpus], flush=True)
housekeeping.forget_unused = lambda seconds: forget(0)
housekeeping.give_back_memory, server.warm_up = tidy_up_and_say_what_is_left, lambda: None
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
        wait_until(lambda: server.num_fds() <= n_files)
        staying.follow("Models")
        assert not staying.errors


def test_what_the_last_visitor_has_brought_goes_though_nobody_comes_after_her(tmp_path):
    """Streamlit's event loop holds her session, with what its widgets and fragments show, until somebody else comes."""
    file, log = tmp_path / "mine.csv", tmp_path / "server.log"
    file.write_text("text\n" + "".join(f"The parcel {number} is late\n" for number in range(41)))

    def kept():
        return re.findall(r"texts kept: (.*)", log.read_text())

    with running_server(tmp_path, program=[sys.executable, "-c", HASTY_SERVER]) as address:
        with Session(address) as leaving:
            leaving.open("Data")
            leaving.upload("Your files", file)
            leaving.follow("Clusters")
            assert not leaving.errors
            n_before = len(kept())
        wait_until(lambda: kept()[n_before:] and "41" not in kept()[-1])


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


CROWDED = """
import psutil
from embedlab.cli.starting.allocation import use_heaps_that_shrink
from embedlab.ui.serving.housekeeping import give_back_memory
use_heaps_that_shrink()
process = psutil.Process()
give_back_memory()
before = process.memory_info().rss
texts = [f"a text of somebody, number {number}" for number in range(1_000_000)]
taken, kept = process.memory_info().rss, texts[::5_000]
del texts
give_back_memory()
print((process.memory_info().rss - before) / (taken - before))
"""


needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these settings")


@needs_glibc
def test_what_stays_of_a_crowd_does_not_keep_the_memory_of_all():
    """One text of 5,000 is kept, which would keep the block of 1 MiB that Python took for all of them."""
    ran = subprocess.run([sys.executable, "-c", CROWDED], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert float(ran.stdout) < 0.2


@needs_glibc
def test_arrow_keeps_nothing_of_the_tables_that_were_shown():
    """Its own allocator would: 30 to 150 MiB of six tables of 100,000 rows, shown five times each."""
    start = (
        "from embedlab.cli.starting.allocation import use_heaps_that_shrink; use_heaps_that_shrink();"
        "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    )
    ran = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert ran.stdout.split() == ["system"]


@needs_glibc
def test_settings_of_the_allocator_that_somebody_has_made_stay():
    start = (
        "import os; from embedlab.cli.starting.allocation import use_heaps_that_shrink; use_heaps_that_shrink();"
        "print(os.environ['PYTHONMALLOC'], os.environ['MALLOC_ARENA_MAX'])"
    )
    own = {**os.environ, "PYTHONMALLOC": "pymalloc"}
    ran = subprocess.run(
        [sys.executable, "-c", start], capture_output=True, text=True, check=True, timeout=PATIENCE, env=own
    )
    assert ran.stdout.split() == ["pymalloc", "2"]


COUNTING_SERVER = """
import gc, sys
from embedlab.cli import main
from embedlab.ui.serving import server
def say(phase, info):
    if (phase, info["generation"]) == ("stop", 2):
        print("all looked at", flush=True)
gc.callbacks.append(say)
server.warm_up = lambda: None
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
