"""People who vanish: in the middle of an upload, while their job runs, or for good. Nothing of theirs stays behind."""

import contextlib
import gc
import re
import socket
import sys
import threading
import time
import weakref
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest
from app_server import running_server
from app_session import PROTECTED, Session
from page_app import go, open_page, upload
from streamlit.testing.v1 import AppTest

from embedlab.errors import InvalidInputError
from embedlab.job import Task
from embedlab.jobs import Jobs
from embedlab.ui import housekeeping, services, waiting
from embedlab.uploads import DatasetStore
from embedlab.visits import Uses, Visitor

MIB = 2**20
CONTENT = b"text,topic\n" + b"".join(f"The parcel number {i} is late,late\n".encode() for i in range(40))


def process_at(address):
    """The process of the server at an address."""
    return next(child for child in psutil.Process().children() if str(urlsplit(address).port) in child.cmdline())


def begin_upload(address, session_id, n_sent, n_promised):
    """Send the first bytes of a file, and hang up."""
    part = b'--sep\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'
    head = (
        f"PUT /_stcore/upload_file/{session_id}/{'0' * 32} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
        f"Cookie: {PROTECTED['Cookie']}\r\nX-Xsrftoken: {PROTECTED['X-Xsrftoken']}\r\n"
        f"Content-Type: multipart/form-data; boundary=sep\r\nContent-Length: {n_promised}\r\n\r\n"
    ).encode()
    with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), timeout=10) as client:
        client.sendall(head + part)
        for _ in range(n_sent // MIB):
            client.sendall(b"a" * MIB)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            assert not client.recv(1000), "the server has refused the upload"


def test_a_file_that_stops_half_way_leaves_nothing_behind(site, site_folder):
    """A server that has drawn its first map has all that it loads: from there on it grows by what it is sent."""
    with Session(site) as session:
        session.open("Clusters")
        server = process_at(site)
        begin_upload(site, session.id, 32 * MIB, 100 * MIB)
        time.sleep(0.5)
        before, files = server.memory_info().rss, server.num_fds()
        for _ in range(4):
            begin_upload(site, session.id, 32 * MIB, 100 * MIB)
        time.sleep(1)
        assert server.memory_info().rss < before + 100 * MIB
        assert server.num_fds() < files + 4
        assert "Traceback" not in (site_folder / "server.log").read_text(encoding="utf-8")


def test_what_is_used_by_somebody_who_is_here_is_not_idle():
    uses, visitor = Uses(), Visitor()
    uses.note("hers", visitor)
    uses.note("nobody's")
    assert uses.idle(0) == ["nobody's"]
    assert uses.idle(60) == []
    del visitor
    assert uses.idle(0) == ["hers", "nobody's"]
    uses.forget("hers")
    assert uses.idle(0) == ["nobody's"]


def test_a_result_lives_as_long_as_somebody_who_asked_for_it_is_here():
    jobs, first, second = Jobs(), Visitor(), Visitor()
    found = weakref.ref(jobs.submit(Task("key", "Adding", lambda report: np.ones(3)), first).result())
    jobs.submit(Task("key", "Adding", lambda report: None), second).result()
    del first
    assert jobs.forget_unused(0) == 0
    del second
    assert jobs.forget_unused(60) == 0, "it is kept a while for whoever opens the link"
    assert found() is not None
    assert jobs.forget_unused(0) == 1
    assert found() is None, "a worker, or the job, still holds the result"


def test_a_job_whose_asker_has_vanished_ends_and_is_forgotten():
    jobs, visitor, go_on = Jobs(), Visitor(), threading.Event()
    job = jobs.submit(Task("key", "Waiting", lambda report: go_on.wait(10)), visitor)
    del visitor
    assert jobs.forget_unused(0) == 0, "it still runs"
    go_on.set()
    assert job.wait(10)
    assert jobs.forget_unused(0) == 1
    assert jobs.find("key") is None


def test_a_finished_job_holds_neither_its_work_nor_the_frames_of_its_error():
    jobs = Jobs()

    def work_on(texts, fails):
        def work(report):
            assert len(texts) == 3
            if fails:
                raise InvalidInputError("no")
            return 0

        return work

    for fails in (False, True):
        texts = np.zeros(3)
        held = weakref.ref(texts)
        job = jobs.submit(Task(fails, "Working", work_on(texts, fails)))
        assert job.wait(10)
        del texts
        gc.collect()
        assert held() is None
        assert job.has_failed == fails


def test_results_without_arrays_count_too():
    jobs = Jobs(max_bytes=100_000)
    for number in range(20):
        jobs.submit(Task(("names", bytes(10_000), number), "Naming", lambda report: {0: "a" * 10_000})).result()
    assert jobs.find(("names", bytes(10_000), 19)) is not None
    assert jobs.find(("names", bytes(10_000), 0)) is None


def test_an_upload_lives_a_while_after_its_people_have_left():
    store, visitor = DatasetStore(), Visitor()
    dataset_id = store.add(CONTENT, "a.csv", visitor=visitor).id
    assert store.forget_unused(0) == 0
    del visitor
    assert store.forget_unused(60) == 0
    assert store.forget_unused(0) == 1
    assert store.get(dataset_id) is None
    assert store.get("support_messages") is not None


def test_what_is_made_of_an_upload_goes_with_it():
    dataset = DatasetStore().add(CONTENT, "a.csv")
    texts = weakref.ref(services.corpus(dataset, "text"))
    assert services.corpus(dataset, "text") is texts()
    del dataset
    gc.collect()
    assert texts() is None


@pytest.mark.usefixtures("fresh_server")
def test_a_session_that_ends_takes_its_texts_and_results_with_it():
    app = upload(open_page("Data"), "mine.csv", CONTENT)
    go(app, "Search")
    app.text_input(key="query").set_value("a late parcel").run()
    assert not app.exception
    dataset_id = app.session_state["uploads"][0]
    housekeeping.forget_unused(0)
    assert services.datasets().get(dataset_id) is not None, "she is still here"
    del app
    housekeeping.give_back_memory()
    housekeeping.forget_unused(0)
    assert services.datasets().get(dataset_id) is None
    assert not waiting.jobs()._jobs


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
        deadline = time.monotonic() + 20
        while server.num_fds() > n_files:
            assert time.monotonic() < deadline, f"{server.num_fds()} files are open, {n_files} before"
            time.sleep(0.1)
        staying.follow("Models")
        assert not staying.errors


def test_what_the_last_visitor_has_brought_goes_though_nobody_comes_after_her(tmp_path):
    """Streamlit's event loop holds her session until somebody else comes."""
    file = tmp_path / "mine.csv"
    file.write_bytes(CONTENT)
    with running_server(tmp_path, program=[sys.executable, "-c", HASTY_SERVER]) as address:
        with Session(address) as leaving:
            leaving.open("Data")
            leaving.upload("Your file", file)
        deadline = time.monotonic() + 20
        while not re.search("let go of: [1-9]", (tmp_path / "server.log").read_text()):
            assert time.monotonic() < deadline, "her file is still there"
            time.sleep(0.1)


def wait_for_a_slow_job():
    import time

    from embedlab.job import Task
    from embedlab.ui import waiting

    waiting.await_task(Task("slow", "Slow work", lambda report: time.sleep(1)))


@pytest.mark.usefixtures("fresh_server")
def test_a_session_does_not_hold_what_it_has_waited_for():
    """Its Cancel button was once called with the job, so no limit on results let go of what somebody had waited for."""
    app = AppTest.from_function(wait_for_a_slow_job).run(timeout=20)
    job = weakref.ref(waiting.jobs()._jobs["slow"])
    assert job().is_finished
    waiting.jobs()._jobs.clear()
    gc.collect()
    assert job() is None
    assert not app.exception


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
