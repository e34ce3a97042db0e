"""``embedlab probe``: what it prints and writes, and what it refuses."""

import pandas as pd
import pytest

from embedlab.cli import main

CONTESTS = """anchor,near,far
The door is open.,Nobody closed the door.,The door is not open.
Where is my parcel?,Has my delivery come?,Where is my wallet?
,a,b
"""


def run(*arguments):
    return main([str(argument) for argument in arguments])


@pytest.fixture
def contests(tmp_path):
    path = tmp_path / "contests.csv"
    path.write_text(CONTESTS, encoding="utf-8")
    return path


def test_own_contests_by_two_models_that_need_no_transformer(contests, tmp_path, capsys):
    """A line for each probe; the table and the contests hold what the line sums up."""
    scores, items = tmp_path / "card.csv", tmp_path / "items.csv"
    static = "static-all-MiniLM-L6-v2"
    assert run("probe", static, "--baselines", "--contests", contests, "-o", scores, "--items", items) == 0
    printed = capsys.readouterr()
    header, line = printed.out.strip().split("\n")
    assert header.split("\t") == ["probe", "language", "contests", static, "tf-idf"]
    assert line.split("\t")[:3] == ["own", "own", "2"]
    assert "1 of 3 rows has a blank text and is set aside: row 3." in printed.err
    table, listed = pd.read_csv(scores), pd.read_csv(items)
    assert table["n_items"].tolist() == [2, 2]
    assert line.split("\t")[3].startswith(f"{table['score'][0]:.2f} (")
    for model, rows in listed.groupby("model"):
        assert rows["passed"].is_monotonic_increasing
        assert rows["passed"].mean() == table.set_index("model")["score"][model]


def test_contests_are_made_from_a_column(tmp_path, capsys):
    path = tmp_path / "notes.csv"
    path.write_text("id;note\n" + "".join(f"{n};Fridge {n} holds {n}0 litres\n" for n in range(2, 8)), encoding="utf-8")
    assert run("probe", "tf-idf", "--texts", path, "--text", "note", "--probes", "number,identifier") == 0
    printed = capsys.readouterr()
    assert "contests made by rules: 6 for number" in printed.err
    assert printed.out.split("\n")[1].startswith("number\town\t6\t")


def test_bundled_contests_of_a_language(capsys):
    assert run("probe", "tf-idf", "--probes", "identifier,typo", "--languages", "de") == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.strip().split("\n")[1:]]
    assert [row[:2] for row in rows] == [["typo", "de"], ["identifier", "de"]]
    assert all(int(row[2]) >= 60 for row in rows)


def test_what_contradicts_itself_is_refused(contests, capsys):
    for wrong, said in (
        (["--text", "note"], "--texts"),
        (["--contests", contests, "--languages", "de"], "Leave them away"),
        (["--contests", contests, "--probes", "typo"], "Leave them away"),
        (["--probes", "telepathy"], "no probe 'telepathy'"),
        (["--texts", contests, "--text", "nothing"], "no column 'nothing'"),
    ):
        assert run("probe", "tf-idf", *wrong) == 1
        assert said in capsys.readouterr().err
