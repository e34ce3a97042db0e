"""Words in many scripts: what is seen is what is found, however it is written."""

import unicodedata

import pytest
from writings import NAMES, PARCEL, TEXTS

from embedlab.datasets import Filter, matching_rows
from embedlab.naming import name_clusters
from embedlab.search import LexicalIndex
from embedlab.texts import fold, in_pairs, word_spans

FOUND = {
    "ثلاجة الثلاجة": ["Arabic", "Arabic with vowels", "Arabic, stretched"],
    "המקרר": ["Hebrew", "Hebrew with points"],
    "דו״ח": ["Hebrew"],
    "냉장고": ["Korean", "Korean in letters"],
    "물": ["Korean", "Korean in letters"],
    "フリッジ レイゾウコ": ["Japanese, half as wide"],
    "冷": ["Japanese", "Chinese"],
    "𠮷": ["Chinese beyond the plane"],
    "फ़्रिज": ["Hindi", "Hindi with joiners"],
    "श्रीमान": ["Hindi with joiners"],
    "نمیشود": ["Persian"],
    "ψυγείο": ["Greek", "Greek in capitals"],
    "ΨΥΓΕΙΟ": ["Greek", "Greek in capitals"],
    "еще": ["Russian"],
    "น้ำ": ["Thai"],
    "ARRIVÉ": ["French, decomposed"],
    "Paketzentrum": ["German with a soft hyphen"],
    "istanbul": ["Turkish"],
    "kiện": ["Vietnamese"],
    "288": ["Wide"],
    "📦": ["Emoji", "Emoji joined"],
    "👩‍👩‍👧‍👦": ["Emoji joined"],
    "🇩🇪": ["Emoji joined"],
    "where": ["Turned round"],
    "소포": ["Mixed"],
}


@pytest.fixture(scope="module")
def index():
    return LexicalIndex(TEXTS)


@pytest.mark.parametrize("query", FOUND)
def test_words_are_found_as_they_are_seen(index, query):
    assert sorted(hit.index for hit in index.search(query, 50)) == [NAMES.index(name) for name in FOUND[query]]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_form_of_unicode_makes_no_difference(index, form):
    """Whoever types a query or a filter does not see in which form the text is."""
    for query in ("냉장고", "arrivé", "kiện", "фридж ещё", "फ़्रिज"):
        typed = unicodedata.normalize(form, query)
        assert [hit.index for hit in index.search(typed)] == [hit.index for hit in index.search(query)] != []
    for contained, row in (
        ("냉장고에서", "Korean in letters"),
        ("ARRIVÉ À", "French, decomposed"),
        ("kiện", "Vietnamese"),
    ):
        typed = unicodedata.normalize(form, contained)
        found = matching_rows({"text": TEXTS}, [Filter("text", contains=typed)]).tolist()
        assert NAMES.index(row) in found


def test_folding_twice_changes_nothing_and_leaves_no_mark_that_is_left_out():
    for text in TEXTS:
        folded = fold(text)
        assert fold(folded) == folded == unicodedata.normalize("NFKC", folded)
        assert fold(unicodedata.normalize("NFD", text)) == folded
        assert not any(unicodedata.category(char) == "Cf" for char in folded)


def test_words_of_a_text_are_those_of_its_other_forms():
    for text in TEXTS:
        words = [fold(text[start:end]) for start, end in word_spans(text)]
        other = unicodedata.normalize("NFD", text)
        assert [fold(other[start:end]) for start, end in word_spans(other)] == words
        assert "".join(part for word in words for part in in_pairs(word)[:1])[:1] == words[0][:1]


def test_emoji_are_words_with_all_that_changes_them():
    text = PARCEL["Emoji joined"]
    assert [text[start:end] for start, end in word_spans(text)] == text.split(" ")
    assert word_spans("© 2024 → ™") == [(2, 6)]
    assert name_clusters(["📦😡", "📦", "👍", "👍🏽 👍"], [0, 0, 1, 1], n_words=1) == {0: "📦", 1: "👍"}
