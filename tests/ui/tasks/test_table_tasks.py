"""What is found out about a table off the page: told how far it is, and stopped when somebody asks."""

import threading

import pytest
from page_app import open_page, press, said, uploaded
from patience import PATIENCE

from embedlab.columns import Meanings, profile_columns
from embedlab.datasets import DatasetStore, Preparation, select_texts
from embedlab.errors import Cancelled
from embedlab.jobs import Jobs, Visitor
from embedlab.ui.tasks import table_tasks, waiting

CONTENT = b"text,topic\n" + b"<p>The parcel never came</p>,late\n" * 2_500


def dataset():
    return DatasetStore().add(CONTENT, "mails.csv")


def test_columns_and_cleaned_cells_are_counted_as_they_are_done():
    calls = []
    found = profile_columns(Meanings(dataset().table.frame), lambda *call: calls.append(call))
    assert [column.name for column in found] == ["text", "topic"]
    assert calls == [(1, 2), (2, 2)]
    calls.clear()
    corpus = select_texts(dataset().table, Preparation(("text",), ("html", "spaces")), None, lambda *c: calls.append(c))
    assert corpus.texts[0] == "The parcel never came"
    assert calls == [(n, 5_000) for n in (1_000, 2_000, 2_500, 3_500, 4_500, 5_000)]


def test_cleaning_stops_between_two_blocks():
    jobs, reached, go_on = Jobs(), threading.Event(), threading.Event()
    task = table_tasks.clean(dataset(), Preparation(("text",), ("html", "spaces")))
    reports = []

    def work(report):
        def slowly(done, total):
            reports.append(done)
            reached.set()
            go_on.wait(PATIENCE)
            report(done, total)

        return task.work(slowly)

    try:
        job = jobs.submit(type(task)(task.key, task.title, work), Visitor())
        assert reached.wait(PATIENCE)
        job.cancel()
        go_on.set()
        with pytest.raises(Cancelled):
            job.result()
        assert reports == [1_000]
    finally:
        jobs.stop()


def test_whoever_stops_the_cleaning_gets_the_texts_as_they_stand(monkeypatch):
    id_ = uploaded("mails.csv", CONTENT)
    real = waiting.await_task

    def stopped(task, *args):
        if task.key[0] == "cleaned":
            raise Cancelled(f"{task.title}: stopped.")
        return real(task, *args)

    monkeypatch.setattr(waiting, "await_task", stopped)
    app = open_page("Data", dataset=id_, clean="html")
    assert not app.exception
    assert "clean" not in app.query_params
    assert "Cleaned:" not in said(app)
    monkeypatch.undo()
    app.toggle(key=f"clean-html:{id_}").set_value(True).run()
    assert not app.exception
    assert any("Cleaned: HTML to text" in each.value for each in app.sidebar.caption)


def test_whoever_stops_the_look_at_the_columns_still_sees_the_rest(monkeypatch):
    id_ = uploaded("mails.csv", CONTENT)
    real = waiting.await_task
    stop = {"columns"}

    def stopped(task, *args):
        if task.key[0] in stop:
            raise Cancelled(f"{task.title}: stopped.")
        return real(task, *args)

    monkeypatch.setattr(waiting, "await_task", stopped)
    app = open_page("Data", dataset=id_)
    assert not app.exception
    assert "Looking at 2 columns\\: stopped" in said(app)
    assert any(metric.label == "Texts to embed" for metric in app.metric)
    stop.clear()
    press(app, "Start again")
    assert "stopped" not in said(app)
