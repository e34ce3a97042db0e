"""`embedlab encode` into a folder: what it says, what it refuses."""

import json
import sys

import pandas as pd
import pytest
from tiny_static import save_tiny_static

from embedlab.cli import main

TEXTS = ["The parcel is late", " ", "where is my order", "great lamp"]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("review,n\n" + "".join(f"{text},{n}\n" for n, text in enumerate(TEXTS)), encoding="utf-8")
    return path


@pytest.fixture
def model(tmp_path):
    return save_tiny_static(tmp_path / "model")


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_a_folder_of_pieces(table, model, tmp_path, monkeypatch, capsys):
    """What it costs comes first; the same command again does what is left, here nothing."""
    out = tmp_path / "out"
    command = "encode", table, "--text", "review", "--model", model, "--piece-rows", 2, "-o", f"{out}/"
    assert run(*command, "--dry-run") == 0
    said = capsys.readouterr().err
    assert "4 rows in 2 pieces" in said
    assert "4 rows, about 3 texts and 10 tokens, by 4 rows from all over the files" in said
    assert not out.exists()
    assert run(*command) == 0
    assert f"3 embeddings in 2 pieces in {out}; 1 blank text without one" in capsys.readouterr().err
    frame = pd.concat([pd.read_parquet(path) for path in sorted(out.glob("*.parquet"))], ignore_index=True)
    assert frame["review"].tolist() == TEXTS
    assert [each is None for each in frame["embedding"]] == [False, True, False, False]
    assert json.loads((out / "manifest.json").read_text())["texts"] == 3
    monkeypatch.chdir(tmp_path)  # the model by another path is the same
    assert run(*(str(each).replace(str(model), "./model") for each in command)) == 0
    assert run(*command, "--clean", "links") == 1
    assert "holds pieces of other files, columns or settings" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-o", "x.npy", "--dry-run"], "--dry-run is for a folder of pieces. Name one: -o out/"),
        (["-o", "x.npy", "--engine", "ray"], "--engine is for a folder of pieces"),
        (["-o", "out", "--sample", "5"], "--sample is not done piece by piece"),
        (["-o", "out", "--passages"], "--passages is not done piece by piece"),
        (["-o", "out", "--workers", "2"], "Addresses, workers and cards are those of a cluster. Say --engine ray"),
        (["-o", "out", "--piece-rows", "0"], "piece_rows"),
        (["-o", "out", "--model", "http://127.0.0.1:9/v1#m"], "runs elsewhere"),
    ],
)
def test_what_is_refused(table, tmp_path, monkeypatch, capsys, given, said):
    monkeypatch.chdir(tmp_path)
    assert run("encode", table, *given) == 1
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_without_ray_a_sentence_says_how_to_get_it(table, model, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run("encode", table, "--text", "review", "--model", model, "-o", tmp_path / "out", "--engine", "ray") == 1
    assert "pip install 'embedlab[ray]'" in capsys.readouterr().err
