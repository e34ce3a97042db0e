"""``embedlab store``: written twice, listed, asked with a condition, judged; and what is refused before it begins."""

import json

import pandas as pd
import pytest

from embedlab.cli import main

LATE, LAMP = "The parcel {} is late", "A lovely lamp, number {}"


def run(*arguments):
    return main(["store", *map(str, arguments)])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A store in a folder with one collection of 40 rows, and the table it was written from."""
    folder = tmp_path_factory.mktemp("store")
    rows = [(f"r{n}", (LATE, LAMP)[n % 2].format(n), n % 5, ("late", "lamp")[n % 2]) for n in range(40)]
    table = folder / "in.csv"
    pd.DataFrame(rows, columns=["ticket", "message", "stars", "topic"]).to_csv(table, index=False)
    store = f"lancedb://{folder / 'db'}"
    assert write(table, store) == 0
    return store, table


def write(table, store, *further):
    chosen = ["--text", "message", "--id", "ticket", "--model", "static-all-MiniLM-L6-v2"]
    return run("write", table, *chosen, "--store", store, "--collection", "messages", *further)


def test_a_second_write_writes_nothing(place, capsys):
    store, table = place
    assert write(table, store) == 0
    assert "0 rows are new, 0 were replaced, 40 were there as they are; 0 others" in capsys.readouterr().err


def test_what_is_there_is_listed(place, capsys):
    assert run("list", "--store", place[0]) == 0
    header, line = capsys.readouterr().out.strip().split("\n")
    assert header.split("\t")[:4] == ["collection", "rows", "dimensions", "model"]
    assert line.split("\t") == ["messages", "40", "256", "static-all-MiniLM-L6-v2", "exact", "EmbedLab"]


def test_it_is_asked_by_the_model_it_was_written_with(place, capsys):
    where = json.dumps({"and": [{"topic": "late"}, {"stars": {"gte": 3}}]})
    assert run("query", "late parcel", "--store", place[0], "--collection", "messages", "--where", where) == 0
    printed = capsys.readouterr()
    assert "static-all-MiniLM-L6-v2 runs on" in printed.err
    rows = [line.split("\t") for line in printed.out.strip().split("\n")]
    assert {id for _, id, _ in rows} == {f"r{n}" for n in range(0, 40, 2) if n % 5 >= 3}
    scores = [float(score) for score, *_ in rows]
    assert scores == sorted(scores, reverse=True)
    assert run("query", "late", "--store", place[0], "--collection", "messages", "--model", "all-MiniLM-L6-v2") == 1
    assert "holds embeddings of static-all-MiniLM-L6-v2" in capsys.readouterr().err


def test_an_exact_store_is_judged_to_find_everything(place, tmp_path, capsys):
    questions, output = tmp_path / "questions.txt", tmp_path / "judged.csv"
    questions.write_text("my parcel has not come\na lamp\n", encoding="utf-8")
    judge = ["judge", "--store", place[0], "--collection", "messages", "--where", '{"topic": "late"}']
    assert run(*judge, "--queries", questions, "-o", output) == 0
    assert "Recall@10 is 1.000" in capsys.readouterr().err
    judged = pd.read_csv(output)
    assert judged["recall"].tolist() == [1.0, 1.0]
    assert judged["kept"].tolist() == [40, 20]


def test_what_means_nothing_is_refused_before_anything_is_opened(place, capsys):
    for where, said in (("topic=late", "no JSON"), ('{"topic": {"like": "x"}}', "no operator 'like'")):
        with pytest.raises(SystemExit) as ended:
            run("query", "late", "--collection", "messages", "--where", where)
        assert ended.value.code == 2
        assert said in capsys.readouterr().err
    assert run("list", "--store", "postgresql://me:secret@db.example/x") == 1
    said = capsys.readouterr().err
    assert "holds a password" in said
    assert "secret" not in said
    assert run("query", "late", "--store", place[0], "--collection", "nothing") == 1
    assert "has no collection 'nothing'" in capsys.readouterr().err
