"""What was spent outlives the process: a restart brings no money back, and two processes share what there is."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from elsewhere import SMALL, stand_in
from misbehaving_server import model_server

import embedlab as el
from embedlab.errors import BudgetError, HostedError
from embedlab.folders import data_folder
from embedlab.hosted import Budget, HostedPolicy, consent, enforce, read_name, server_budget
from embedlab.hosted.ledger import Ledger, Spent, ledger

HOST = "api.openai.com"


def budget(dollars=1.0):
    """That of a server that was just started."""
    enforce(HostedPolicy(server_dollars=dollars))
    consent.server_budget.cache_clear()
    return server_budget()


def test_a_restart_brings_nothing_back():
    budget().spend(HOST, 10, 1_000, 0.7)
    again = budget()
    assert again.spent == Spent(10, 1_000, 0.7)
    assert again.left_dollars == pytest.approx(0.3)
    with pytest.raises(BudgetError, match=r"for this server today, and \$0.7000 are; \$0.4000 more"):
        again.spend(HOST, 1, 1, 0.4)
    again.correct(-10, -1_000, -0.7)
    assert budget().spent == Spent()


def test_each_day_begins_at_nothing(monkeypatch):
    """And what is put right after midnight was yesterday's: it gives today nothing."""
    now = [datetime(2026, 12, 31, 23, 59, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return now[0]

    monkeypatch.setattr(ledger, "datetime", Clock)
    budget().spend(HOST, 10, 1_000, 0.7)
    now[0] += timedelta(minutes=2)
    today = budget()
    assert today.spent == Spent()
    today.correct(-10, -1_000, -0.7)
    assert today.spent == Spent()
    today.spend(HOST, 1, 10, 1.0)
    now[0] -= timedelta(minutes=2)
    assert budget().spent == Spent(10, 1_000, 0.7)


def test_processes_share_what_there_is():
    """Four of them ask for a cent thirty times each where there are sixty: sixty get one."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom embedlab.errors import BudgetError\n"
        "from embedlab.hosted import Budget\nfrom embedlab.hosted.ledger import Ledger\n"
        "budget, got = Budget(0.605, ledger=Ledger(Path(sys.argv[1]))), 0\n"
        "for _ in range(30):\n    try:\n        budget.spend('host', 1, 1, 0.01)\n        got += 1\n"
        "    except BudgetError:\n        pass\nprint(got)"
    )
    path = data_folder() / "spent.sqlite"
    asked = [subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(each.communicate()[0]) for each in asked) == 60
    assert Ledger(path).read().n_texts == 60


def test_where_it_cannot_be_written_down_nothing_is_spent(caplog):
    folder = data_folder()
    folder.mkdir()
    (folder / "spent.sqlite").write_bytes(b"torn" * 1_000)
    limited = budget()
    with pytest.raises(BudgetError, match="So nothing is sent. Make room there"):
        limited.spend(HOST, 1, 1, 0.01)
    limited.correct(0, 0, 0.01)  # of an answer that has come, which is not lost for that
    assert "cannot be written down" in caplog.text


def test_without_a_limit_nothing_is_written_down():
    enforce(HostedPolicy())
    server_budget().spend(HOST, 1, 10, 0.1)
    assert server_budget().spent == Spent(1, 10, 0.1)
    assert not data_folder().exists()


def test_what_a_hosted_model_is_sent_is_written_down(monkeypatch):
    """By the tokens that the server counted, one a text; a failure costs nothing."""
    with model_server() as server:
        stand_in(server.address, monkeypatch)
        encoder, limited = el.load_encoder(SMALL), budget()
        with el.allowed(Budget(dollars=1)):
            encoder.encode(["a parcel", "a lamp"])
            server.todo = [401]
            with pytest.raises(HostedError):
                encoder.encode(["another"])
    assert read_name(SMALL).card.dollars_per_million == 0.02
    assert limited.spent == budget().spent == Spent(2, 14, pytest.approx(4e-8))
