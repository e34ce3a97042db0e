"""The command line: what it writes, what it says, how it ends."""

import json
import re
import socket
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from chat_server import chat_server, honest
from misbehaving_server import model_server

import embedlab as el
from embedlab.cli import main
from embedlab.cli.parts.shared import look_at_unread
from embedlab.encoders import TfidfEncoder
from embedlab.probes import bundled_sets, texts_of
from embedlab.samples import sample_path

load_encoder = cache(el.load_encoder)

TEXTS = [
    "The parcel is late",
    "My card was declined",
    " ",
    "Where is my delivery?",
    "I love this shop",
    "Great service",
]


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch):
    """Each command loads its model as it is called in a process of its own; here the same model is loaded once."""
    monkeypatch.setattr("embedlab.encoders.load_encoder", load_encoder)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("review;n\n" + "".join(f"{text};{i}\n" for i, text in enumerate(TEXTS)), encoding="utf-8")
    return path


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_encode_to_parquet_keeps_every_row(table, tmp_path, encoder, capsys):
    output = tmp_path / "out.parquet"
    assert run("encode", table, "--text", "review", "--precision", "float32", "-o", output) == 0
    frame = pd.read_parquet(output)
    assert frame["review"].tolist() == TEXTS
    assert frame["embedding"][2] is None
    np.testing.assert_allclose(frame["embedding"][0], encoder.encode(TEXTS[0])[0], atol=1e-6)
    assert "5 embeddings of 384 dimensions" in capsys.readouterr().err


def test_encode_to_npy_keeps_rows_in_their_places(table, tmp_path, encoder, capsys):
    output = tmp_path / "out.npy"
    assert run("encode", table, "--pooling", "max", "--precision", "float32", "-o", output) == 0
    array = np.load(output, allow_pickle=False)
    assert array.shape == (6, 384)
    assert np.isnan(array[2]).all()
    np.testing.assert_allclose(array[3], encoder.encode(TEXTS[3], pooling_mode="max")[0], atol=1e-6)
    assert "1 blank text set aside" in capsys.readouterr().err


def test_how_a_file_is_read_can_be_said(tmp_path, capsys):
    """Two lines above two rows of names, in an old encoding, with a sign that nobody guesses."""
    path = tmp_path / "odd.txt"
    path.write_bytes("made by us\nin May\na^b\nfrei^Zahl\nGrüße aus Köln^1\nSchöne Tage^2\n".encode("cp1252"))
    told = ["--encoding", "cp1252", "--delimiter", "^", "--skip", 2, "--header-rows", 2]
    assert run("search", path, "grüße", "--by", "words", "--text", "a – frei", *told) == 0
    printed = capsys.readouterr()
    assert printed.out.endswith("\tGrüße aus Köln\n")
    assert "2 rows hold the names" in printed.err


def test_a_sheet_is_chosen_by_its_name(tmp_path, capsys):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"key": ["a", "b"], "n": [1, 2]}).to_excel(book, sheet_name="codes", index=False)
        pd.DataFrame({"text": TEXTS[3:]}).to_excel(book, sheet_name="answers", index=False)
    assert run("search", path, "delivery", "--by", "words", "--sheet", "answers") == 0
    assert "Where is my delivery?" in capsys.readouterr().out
    assert run("search", path, "delivery", "--by", "words", "--sheet", "nothing") == 1
    assert "answers" in capsys.readouterr().err


def test_search_prints_the_best_first(table, capsys):
    assert run("search", table, "shipment delayed", "--top-k", 2) == 0
    lines = capsys.readouterr().out.strip().split("\n")
    assert {line.split("\t")[1] for line in lines} == {"The parcel is late", "Where is my delivery?"}
    scores = [float(line.split("\t")[0]) for line in lines]
    assert scores == sorted(scores, reverse=True)


def test_search_leaves_out_what_scores_too_low(table, capsys):
    assert run("search", table, "shipment delayed", "--min-score", "0.99") == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no text has a score of 0.99 or more for 'shipment delayed'; lower --min-score" in printed.err
    assert run("search", table, "the parcel is late", "--min-score", "0.9") == 0
    assert capsys.readouterr().out.strip().split("\t")[1:] == ["The parcel is late"]


def test_search_by_words_loads_no_model(table, capsys):
    assert run("search", table, "DELIVERY", "--by", "words", "--model", "nonsense") == 0
    printed = capsys.readouterr()
    assert [line.split("\t")[1] for line in printed.out.strip().split("\n")] == ["Where is my delivery?"]
    assert run("search", table, "xylophone", "--by", "words") == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no text holds a word of 'xylophone'" in printed.err


def test_search_by_both(table, capsys):
    assert run("search", table, "great shipment delayed", "--by", "both", "--top-k", 3) == 0
    texts = [line.split("\t")[1] for line in capsys.readouterr().out.strip().split("\n")]
    assert texts[0] == "Great service"
    assert set(texts[1:]) == {"The parcel is late", "Where is my delivery?"}


def test_search_for_many_queries(table, tmp_path, capsys):
    queries, output = tmp_path / "queries.txt", tmp_path / "hits.csv"
    queries.write_text("shipment delayed\n\npayment; failed\n", encoding="utf-8")
    assert run("search", table, "--queries", queries, "--top-k", 2, "-o", output) == 0
    assert "4 hits of 2 queries" in capsys.readouterr().err
    frame = pd.read_csv(output)
    assert frame.columns.tolist() == ["query", "rank", "score", "text"]
    assert frame["query"].tolist() == ["shipment delayed"] * 2 + ["payment; failed"] * 2
    assert frame["rank"].tolist() == [1, 2, 1, 2]
    assert frame["text"][2] == "My card was declined"
    assert run("search", table, "--queries", queries, "--by", "words") == 0
    assert "no text holds a word of 'shipment delayed'" in capsys.readouterr().err


def test_cluster_prints_groups_and_writes_the_table(table, tmp_path, capsys):
    output = tmp_path / "out.csv"
    assert run("cluster", table, "-k", 2, "-o", output) == 0
    lines = capsys.readouterr().out.strip().split("\n")
    assert sum(int(line.split("\t")[1]) for line in lines) == 5
    frame = pd.read_csv(output)
    assert {"review", "n", "cluster", "cluster_name", "x", "y"} <= set(frame.columns)
    assert len(frame) == 5


def test_cluster_by_a_map_of_umap_learn(tmp_path, capsys):
    """It says what the map is; what cannot be drawn is said before anything is computed."""
    table, output = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [(f"my parcel {i} is late", "delivery") for i in range(6)] + [
        (f"card {i} declined", "money") for i in range(6)
    ]
    pd.DataFrame(rows, columns=["text", "topic"]).to_csv(table, index=False)
    command = ["cluster", table, "--text", "text", "-k", 2]
    assert run(*command, "-o", output) == 0
    plain = pd.read_csv(output)
    assert "UMAP map: trustworthiness" in capsys.readouterr().err
    asked = ["--engine", "umap-learn", "--metric", "manhattan", "--densmap", "--supervised-by", "topic"]
    assert run(*command, "-o", output, *asked) == 0
    said = capsys.readouterr().err
    assert "Supervised UMAP map by umap-learn (densMAP, manhattan metric): trustworthiness" in said
    assert "This map was told the labels" in said
    assert (pd.read_csv(output)[["x", "y"]] != plain[["x", "y"]]).all(axis=None)
    for wrong, message in (
        (["--densmap", "-o", output], "densmap: only UMAP by umap-learn can do that"),
        (["--engine", "umap-learn"], "Add -o FILE, or leave its options out"),
        (["--engine", "umap-learn", "--supervised-by", "kind", "-o", output], "by 'kind' needs that column"),
    ):
        assert run(*command, *wrong) == 1
        said = capsys.readouterr()
        assert message in said.err
        assert not said.out


def test_classify_prints_each_label_and_writes_the_table(tmp_path, capsys):
    path, output = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [*((f"my parcel number {i} is late", "delivery") for i in range(6)), ("the delivery has not come", ""),
            *((f"card payment {i} was declined", "payment") for i in range(6))]  # fmt: skip
    pd.DataFrame(rows, columns=["text", "topic"]).to_csv(path, index=False)
    assert run("classify", path, "--text", "text", "--label", "topic", "-o", output) == 0
    printed = capsys.readouterr()
    assert [line.split("\t")[1:] for line in printed.out.strip().split("\n")] == [["6", "delivery"], ["6", "payment"]]
    assert "accuracy 1.000" in printed.err
    frame = pd.read_csv(output, keep_default_na=False)
    assert frame["prediction"].tolist() == ["delivery"] * 7 + ["payment"] * 6
    assert not frame["suspect"].any()
    assert run("classify", path, "--label", "kind") == 1
    assert "has no column 'kind'. Name one with --label" in capsys.readouterr().err


def test_classify_learns_the_labels_that_a_cell_lists(tmp_path, capsys):
    """Each on its own: no combination is a label, and the table says which are missing and which too many."""
    path, output = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [*((f"my parcel number {i} is late", "delivery") for i in range(8)),
            *((f"card payment {i} was declined", "payment") for i in range(8)),
            *((f"parcel {i} is late and my card payment was declined", "payment;delivery") for i in range(6)),
            ("parcel 9 is late", "payment; delivery"), ("the parcel is late", "")]  # fmt: skip
    pd.DataFrame(rows, columns=["text", "topic"]).to_csv(path, index=False)
    assert run("classify", path, "--text", "text", "--label", "topic", "-o", output) == 0
    printed = capsys.readouterr()
    assert [line.split("\t")[1:] for line in printed.out.strip().split("\n")] == [["15", "delivery"], ["15", "payment"]]
    assert "the cells list several labels, each learned on its own: mean overlap 0." in printed.err
    frame = pd.read_csv(output, keep_default_na=False).set_index("text")
    row = frame.loc["parcel 9 is late"]
    assert row[["prediction", "missing", "surplus", "suspect"]].tolist() == ["delivery", "", "payment", True]
    assert frame.loc["the parcel is late", ["prediction", "missing", "suspect"]].tolist() == ["delivery", "", False]
    given = frame.loc["parcel 3 is late and my card payment was declined"]
    assert set(given["prediction"].split("; ")) == {"delivery", "payment"}
    assert len(given["probability"].split("; ")) == 2


@pytest.mark.parametrize(("keep", "kept"), [([], "0"), (["--keep", "largest", "--by", "n"], "4")])
def test_deduplicate_writes_the_rows_that_stay(tmp_path, capsys, keep, kept):
    """Blank rows stay where they are."""
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("review,n\nThe parcel is late,0\nGreat service,1\n ,2\n ,3\nThe parcel is late,4\n")
    assert run("deduplicate", source, "--text", "review", *keep, "-o", output) == 0
    assert pd.read_csv(output, dtype=str)["n"].tolist() == sorted(["1", "2", "3", kept])
    assert "4 rows written" in (said := capsys.readouterr().err)
    assert "1 removed from 1 groups" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["encode", "{missing}", "-o", "x.npy"], "missing.csv: No such file"),
        (["encode", "{table}", "-o", "x.txt"], "ends in none of .parquet, .npy"),
        (["encode", "{table}", "--text", "comment", "-o", "x.npy"], "no column 'comment'. It has: review, n"),
        (["encode", "{table}", "--model", "nonsense", "-o", "x.npy"], "no model 'nonsense'"),
        (["search", "{table}", "  "], "query is blank"),
        (["search", "{table}", "late", "--top-k", "50"], "top_k=50"),
        (["deduplicate", "{table}", "-o", "x.csv", "--keep", "largest"], "needs the values of a column"),
        (["deduplicate", "{table}", "-o", "x.csv", "--by", "nothing"], "no column 'nothing'. There are: review, n"),
        (["deduplicate", "{table}", "-o", "x.csv", "--threshold", "1.5"], "floor=1.5 is no cosine"),
        (["search", "{table}", "late", "--by", "both", "--min-score", "0.1"], "search by meaning or by words"),
        (["search", "{table}"], "one query, or a file"),
        (["search", "{table}", "late", "--queries", "{table}"], "one query, or a file"),
        (["search", "{table}", "late", "-o", "x.txt"], "ends in none of .csv, .xlsx, .parquet"),
        (["cluster", "{table}", "-k", "9"], "9 clusters|n_clusters=9"),
        (["cluster", "{table}", "-k", "many"], "whole number or auto"),
    ],
)
def test_errors_are_one_line_without_a_traceback(table, tmp_path, capsys, arguments, message):
    filled = [argument.format(table=table, missing=tmp_path / "missing.csv") for argument in arguments]
    assert main(filled) == 1
    error = capsys.readouterr().err.strip().split("\n")[-1]
    assert error.startswith("embedlab: ")
    assert re.search(message, error)


@pytest.mark.parametrize(
    "command", [[], ["encode"], ["search"], ["cluster"], ["classify"], ["deduplicate"], ["replay"]]
)
def test_help_shows_an_example(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "example: embedlab" in capsys.readouterr().out


def test_a_command_that_is_not_understood_ends_with_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["encode", "in.csv"])
    assert ended.value.code == 2
    assert "-o/--output" in capsys.readouterr().err


def test_cluster_by_another_method(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("text\nThe parcel is late\nWhere is my parcel?\nI love jazz\nJazz again\n")
    assert run("cluster", tmp_path / "in.csv", "--method", "agglomerative", "-k", 2) == 0
    assert sorted(line.split("\t")[1] for line in capsys.readouterr().out.strip().split("\n")) == ["2", "2"]
    assert run("cluster", tmp_path / "in.csv", "--method", "hdbscan") == 0
    assert capsys.readouterr().out == "-1\t4\tno cluster\n"
    assert run("cluster", tmp_path / "in.csv", "--method", "hdbscan", "-k", 2) == 1
    assert "finds the number by itself" in capsys.readouterr().err


def test_terminal_escapes_in_texts_are_not_sent_to_the_terminal(tmp_path, capsys):
    path = tmp_path / "evil.jsonl"
    path.write_text('{"text": "red \\u001b[31malert\\u001b[0m"}\n{"text": "plain words"}\n', encoding="utf-8")
    assert run("search", path, "alert", "--top-k", 1) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_cache_is_used_shown_and_cleared(own_cache, tmp_path, capsys):
    (tmp_path / "in.csv").write_text("text\nThe parcel is late\nWhere is my order?\n", encoding="utf-8")
    search = ["search", str(tmp_path / "in.csv"), "delivery", "--text", "text", "--top-k", "1"]
    assert main([*search, "--no-cache"]) == 0
    assert main(["cache"]) == 0
    assert "all-MiniLM" not in capsys.readouterr().out
    assert main(search) == 0
    assert main(["cache"]) == 0
    assert "2\tall-MiniLM-L6-v2, mean pooling, layer 6" in capsys.readouterr().out
    assert main(["cache", "--clear"]) == 0
    assert "2 embeddings dropped" in capsys.readouterr().out


def test_compare_prints_the_best_first_and_writes_the_table(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    pairs, output = tmp_path / "pairs.csv", tmp_path / "out.md"
    rows = [("the cat sat", "the cat sits", 5), ("a dog", "my dog", 4), ("rain", "taxes", 0), ("a bird", "a plane", 2)]
    pairs.write_text("sentence1,sentence2,score\n" + "".join(f"{a},{b},{score}\n" for a, b, score in rows))
    assert run("compare", pairs, "static-all-MiniLM-L6-v2", "tf-idf", "-o", output) == 0
    printed = capsys.readouterr()
    values = [float(line.split("\t")[0]) for line in printed.out.strip().split("\n")]
    assert values == sorted(values, reverse=True)
    assert "8 texts, in pairs with a score" in printed.err
    assert output.read_text(encoding="utf-8").startswith("| candidate | Spearman |")
    assert run("compare", pairs, "all-MiniLM-L6-v2~nonsense") == 1
    assert "neither a pooling nor a setting" in capsys.readouterr().err


def test_compare_probes_the_candidates_too(tmp_path, capsys, monkeypatch):
    """Printed, and behind the table of the Markdown; word counts are fitted to the contests, not to the table."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    output = tmp_path / "out.md"
    assert run("compare", sample_path("support_messages"), "tf-idf", "--probes", "-o", output) == 0
    written, printed = output.read_text(encoding="utf-8"), capsys.readouterr().out
    table, probes = written.split("\n## Probes: English\n")
    assert table.startswith("| candidate |")
    assert "| Negation |" in probes
    assert "| Negation |" in printed
    sets = bundled_sets("negation", "en")
    score = el.probe(TfidfEncoder(texts_of(bundled_sets(languages="en"))), contests=sets).score("negation")
    assert f"| Negation | {score:.2f} (".replace(".", r"\.").replace("(", r"\(") in probes


def test_compare_says_how_small_the_vectors_may_be(tmp_path, capsys, monkeypatch):
    """What is worth a try is tried, and of four pairs nothing can be said."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    pairs = tmp_path / "pairs.csv"
    rows = [("the cat sat", "the cat sits", 5), ("a dog", "my dog", 4), ("rain", "taxes", 0), ("a bird", "a plane", 2)]
    pairs.write_text("sentence1,sentence2,score\n" + "".join(f"{a},{b},{score}\n" for a, b, score in rows))
    assert run("compare", pairs, "static-all-MiniLM-L6-v2", "--dimensions") == 0
    printed = capsys.readouterr().out
    assert "first 64 dimensions" in printed
    assert "PCA" not in printed, "there are too few texts to fit it to"
    assert "With your 4 pairs there are too few rows to say" in printed


def test_compare_says_where_it_fails(tmp_path, capsys, monkeypatch):
    """The best candidate by a column, the worst value first, and the rows on which the two best part."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    rows = tmp_path / "rows.csv"
    table = sample_path("support_messages")
    assert run("compare", table, "tf-idf", "static-all-MiniLM-L6-v2", "--by", "channel", "--rows", rows) == 0
    printed = capsys.readouterr().out
    by_channel = printed.split("worse than the rest:")[1].strip().splitlines()
    figures = [float(line.split("\t")[0]) for line in by_channel]
    assert len(figures) > 2
    assert figures == sorted(figures)
    assert all(line.split("\t")[2] in {"yes", "no, better", "cannot be told"} for line in by_channel)
    apart = pd.read_csv(rows)
    assert apart["difference"].abs().is_monotonic_decreasing
    assert apart.columns.tolist()[:3] == ["row", "text", "label"]
    assert run("compare", table, "tf-idf", "--by", "nobody") == 1
    assert "no column 'nobody'" in capsys.readouterr().err
    assert run("compare", table, "tf-idf", "--rows", rows) == 1
    assert "Name another candidate" in capsys.readouterr().err


def test_compare_on_judgements_in_a_file_of_their_own(tmp_path, capsys, monkeypatch):
    """As BEIR lays them out: corpus, queries, and judgements of which one names no text."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    texts = ["The parcel is late.", "A lamp of glass.", "It costs five.", "The cat sleeps."]
    corpus, queries, qrels, output = (tmp_path / name for name in ("corpus.jsonl", "queries.jsonl", "q.tsv", "out.csv"))
    corpus.write_text("".join(f'{{"_id": "d{number}", "text": "{text}"}}\n' for number, text in enumerate(texts)))
    queries.write_text('{"_id": "q1", "text": "my parcel"}\n{"_id": "q2", "text": "how much it costs"}\n')
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\td0\t1\nq2\td2\t2\nq2\td9\t1\n")
    files = ("--queries", queries, "--qrels", qrels, "--top-k", 1, "-o", output)
    assert run("compare", corpus, "tf-idf", *files) == 0
    printed = capsys.readouterr()
    assert "4 texts, with questions about them" in printed.err
    assert "d9 (row 3)" in printed.err
    assert pd.read_csv(output)["nDCG@1"].tolist() == [1.0]
    assert run("compare", corpus, "tf-idf", "--queries", queries) == 1
    assert "Name that, too, with --qrels" in capsys.readouterr().err
    assert run("compare", corpus, "tf-idf", *files, "--known", "labels", "--near-duplicates") == 1
    assert "Leave --known, --near-duplicates away" in capsys.readouterr().err


def test_rows_that_know_of_each_other_are_held_out_together(tmp_path, capsys):
    """Twelve texts, three times with other punctuation: by a column, and by their letters."""
    path = tmp_path / "in.csv"
    texts = [("fruit", f"a ripe {name}") for name in ("apple", "cherry", "lemon", "orange", "plum", "banana")]
    texts += [("tool", f"a steel {name}") for name in ("hammer", "saw", "drill", "wrench", "chisel", "file")]
    lines = [f"{text}{end};{kind};{text[2:]}" for kind, text in texts for end in ("", "!", " ...")]
    path.write_text("\n".join(["text;kind;ticket", *lines]), encoding="utf-8")
    output = tmp_path / "out.csv"
    named = "--text", "text", "--label", "kind"
    assert run("classify", path, *named, "--group", "ticket", "-o", output) == 0
    assert "held out together: 12 groups of 36 labelled rows" in capsys.readouterr().err
    assert pd.read_csv(output)["held_together"].nunique() == 12
    assert run("classify", path, *named, "--near-duplicates") == 0
    assert "held out together: 12 groups of 36 labelled rows" in capsys.readouterr().err
    assert run("classify", path, *named, "--group", "nobody") == 1
    assert "no column 'nobody'. Name one with --group" in capsys.readouterr().err
    assert run("compare", path, "tf-idf", *named, "--group", "ticket", "--near-duplicates", "-o", output) == 0
    said = "kept together by ticket and near-duplicate: 12 groups of 36 texts"
    assert said in capsys.readouterr().err
    assert pd.read_csv(output)["rows"].tolist() == [said]


def test_a_comparison_says_what_is_odd_about_the_table(tmp_path, capsys):
    path = tmp_path / "in.csv"
    rows = [f"text number {i};{'ab'[i % 2]};train" for i in range(12)]
    path.write_text("\n".join(["text;label;split", *rows, "Text number 0;b;test"]), encoding="utf-8")
    assert run("compare", path, "tf-idf", "--text", "text", "--label", "label") == 0
    said = capsys.readouterr().err
    assert "check: 1 text has several labels (rows 1, 13). One of them is wrong" in said
    assert "check: 1 text stands in several parts of split (rows 1, 13)" in said
    assert run("compare", path, "tf-idf", "--split", "nobody") == 1
    assert "no column 'nobody' for its parts" in capsys.readouterr().err


def test_several_labels_in_a_cell_are_guessed_or_asked_for(tmp_path, capsys):
    path, output = tmp_path / "in.csv", tmp_path / "out.csv"
    cells = ["fruit|tool", "fruit", "tool"]
    lines = [f"{cells[i % 3]} number {i};{cells[i % 3]}" for i in range(18)]
    path.write_text("\n".join(["text;kind", *lines]), encoding="utf-8")
    named = "compare", path, "--text", "text", "--label", "kind", "tf-idf"
    assert run(*named, "-o", output) == 0
    assert "18 texts, with one label or several; 0 rows set aside" in capsys.readouterr().err
    assert "Probe overlap" in pd.read_csv(output).columns
    assert run(*named, "static-all-MiniLM-L6-v2", "--rows", output, "--by", "kind") == 0
    assert set(pd.read_csv(output)["label"]) == {"fruit", "tool", "fruit; tool"}
    assert "fruit|tool (6)" in capsys.readouterr().out
    for layout, words in (("labels", "with labels"), ("texts", "about which nothing is known")):
        assert run(*named, "--known", layout) == 0
        assert f"18 texts, {words}" in capsys.readouterr().err
    path.write_text("\n".join(["text", *(line.split(";")[0] for line in lines)]), encoding="utf-8")
    assert run(*named[:2], "tf-idf", "--known", "several") == 1
    assert "Name it with --label" in capsys.readouterr().err


MAILS = (
    "title,body\n"
    'Lamp,"<p>The lamp is dark. The bulb is cold. My parcel never came.</p>"\n'
    "Shop,I love this shop and everything in it\n"
)


def test_columns_are_joined_and_cleaned(tmp_path, capsys):
    table, output = tmp_path / "in.csv", tmp_path / "out.parquet"
    table.write_text(MAILS, encoding="utf-8")
    assert run("encode", table, "--text", "title", "--text", "body", "--clean", "html", "-o", output) == 0
    frame = pd.read_parquet(output)
    assert frame["prepared_text"][0] == "Lamp\n\nThe lamp is dark. The bulb is cold. My parcel never came."
    assert frame["body"][0].startswith("<p>")
    with pytest.raises(SystemExit):
        run("encode", table, "--clean", "magic", "-o", output)
    assert "no cleaning step 'magic'" in capsys.readouterr().err


def test_search_finds_passages_and_names_each_document_once(tmp_path, capsys):
    table, output = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text(MAILS, encoding="utf-8")
    asked = ["search", table, "a late parcel", "--text", "body", "--clean", "html", "--passages", "8"]
    assert run(*asked) == 0
    printed = capsys.readouterr()
    assert "passages of 2 texts" in printed.err
    first, *others = printed.out.splitlines()
    assert first.split("\t")[1:] == ["document 1, passage 3 of 3", "My parcel never came."]
    assert len(others) == 1
    assert run(*asked, "-o", output) == 0
    assert pd.read_csv(output)["document"].tolist() == [1, 2]


def test_of_many_texts_some_are_looked_at(encoder, capsys):
    """And that is said; of fewer, all are."""
    texts = [f"{number} " + "many words and more " * 200 for number in range(12)]
    corpus = el.select_texts(el.read_table("\n".join(["text", *texts]).encode(), name="in.csv"), "text")
    assert len(look_at_unread(encoder, corpus, most=10).parts) == 10
    assert "cuts 10 of 10 texts at 256 tokens" in (said := capsys.readouterr().err)
    assert "Only these were looked at." in said
    assert len(look_at_unread(encoder, corpus).parts) == 12
    assert "cuts 12 of 12" in (said := capsys.readouterr().err)
    assert "Only these" not in said


def test_what_is_cut_is_said(tmp_path, capsys):
    table, output = tmp_path / "in.csv", tmp_path / "out.parquet"
    table.write_text("text\n" + "many words and more " * 200 + "\nA short text of some words\n", encoding="utf-8")
    assert run("encode", table, "--text", "text", "-o", output) == 0
    assert "all-MiniLM-L6-v2 cuts 1 of 2 texts at 256 tokens" in capsys.readouterr().err
    assert run("encode", table, "--text", "text", "--passages", "--overlap", "10", "-o", output) == 0
    frame = pd.read_parquet(output)
    assert frame["document"].tolist()[-1] == "2"
    assert len(frame) == len(frame["embedding"].dropna()) > 3


def test_several_files_are_one_table(tmp_path, capsys):
    for name, texts in (("may.csv", TEXTS[:3]), ("june.csv", TEXTS[3:])):
        (tmp_path / name).write_text("review\n" + "\n".join(texts) + "\n", encoding="utf-8")
    files, output = [tmp_path / "may.csv", tmp_path / "june.csv"], tmp_path / "out.csv"
    assert run("cluster", *files, "--text", "review", "-k", 2, "-o", output) == 0
    written = pd.read_csv(output)
    assert written["file"].tolist() == ["may.csv"] * 2 + ["june.csv"] * 3
    assert run("search", files[0], "delivery", "--text", "review", "--by", "words", "--and", files[1]) == 0
    assert "Where is my delivery?" in capsys.readouterr().out
    # The option may stand before the table, and a second file is never taken for a query.
    assert run("search", "--by", "words", "--text", "review", "--and", files[1], "--", files[0], "delivery") == 0
    assert "Where is my delivery?" in capsys.readouterr().out
    assert run("search", *files) == 1
    assert (
        "june.csv is a file. Say what to look for; further files of the table follow --and" in capsys.readouterr().err
    )
    (tmp_path / "empty.csv").touch()
    assert run("encode", *files, tmp_path / "empty.csv", "-o", tmp_path / "x.npy") == 1
    assert "1 of 3 files cannot be read: empty.csv is empty" in capsys.readouterr().err


def test_a_folder_is_a_table(tmp_path, capsys):
    """A dataset as Hugging Face saves it; a folder of anything else is a sentence."""
    folder = tmp_path / "answers"
    folder.mkdir()
    table = pa.table({"text": TEXTS})
    with pa.ipc.new_stream(folder / "data.arrow", table.schema) as file:
        file.write_table(table)
    assert run("search", folder, "delivery", "--by", "words") == 1
    assert "is a folder, and neither a dataset" in capsys.readouterr().err
    (folder / "dataset_info.json").write_text("{}")
    (folder / "state.json").write_text('{"_data_files": [{"filename": "data.arrow"}]}')
    assert run("search", folder, "delivery", "--by", "words") == 0
    assert "delivery" in capsys.readouterr().out


def test_threshold_says_what_a_cosine_means(capsys):
    """Of the support messages, by their topics; then of one that is named, which loads the same model."""
    sample = sample_path("support_messages")
    assert run("threshold", sample, "--text", "text", "--label", "topic", "--max-rate", 0.02) == 0
    printed = capsys.readouterr()
    figures = {name: value for name, value, _ in (line.split("\t") for line in printed.out.strip().split("\n"))}
    assert list(figures) == ["threshold", "recall", "false matches", "precision"]
    assert float(figures["false matches"]) <= 0.02 < float(figures["recall"])
    assert "do not" in printed.err
    assert run("threshold", sample, "--text", "text", "--label", "topic", "--at", figures["threshold"]) == 0
    again = capsys.readouterr().out.strip().split("\n")
    assert "as asked for" in again[0]
    assert again[1].split("\t")[1] == figures["recall"]
    assert run("threshold", sample, "--text", "text", "--label", "topic", "--share", 2) == 1
    assert "no share of pairs" in capsys.readouterr().err


def test_threshold_from_pairs_and_from_nothing(table, capsys):
    assert run("threshold", sample_path("sentence_pairs"), "--text", "sentence1", "--cut", 3, "--by", "f1") == 0
    assert "pairs belong together" in capsys.readouterr().err
    assert run("threshold", table, "--text", "review") == 1


def test_shape_of_a_space(capsys):
    sample = sample_path("support_messages")
    assert run("shape", sample, "--text", "text", "--label", "topic") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.strip().split("\n")]
    figures = {name: float(value) for name, value, *text in lines if not text}
    assert 1 < figures["effective dimensions"] < 384
    assert 0 < figures["alignment"] < 2
    assert any(name == "hub" for name, *_ in lines)
    assert run("shape", sample, "--text", "text", "--label", "nothing") == 1


def test_cluster_named_by_a_language_model(tmp_path, capsys):
    """One on this machine needs no leave; nothing is sent to another where nobody can agree."""
    table = tmp_path / "in.csv"
    table.write_text("text\nThe parcel is late\nWhere is my parcel?\nI love jazz\nJazz again\n")
    with chat_server() as server:
        assert run("cluster", table, "-k", 2, "--names-by", server.name) == 0
    printed = capsys.readouterr()
    assert sorted(line.split("\t")[2] for line in printed.out.splitlines()) == sorted(
        json.loads(honest(**json.loads(body["messages"][1]["content"])))["name"] for body in server.bodies
    )
    assert "2 texts, such as: " in printed.err
    assert "(written by llama3:8b)" in printed.err
    assert run("cluster", table, "-k", 2, "--names-by", "https://chat.invalid/v1#gpt") == 1
    said = capsys.readouterr().err
    assert "2 requests, one for each cluster, such as: {" in said
    assert "chat.invalid" in said


@pytest.fixture
def elsewhere(monkeypatch):
    """A model server under a name that is not this machine's."""
    real = socket.getaddrinfo
    monkeypatch.setattr("embedlab.encoders.load_encoder", el.load_encoder)
    there = {"models.example": "127.0.0.1"}
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **ways: real(there.get(host, host), *rest, **ways))
    with model_server() as server:
        server.named = f"{server.address.replace('127.0.0.1', 'models.example')}/v1#m"
        yield server


def test_a_hosted_model_is_asked_only_after_the_person_agrees(table, tmp_path, elsewhere, monkeypatch, capsys):
    output = tmp_path / "out.npy"
    command = "encode", table, "--text", "review", "--no-cache", "--model", elsewhere.named, "-o", output
    assert run(*command) == 1
    said = capsys.readouterr().err
    assert "5 texts are sent to models.example" in said
    assert "nobody is here to agree. Say --yes" in said
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "n\n", raising=False)
    assert run(*command) == 1
    assert "Send them? [y/N]" in capsys.readouterr().err
    assert set(elsewhere.texts) == {"dimension"}
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    assert run(*command) == 0
    assert np.load(output).shape == (6, 8)
    assert set(elsewhere.texts) == {"dimension", *TEXTS} - {" "}
    ways = "--text", "review", "--yes"
    assert run("search", table, "parcel", "--top-k", 2, "--no-cache", "--model", elsewhere.named, *ways) == 0
    many = tmp_path / "many.csv"
    many.write_text("review\n" + "".join(f"parcel number {number}\n" for number in range(12)), encoding="utf-8")
    assert run("compare", many, elsewhere.named, *ways) == 0
