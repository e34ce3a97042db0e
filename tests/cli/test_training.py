"""``embedlab train``: what it says, prints and keeps, and what it refuses."""

import pandas as pd
import pytest
from tiny_models import save_tiny_model

import embedlab as el
from embedlab.cli import main

HEADER = ["of", "figure", "before", "after", "change", "low", "high"]


def run(*arguments):
    return main([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny"), pooling_mode="mean", normalize=True)


@pytest.fixture
def table(tmp_path):
    rows = [(f"{label} {a} {b}", f"group {label}") for label in "qrst" for a in "abcdefghij" for b in "klmn"]
    path = tmp_path / "in.csv"
    pd.DataFrame(rows, columns=["message", "topic"]).to_csv(path, index=False)
    return path


def test_a_table_makes_a_model(base, table, tmp_path, capsys, monkeypatch):
    """The label column is found; the figures are printed with the verdict; the model is kept under its name."""
    monkeypatch.setenv("EMBEDLAB_DATA", str(tmp_path / "data"))
    asked = ["--model", base, "--name", "Messages", "--learning-rate", 0.01, "--held-out", 0.3, "--n-threads", 1]
    assert run("train", table, "--text", "message", *asked) == 0
    printed = capsys.readouterr()
    assert "160 texts (A label for each text: text 'message', label 'topic')" in printed.err
    assert "112 rows to learn from, 48 held out: " in printed.err
    assert "stopped, it starts over" in printed.err
    header, *rows, verdict = (line.split("\t") for line in printed.out.strip().split("\n"))
    assert header == HEADER
    assert {row[0] for row in rows} >= {"held out"}
    assert verdict[0].startswith(("Better", "In part", "No better", "Worse", "Nobody"))
    name = printed.err.strip().rpartition("--model ")[2]
    assert name.startswith("Messages-")
    assert el.load_encoder(name).embedding_dimension == 8


def test_columns_that_do_not_go_together_are_refused(table, tmp_path, capsys):
    given = ["--text", "message", "--label", "topic", "--score", "topic", "-o", tmp_path / "new"]
    assert run("train", table, *given) == 1
    assert "--label, --score do not go together" in capsys.readouterr().err


def test_somebody_has_to_say_where_it_goes(table, capsys):
    with pytest.raises(SystemExit) as ended:
        run("train", table)
    assert ended.value.code == 2
    assert "--name -o/--output is required" in capsys.readouterr().err
