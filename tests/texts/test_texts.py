"""Texts before they are embedded: blanks, repeats, digests; and made harmless wherever they are shown."""

import html
import re
from hashlib import blake2b
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.escape import escape_html, escape_markdown, neutralize_formula
from embedlab.texts import Passages, content, is_blank, summarize_texts, texts_digest

BLANK = ["", " ", "\t\n", "\u00a0", "\u200b", "\ufeff", "\x00", "\u2060\u200d", "\u3164", "\u2800", "\u3000"]


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_blank_texts_get_one_vector_and_are_found(encoder, text):
    """The reason for the rule: the model cannot tell any of them from nothing."""
    assert is_blank(text)
    if text not in ("\u3164", "\u2800"):  # letters to the tokenizer, though there is nothing to read
        np.testing.assert_allclose(encoder.encode(text), encoder.encode(""), atol=1e-5)


@pytest.mark.parametrize("text", ["-", "a\u200b", "👍", "한", "\u0301"], ids=ascii)
def test_anything_that_can_be_read_is_kept(text):
    assert not is_blank(text)


def test_summary_worked_by_hand():
    """Seven rows: two blank; 'a' stands three times, so two of its rows are repeats."""
    summary = summarize_texts(["a", " ", "b", "a", "\u200b", "a", "c"])
    assert summary.kept.tolist() == [0, 2, 3, 5, 6]
    assert (summary.n_texts, summary.n_blank, summary.n_repeated) == (7, 2, 2)
    assert summarize_texts([]).n_blank == 0


def test_digest_sees_every_boundary_and_every_character():
    different = [["ab", "c"], ["a", "bc"], ["abc"], ["ab", "c", ""], ["c", "ab"], ["é"], ["e\u0301"], ["\ud800"]]
    assert len({texts_digest(texts) for texts in different}) == len(different)
    assert texts_digest(["ab", "c"]) == texts_digest(("ab", "c"))


def test_markdown_worked_by_hand():
    assert escape_markdown("**bold** [link](http://x)") == r"\*\*bold\*\* \[link\]\(http\:" "\u2060" r"\/\/x\)"
    assert escape_markdown("a\n# b\u2028c") == r"a \# b c"
    assert escape_markdown(":red[x] $a$ <b>") == r"\:red\[x\] \$a\$ \<b\>"


def test_html_worked_by_hand():
    assert escape_html("<b>&'\"") == "&lt;b&gt;&amp;'\""
    assert escape_html("abcdef", max_chars=4) == "abc…"
    assert escape_html("a\r\nb") == "a b"


def test_naughty_strings_survive_the_way_there_and_back(shared_data):
    """Unescaping gives the text again: nothing is lost but turns of direction, nothing is left to interpret."""
    import json

    for text in json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8")):
        flat = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text.replace("\n", " "))
        escaped = escape_html(text)
        assert "<" not in escaped
        assert html.unescape(escaped).split() == flat.split()
        # Outside of backslash pairs no sign of Markdown is left.
        left = escape_markdown(text).replace("\\\\", "")
        assert not [i for i, char in enumerate(left) if char in "*_[]<>`$:#|~" and left[i - 1] != "\\"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1"])
def test_formulas_are_neutralised(text):
    assert neutralize_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["plain", "a=b", "1-2", ""])
def test_other_cells_stay_as_they_are(text):
    assert neutralize_formula(text) == text


@given(texts=st.lists(st.text(max_size=4), max_size=9))
def test_digests_and_blanks_are_what_they_are_text_by_text(texts):
    """However many texts are digested at once, and whatever a text begins with."""
    digest = blake2b(digest_size=32)
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
        assert is_blank(text) == (len(text) == sum(map(is_blank, text)))
    with patch.object(content, "_DIGESTED_AT_ONCE", 2):
        assert texts_digest(texts) == digest.hexdigest()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 12)), max_size=30))
def test_passages_that_overlap_are_found(drawn):
    """Held against every pair: both in one document, with a sign in common; ends rise with beginnings, as they do."""
    rows, furthest = [], {}
    for document, start, length in sorted(drawn):
        furthest[document] = max(furthest.get(document, 0), start + length)
        rows.append((document, start, furthest[document]))
    document, start, end = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    found = Passages([""] * len(rows), document, start, end).overlapping()
    expected = {
        (i, j)
        for i, (of, begin, stop) in enumerate(rows)
        for j, (of_other, begin_other, stop_other) in enumerate(rows)
        if i < j and of == of_other and max(begin, begin_other) < min(stop, stop_other)
    }
    assert set(zip(*(positions.tolist() for positions in found), strict=True)) == expected
