"""People who vanish: in the middle of an upload, while their job runs, or for good. Nothing of theirs stays behind."""

import contextlib
import gc
import socket
import threading
import weakref
from urllib.parse import urlsplit

import numpy as np
import pytest
from app_server import COLD, process_at, running_server, wait_until
from app_session import PROTECTED, Session
from page_app import go, open_page, upload
from patience import PATIENCE
from streamlit.testing.v1 import AppTest

from embedlab.datasets import DatasetStore
from embedlab.errors import InvalidInputError
from embedlab.jobs import Jobs, Task, Uses, Visitor
from embedlab.ui.serving import housekeeping
from embedlab.ui.tasks import services, waiting

MIB = 2**20
CONTENT = b"text,topic\n" + b"".join(f"The parcel number {i} is late,late\n".encode() for i in range(40))


def begin_upload(address, session_id, n_sent, n_promised):
    """Send the first bytes of a file, and hang up."""
    part = b'--sep\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'
    head = (
        f"PUT /_stcore/upload_file/{session_id}/{'0' * 32} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
        f"Cookie: {PROTECTED['Cookie']}\r\nX-Xsrftoken: {PROTECTED['X-Xsrftoken']}\r\n"
        f"Content-Type: multipart/form-data; boundary=sep\r\nContent-Length: {n_promised}\r\n\r\n"
    ).encode()
    with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), timeout=PATIENCE) as client:
        client.sendall(head + part)
        for _ in range(n_sent // MIB):
            client.sendall(b"a" * MIB)
        client.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            assert not client.recv(1000), "the server has refused the upload"


def test_a_file_that_stops_half_way_leaves_nothing_behind(tmp_path):
    """A server that has read its first upload has all that it loads: from there on it grows by what it is sent."""
    with running_server(tmp_path, program=COLD) as site, Session(site) as session:
        session.open("Data")
        server = process_at(site)
        begin_upload(site, session.id, 32 * MIB, 100 * MIB)
        before, files = server.memory_info().rss, server.num_fds()
        for _ in range(4):
            begin_upload(site, session.id, 32 * MIB, 100 * MIB)
        wait_until(lambda: server.memory_info().rss < before + 100 * MIB and server.num_fds() < files + 4)
        assert "Traceback" not in (tmp_path / "server.log").read_text(encoding="utf-8")


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
    job = jobs.submit(Task("key", "Waiting", lambda report: go_on.wait(PATIENCE)), visitor)
    del visitor
    assert jobs.forget_unused(0) == 0, "it still runs"
    go_on.set()
    assert job.wait(PATIENCE)
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
        assert job.wait(PATIENCE)
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
    texts = weakref.ref(dataset.corpus("text"))
    assert dataset.corpus("text") is texts()
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

    def all_is_gone():
        """Once the last thread that drew for her has ended."""
        housekeeping.give_back_memory()
        housekeeping.forget_unused(0)
        return services.datasets().get(dataset_id) is None and not waiting.jobs()._jobs

    wait_until(all_is_gone)


def wait_for_a_slow_job():
    import time

    from embedlab.jobs import Task
    from embedlab.ui.tasks import waiting

    waiting.await_task(Task("slow", "Slow work", lambda report: time.sleep(1)))


@pytest.mark.usefixtures("fresh_server")
def test_a_session_does_not_hold_what_it_has_waited_for():
    """Its Cancel button was once called with the job, so no limit on results let go of what somebody had waited for."""
    app = AppTest.from_function(wait_for_a_slow_job, default_timeout=PATIENCE).run()
    job = weakref.ref(waiting.jobs()._jobs["slow"])
    assert job().is_finished
    waiting.jobs()._jobs.clear()
    wait_until(lambda: gc.collect() >= 0 and job() is None)
    assert not app.exception
