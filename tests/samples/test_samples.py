"""The bundled tables hold what their descriptions promise; the csv module serves as an independent reader."""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date

import pytest

from embedlab.errors import InvalidInputError
from embedlab.samples import SAMPLES, read_sample, sample_path

COLUMNS = {
    "support_messages": ["text", "topic", "channel", "date", "priority"],
    "refrigerators": ["id", "text", "kind", "language", "product", "relevant"],
    "sentence_pairs": ["sentence1", "sentence2", "score", "relation"],
}
N_ROWS = {"support_messages": 310, "refrigerators": 123, "sentence_pairs": 100}
BLANKS = ["", " ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"]


def rows(name):
    with sample_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def is_blank(text):
    """Whether a text has nothing to see: only white space and format characters."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


@pytest.fixture(scope="module")
def messages():
    return rows("support_messages")


@pytest.fixture(scope="module")
def products():
    return {row["id"]: row for row in rows("refrigerators") if row["kind"] == "product"}


@pytest.fixture(scope="module")
def questions():
    return [row for row in rows("refrigerators") if row["kind"] == "question"]


@pytest.fixture(scope="module")
def pairs():
    return rows("sentence_pairs")


# The registry


def test_registry_names_its_entries():
    assert list(SAMPLES) == list(COLUMNS)
    assert [sample.name for sample in SAMPLES.values()] == list(SAMPLES)


@pytest.mark.parametrize("name", COLUMNS)
def test_registry_speaks_of_the_file(name):
    sample = SAMPLES[name]
    assert sample_path(name).name == sample.file_name
    assert sample.text_column in COLUMNS[name]
    assert sample.label_column is None or sample.label_column in COLUMNS[name]
    assert sample.license == "Apache-2.0"
    assert sample.description.endswith(".")
    assert sample.good_for.endswith(".")


def test_descriptions_give_the_right_numbers(messages, products, questions, pairs):
    numbers = {name: [int(n) for n in re.findall(r"\d+", sample.description)] for name, sample in SAMPLES.items()}
    assert numbers["support_messages"] == [len(messages), len({row["topic"] for row in messages})]
    assert numbers["refrigerators"] == [len(products), len(questions)]
    assert numbers["sentence_pairs"] == [len(pairs), 0, 5]


@pytest.mark.parametrize("function", [sample_path, read_sample])
def test_unknown_name_lists_the_known_ones(function):
    with pytest.raises(InvalidInputError, match="no sample 'poems'.*support_messages, refrigerators, sentence_pairs"):
        function("poems")


# The files


@pytest.mark.parametrize("name", COLUMNS)
def test_file_is_clean_utf8_with_unix_line_ends(name):
    content = sample_path(name).read_bytes()
    text = content.decode("utf-8")
    assert b"\r" not in content
    assert not text.startswith("\N{BYTE ORDER MARK}")
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_and_rows(name):
    found = rows(name)
    assert len(found) == N_ROWS[name]
    assert all(list(row) == COLUMNS[name] and None not in row.values() for row in found)


@pytest.mark.parametrize("name", COLUMNS)
def test_no_stray_spaces(name):
    """Only the blank texts that are there on purpose begin or end with white space."""
    cells = [line for row in rows(name) for cell in row.values() for line in cell.split("\n")]
    assert {cell for cell in cells if cell != cell.strip()} <= set(BLANKS)


@pytest.mark.parametrize("name", COLUMNS)
def test_read_table_reads_every_cell_as_it_stands(name):
    frame = read_sample(name).frame
    assert list(frame.columns) == COLUMNS[name]
    assert frame.fillna("").to_dict("records") == rows(name)


# Support messages


def test_topics_are_uneven(messages):
    sizes = Counter(row["topic"] for row in messages)
    assert len(sizes) == 12
    assert min(sizes.values()) == 15
    assert 40 <= max(sizes.values()) <= 45


def test_message_metadata(messages):
    assert {row["channel"] for row in messages} == {"email", "chat", "phone", "web form"}
    assert {row["priority"] for row in messages} == {"low", "normal", "high"}
    days = [date.fromisoformat(row["date"]) for row in messages]
    assert days == sorted(days)
    assert {day.year for day in days} == {2026}
    assert len({day.month for day in days}) == 6


def test_blank_and_repeated_messages(messages):
    texts = [row["text"] for row in messages]
    assert sorted(text for text in texts if is_blank(text)) == sorted(BLANKS)
    assert [n for n in Counter(texts).values() if n > 1] == [2, 2, 2]


def test_near_duplicates_are_found_by_the_model(messages, encoder):
    """Six messages were sent again in slightly other words: no other pair of different texts is as similar."""
    texts = sorted({row["text"] for row in messages if not is_blank(row["text"])})
    embeddings = encoder.encode(texts)
    similarities = embeddings @ embeddings.T
    n_pairs = (int((similarities >= 0.85).sum()) - len(texts)) // 2
    assert n_pairs == 6


def test_lengths_of_messages(messages, encoder):
    """Most are short, two are longer than the bundled model can read."""
    lengths = sorted(len(row["text"].split()) for row in messages if not is_blank(row["text"]))
    assert lengths[0] == 4
    assert lengths[-3] <= 60
    assert lengths[-2] >= 300
    assert sum(n > 30 for n in lengths) > 20
    n_tokens = encoder.tokenizer.count([row["text"] for row in messages])
    assert (n_tokens > encoder.max_seq_length).sum() == 2


# Refrigerators


def test_ids_are_unique(products, questions):
    assert len({*products} | {row["id"] for row in questions}) == N_ROWS["refrigerators"]


def test_products_name_their_model(products):
    for row in products.values():
        assert re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)+", row["product"])
        assert row["product"] in row["text"]
        assert row["relevant"] == ""
    assert len({(row["product"], row["language"]) for row in products.values()}) == len(products)
    assert {"LABO-288-PRO", "MEDI-150-GLASS"} <= {row["product"] for row in products.values()}


def test_every_question_has_relevant_products(products, questions):
    for row in questions:
        relevant = row["relevant"].split(" ")
        assert row["product"] == ""
        assert set(relevant) <= products.keys()
        assert len(set(relevant)) == len(relevant)


def test_all_texts_of_a_relevant_model_are_relevant(products, questions):
    for row in questions:
        relevant = set(row["relevant"].split())
        models = {products[id_]["product"] for id_ in relevant}
        assert relevant == {id_ for id_, product in products.items() if product["product"] in models}


def test_a_question_with_a_model_number_is_answered_by_that_model(products, questions):
    names = {row["product"] for row in products.values()}
    asked = [(name, row) for row in questions for name in names if name in row["text"]]
    assert len(asked) >= 5
    for name, row in asked:
        assert {products[id_]["product"] for id_ in row["relevant"].split()} == {name}


def test_languages(products, questions):
    hangul = re.compile(r"[\uac00-\ud7a3]")
    for group, least in ((products.values(), 20), (questions, 12)):
        counts = Counter(row["language"] for row in group)
        assert counts.keys() == {"de", "en", "ko"}
        assert min(counts.values()) >= least
    bare = {row["product"] for row in products.values()}
    for row in [*products.values(), *questions]:
        if row["text"] not in bare:
            assert bool(hangul.search(row["text"])) == (row["language"] == "ko")


def test_some_questions_are_answered_only_in_another_language(products, questions):
    crossing = {
        row["language"]
        for row in questions
        if row["language"] not in {products[id_]["language"] for id_ in row["relevant"].split()}
    }
    assert crossing == {"de", "en", "ko"}


# Sentence pairs

SCORES = {  # the band a careful reader stays in, by relation
    "same meaning": (4.2, 5.0),
    "related": (2.0, 3.5),
    "negated": (1.0, 2.5),
    "typo": (4.6, 5.0),
    "unrelated": (0.0, 0.6),
}


def test_scores_fit_their_relation(pairs):
    assert Counter(row["relation"] for row in pairs) == dict.fromkeys(SCORES, 20)
    for row in pairs:
        low, high = SCORES[row["relation"]]
        assert re.fullmatch(r"\d\.\d", row["score"])
        assert low <= float(row["score"]) <= high


def test_pairs_differ(pairs):
    both = [frozenset((row["sentence1"], row["sentence2"])) for row in pairs]
    assert all(len(pair) == 2 for pair in both)
    assert len(set(both)) == len(both)
