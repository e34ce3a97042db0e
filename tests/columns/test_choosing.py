"""Which column holds the texts and which the labels, in tables as people have them."""

# ruff: noqa: E501 - a table a line

import json

import pandas as pd
import pytest

from embedlab.columns import guess_label_column, guess_text_column
from embedlab.columns.likeness import language_likeness
from embedlab.errors import TableError
from embedlab.samples import SAMPLES, read_sample

SAID = [
    "The parcel never came, and nobody answers.",
    "I love this lamp!",
    "Where is my order? It was due on Monday.",
    "It broke after two days of use.",
    "Refund my money please",
    "Great quality, would buy it again.",
]
LONG = [f"{text} {SAID[(i + 2) % 6]} {SAID[(i + 4) % 6]}" for i, text in enumerate(SAID)]
TOPICS = ["delivery", "praise", "delivery", "quality", "money", "praise"]
AGENTS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.{i} (KHTML, like Gecko) Chrome/{100 + i}.0 Safari/537.36"
    for i in range(6)
]
JSONS = [
    json.dumps({"user": f"u{i}", "note": "the customer said that it is late", "tags": ["a", "b"]}) for i in range(6)
]
NUMBERS = [str(n) for n in range(6)]
SPARSE = ["A very long remark of the agent about all that went wrong with this one. " * 3, "", "", "", "", ""]

# What a table holds and the column of its texts. Each row of six stands twelve times below where it says so.
TABLES = {
    "plain": ({"id": NUMBERS, "text": SAID, "label": TOPICS}, "text"),
    "JSON beside a short text": ({"text": SAID, "payload": JSONS}, "text"),
    "user agents beside a short text": ({"text": SAID, "user_agent": AGENTS}, "text"),
    "one row of six is filled": ({"text": SAID, "internal_note": SPARSE}, "text"),
    "one row filled under a usual name": ({"what": SAID, "comment": SPARSE}, "what"),
    "a usual name on ids": ({"text": [f"T-{i}" for i in range(6)], "said": SAID}, "said"),
    "addresses of pages": ({"link": [f"https://example.com/a/b?text={i}" for i in range(6)], "q": SAID}, "q"),
    "hashes": ({"content_hash": [f"{i:032x}" for i in range(6)], "q": SAID}, "q"),
    "paths": ({"path": [f"/home/anna/data/file {i}/review.txt" for i in range(6)], "q": SAID}, "q"),
    "Windows paths": ({"file": [rf"C:\data\reviews\review{i}.txt" for i in range(6)], "q": SAID}, "q"),
    "e-mail addresses": ({"from": [f"anna.{i}@example.com" for i in range(6)], "q": SAID}, "q"),
    "HTML is fine": ({"body": [f"<p>{t}</p><br/>" for t in SAID], "subject": ["Order", "Hi", "Re", "Broken", "?", "x"]},
                     "body"),
    "title and body": ({"title": ["Late", "Lamp", "Order?", "Broke", "Refund", "Good"], "body": SAID}, "body"),
    "a long title without a body": ({"title": SAID, "views": NUMBERS}, "title"),
    "survey": ({"Respondent ID": NUMBERS, "Collector": ["Web link 1"] * 6, "Open-Ended Response": SAID}, "Open-Ended Response"),
    "survey, two questions": ({"Q1 How satisfied are you?": ["Very satisfied", "Not at all"] * 3, "Q2 Why?": SAID}, "Q2 Why?"),
    "help desk": ({"ticket_id": NUMBERS, "ticket_description": SAID, "agent_reply": ["Hello, we will look into it."] * 6,
                   "ticket_status": ["open", "closed"] * 3}, "ticket_description"),
    "nested JSON": ({"data.id": NUMBERS, "data.text": SAID, "meta.annotator.name": ["Anna Bell", "Bob Hill"] * 3}, "data.text"),
    "chat": ({"messages[].role": ["user", "assistant"] * 3, "messages[].content": SAID}, "messages[].content"),
    "camel case": ({"reviewId": NUMBERS, "reviewText": SAID, "reviewTime": ["May 5, 2014"] * 6}, "reviewText"),
    "dates in words": ({"date": ["Monday, 31 December 2024", "Tuesday, 1 January 2025"] * 3, "q": SAID}, "q"),
    "names of people": ({"customer_name": ["Anna Bell", "Bob Hill", "Cem Kaya", "Dana Fox", "Eve Long", "Fay Moor"],
                         "verbatim": SAID}, "verbatim"),
    "addresses of streets": ({"address": [f"{i} Long Street, London" for i in range(6)], "review": SAID}, "review"),
    "the same long sentence everywhere": ({"disclaimer": [LONG[0]] * 6, "said": SAID}, "said"),
    "Korean": ({"번호": NUMBERS, "내용": ["배송이 너무 늦어요", "조명이 예뻐요", "환불해 주세요", "고장 났어요", "좋아요", "문의합니다"],
                "작성자": ["김영수", "이민지"] * 3}, "내용"),
    "Japanese": ({"名前": ["佐藤", "鈴木"] * 3, "本文": ["荷物が届きません", "とても良い", "返金してください", "壊れました",
                                                 "また買います", "遅いです"]}, "本文"),
    "German": ({"Kundennummer": NUMBERS, "Freitext (optional)": ["Das Paket kam nie an.", "Schöne Lampe!", "", "Kaputt nach zwei Tagen",
                                                          "Geld zurück bitte", "Sehr gut"]}, "Freitext (optional)"),
    "missing words": ({"comment": [*SAID[:5], "N/A"], "extra": ["N/A"] * 5 + [LONG[1]]}, "comment"),
    "log lines": ({"log": [f"level=info user={i} path=/a/b ms={i}" for i in range(6)], "msg": SAID}, "msg"),
    "a type of message": ({"message_type": ["customer complaint email", "phone call note"] * 3, "m": SAID}, "m"),
    "base64": ({"content": ["QmFzZTY0IGlzIG5vdCBsYW5ndWFnZQ" + str(i) for i in range(6)], "t": SAID}, "t"),
}  # fmt: skip


@pytest.mark.parametrize("repeats", [1, 12])
@pytest.mark.parametrize("name", TABLES)
def test_the_column_of_the_texts(name, repeats):
    columns, text = TABLES[name]
    frame = pd.DataFrame({column: cells * repeats for column, cells in columns.items()})
    for order in (list(frame.columns), list(frame.columns)[::-1]):
        guess = guess_text_column(frame[order])
        assert guess.column == text
        assert "characters of language each" in guess.why


def test_the_reason_is_the_one_that_counted():
    named = guess_text_column(pd.DataFrame({"review": SAID}))
    assert named.why == (
        "it is called as texts usually are, and all of its cells are filled, with about 31 characters of language each"
    )
    half = guess_text_column(pd.DataFrame({"x": [*SAID[:3], "", "N/A", " "]}))
    assert half.why.startswith("50% of its cells are filled")


@pytest.mark.parametrize("cells", [["1", "2"], ["2024-01-01", "3"], ['{"a": "some words here"}'] * 2, ["", "NaN"]])
def test_no_column_of_words(cells):
    with pytest.raises(TableError, match="No column of this table holds words"):
        guess_text_column(pd.DataFrame({"text": cells}))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_columns_of_the_samples(name):
    frame = read_sample(name).frame
    assert guess_text_column(frame).column == SAMPLES[name].text_column
    if name == "support_messages":
        assert guess_label_column(frame, "text") == "topic"


LABELS = {
    "a usual name": ({"topic": TOPICS, "shop": ["north", "south"] * 3}, "topic"),
    "numbers under a usual name": ({"label": ["0", "1"] * 3, "n": NUMBERS}, "label"),
    "which part of the data is for tests is no label": ({"split": ["train", "test"] * 3, "about": TOPICS}, "about"),
    "missing words are no second label": ({"topic": ["praise", "N/A"] * 3}, None),
    "one value": ({"topic": ["praise"] * 6}, None),
    "half as many as texts": ({"topic": [f"t{i}" for i in range(6)], "x": NUMBERS}, "topic"),
    "numbers": ({"n": ["1", "2"] * 3}, None),
    "several labels": ({"about": ["a;b", "a", "b;c", "c", "a;c", "b"], "shop": ["x" * 60, "y" * 60] * 3}, "about"),
}


@pytest.mark.parametrize("name", LABELS)
def test_the_column_of_the_labels(name):
    columns, label = LABELS[name]
    frame = pd.DataFrame({"text": [*SAID, *LONG], **{name: cells * 2 for name, cells in columns.items()}})
    assert guess_label_column(frame, "text") == label


def test_a_cell_that_never_ends_is_looked_at_quickly():
    for cell in ("a=" * 100_000, "/a" * 100_000, "<" * 100_000, "a-" * 100_000, "a.b/" * 50_000 + "!"):
        assert 0 <= language_likeness(cell) <= 1
