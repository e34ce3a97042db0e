"""The document a passage is from, with the passage marked in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.escape import escape_markdown

if TYPE_CHECKING:
    from embedlab.datasets import Corpus

# Characters that are shown on either side of the passage: pages of a book, which a browser lays out at once.
MAX_CHARS = 20_000
_MARKED = ":violet-background[{}]"


def offer(corpus: Corpus, row: int, key: str) -> None:
    """Say where a passage stands, and offer to read its document; nothing where texts are whole."""
    place = corpus.place(row)
    if not place:
        return
    if st.button("Read the document", key=key, icon=":material/menu_book:", help="The whole text, the passage marked."):
        _read(corpus, row)
    st.caption(place.capitalize())


@st.dialog("The document", width="large")
def _read(corpus: Corpus, row: int) -> None:
    text, start, end = corpus.around(row)
    first, last = max(0, start - MAX_CHARS), min(len(text), end + MAX_CHARS)
    st.caption(corpus.place(row).capitalize())
    with st.container(height=460):
        st.markdown(marked(text[first:last], start - first, end - first))
    if last - first < len(text):
        st.caption(f"{MAX_CHARS:,} of {len(text):,} characters on either side of the passage are shown.")


def marked(text: str, start: int, end: int) -> str:
    r"""Return a text in Markdown as it is, its lines as paragraphs, with a part of it marked.

    Examples
    --------
    >>> print(marked("one *two*\n\nthree", 4, 13))
    one :violet-background[\*two\*]
    <BLANKLINE>
    :violet-background[th]ree
    """
    paragraphs, place = [], 0
    for line in text.splitlines(keepends=True):
        # Space at the beginning of a line would mean code.
        words, begin = line.strip(), place + len(line) - len(line.lstrip())
        first, last = (min(max(at - begin, 0), len(words)) for at in (start, end))
        before, inside, behind = map(escape_markdown, (words[:first], words[first:last], words[last:]))
        paragraphs.append(f"{before}{_MARKED.format(inside) if inside else ''}{behind}")
        place += len(line)
    return "\n\n".join(filter(None, paragraphs))
