"""Search by words: BM25 by hand, words of many scripts, exact ids."""

import random
import sys
import unicodedata
from itertools import groupby
from math import log

import numpy as np
import pytest
import regex

from embedlab.errors import InvalidInputError
from embedlab.search import Hit, LexicalIndex
from embedlab.search.lexical import search_words
from embedlab.texts import word_spans

TEXTS = [
    "The parcel is late",
    "Where is my parcel? My parcel!",
    "I love this shop",
    "Das Paket ist zu spät, die Lieferung auch",
    "parcel",
]


def bm25(texts, query, k1=1.5, b=0.75):
    """The formula as the literature has it, word by word, in float64."""
    documents = [search_words(text) for text in texts]
    lengths = np.array([len(words) for words in documents], dtype=float)
    scores = np.zeros(len(texts))
    for word in search_words(query):
        tf = np.array([words.count(word) for words in documents], dtype=float)
        df = (tf > 0).sum()
        if df:
            idf = log(1 + (len(texts) - df + 0.5) / (df + 0.5))
            scores += idf * tf / (tf + k1 * (1 - b + b * lengths / lengths.mean()))
    return scores


def test_by_hand():
    """Two texts of two words each; "late" stands in one: log(1 + 1.5 / 1.5) * 1 / (1 + 1.5) = 0.2773."""
    assert LexicalIndex(["parcel late", "parcel here"]).search("LATE") == [
        Hit(0, pytest.approx(0.27726, abs=1e-5), "parcel late")
    ]


@pytest.mark.parametrize("query", ["parcel", "my late parcel", "parcel parcel is", "die Lieferung", "nothing of it"])
def test_scores_are_those_of_the_formula(query):
    expected = bm25(TEXTS, query)
    hits = LexicalIndex(TEXTS).search(query)
    assert [hit.index for hit in hits] == [i for i in np.argsort(-expected, kind="stable") if expected[i] > 0]
    np.testing.assert_allclose([hit.score for hit in hits], expected[[hit.index for hit in hits]], rtol=1e-5)
    assert all(hit.text == TEXTS[hit.index] for hit in hits)


def test_scores_of_many_texts_are_those_of_the_formula():
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.5, rng.integers(1, 30)) if i < 500) or "w1" for _ in range(300)]
    expected = bm25(texts, "w1 w7 w20 w400")
    hits = LexicalIndex(texts).search("w1 w7 w20 w400", top_k=300)
    assert len(hits) == (expected > 0).sum()
    np.testing.assert_allclose([hit.score for hit in hits], np.sort(expected)[::-1][: len(hits)], rtol=1e-5)


def test_an_exact_id_comes_first():
    texts = [
        "LABO-288-GLASS: 288 litres, PRO look",
        "We ordered a LABO-288-PRO and it hums",
        "The PRO line: 288 litres, LABO series",
        "labo 288 pro",
    ]
    index = LexicalIndex(texts)
    assert index.search("LABO-288-PRO")[0].index == 1
    assert index.search("labo-288-pro?")[0].index == 1
    assert {hit.index for hit in index.search("288")} == {0, 1, 2, 3}
    assert index.search("LABO-288-PRO", top_k=2)[1].index == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Order A4/2021 by anna.b@example.com", "order a4/2021 a4 2021 by anna.b@example.com anna b example com"),
        ("3.5 or 3,5 or 3, 5", "3.5 3 5 or 3,5 3 5 or 3 5"),
        ("STRASSE straße", "strasse strasse"),
        ("order_id: T-shirt's", "order_id order id t-shirt's t shirt s"),
        ("我想退货 猫", "我想 想退 退货 猫"),
        ("냉장고가 LG냉장고", "냉장 장고 고가 lg 냉장 장고"),
        ("どこ?", "どこ"),
        ("तुम्हारे लिए", "तुम्हारे लिए"),
        ("!? — © 😀", "😀"),
    ],
)
def test_words_of_many_scripts(text, words):
    assert search_words(text) == words.split()


def test_accents_are_found_however_they_are_written():
    index = LexicalIndex([unicodedata.normalize("NFD", "zu spät"), "früh"])
    assert [hit.index for hit in index.search("SPÄT")] == [0]


def test_korean_is_found_with_another_particle():
    index = LexicalIndex(["냉장고가 고장났어요", "배송이 늦어요"])
    assert [hit.index for hit in index.search("냉장고는")] == [0]


def test_rows_limit_the_search_and_keep_the_scores():
    index = LexicalIndex(TEXTS)
    everywhere = index.search("my parcel is")
    some = index.search("my parcel is", rows=[4, 0, 2, 0])
    assert some == [hit for hit in everywhere if hit.index in (0, 2, 4)]
    assert index.search("parcel", rows=np.array([2, 3])) == []
    assert index.search("parcel", top_k=1) == index.search("parcel")[:1]


def test_equal_scores_come_by_position():
    assert [hit.index for hit in LexicalIndex(["same words"] * 7).search("words", top_k=4)] == [0, 1, 2, 3]


def test_texts_without_a_word_are_never_found():
    assert LexicalIndex(["!!!", "…"]).search("anything") == []
    assert [hit.index for hit in LexicalIndex(["!!!", "a word"]).search("word")] == [1]
    assert LexicalIndex(["a word"]).search("?!") == []


def test_what_cannot_be_searched():
    index = LexicalIndex(["one", "two"])
    with pytest.raises(InvalidInputError, match="query is blank"):
        index.search(" \u200b")
    with pytest.raises(InvalidInputError, match="top_k=0"):
        index.search("one", top_k=0)
    with pytest.raises(InvalidInputError, match="rows go from 1 to 2, but there are 2 texts"):
        index.search("one", rows=[1, 2])
    with pytest.raises(InvalidInputError, match="np.flatnonzero"):
        index.search("one", rows=np.array([True, False]))
    with pytest.raises(InvalidInputError, match="rows is empty"):
        index.search("one", rows=[])
    with pytest.raises(InvalidInputError, match="no texts"):
        LexicalIndex([])
    with pytest.raises(InvalidInputError, match="single string"):
        LexicalIndex("ab")


def test_building_tells_its_progress():
    told = []
    LexicalIndex(["text"] * 2500, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2500), (1000, 2500), (2000, 2500)]


def test_words_are_those_of_a_look_at_every_character():
    """The fast expression against the definition: letters, digits, marks, and what cannot be seen between them."""

    # A library may know a newer Unicode than Python: what only one of the two knows cannot be compared.
    known = [point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) != "Cn"]

    def belongs(char):
        return char.isalnum() or unicodedata.category(char)[0] == "M" or is_unseen(char)

    def is_unseen(char):
        return unicodedata.category(char) == "Cf" and char != "\u200b"

    rng = random.Random(0)
    for _ in range(2000):
        pools = [range(32, 127), known[:9000], range(0x300, 0x370), [0x200D, 0xAD, 95], known]
        text = "".join(chr(rng.choice(rng.choice(pools))) for _ in range(rng.randrange(1, 14)))
        if regex.search(r"[\p{Emoji_Presentation}\p{Extended_Pictographic}]", text):
            continue
        spans = []
        for is_word, run in groupby(range(len(text)), key=lambda i: belongs(text[i])):
            places = list(run)
            if is_word and any(text[i].isalnum() for i in places):
                seen = [i for i in places if not is_unseen(text[i])]
                spans.append((seen[0], seen[-1] + 1))
        assert word_spans(text) == spans


def test_marks_without_a_letter_are_no_word_and_take_no_time():
    """Accents heaped without end: looking at the rest of them from each one would take minutes."""
    assert word_spans("\u0301" * 100_000 + " e" + "\u0301" * 1000) == [(100_001, 101_002)]
