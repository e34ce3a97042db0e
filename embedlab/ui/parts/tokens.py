"""Tokens on the page: as coloured pieces, as a table, and by name in a sentence."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.texts import word_spans

if TYPE_CHECKING:
    from embedlab.inspection import Inspection, Token
    from embedlab.search import TokenMatch

_COLORS = {
    "piece of the sentence": "blue",
    "added by the tokenizer": "gray",
    "prompt": "orange",
    "cut": "red",
}
# From far to near; Markdown knows no shades, so the strongest of four are a background and bold.
_SHADES = ("{}", ":violet[{}]", ":violet-background[{}]", ":violet-background[**{}**]")
_UNKNOWN = {"[UNK]", "<unk>"}
_NAMED_WORDS = 5


def show_tokens(inspection: Inspection) -> None:
    """Show the pieces a sentence is split into, and what does not fit."""
    n_cut, limit = len(inspection.tokens) - len(inspection.kept), inspection.max_seq_length
    split = {
        inspection.text[start:end]: n_pieces
        for start, end in word_spans(inspection.text)
        if (n_pieces := len(inspection.pieces_of(start, end))) > 1
    }
    st.markdown(token_chips(inspection))
    words = [f"“{escape_markdown(word)}” became {n} pieces" for word, n in list(split.items())[:_NAMED_WORDS]]
    more = [f"{len(split) - _NAMED_WORDS} more words were split"] if len(split) > _NAMED_WORDS else []
    kinds = dict.fromkeys(_kind(token) for token in inspection.tokens)
    st.caption(
        f"{len(inspection.tokens)} of at most {limit} tokens. "
        + (f"{'; '.join([*words, *more])}. " if split else "No word had to be split. ")
        + (f"The last {n_cut} tokens of the text do not fit, and the model never sees them. " if n_cut else "")
        + "Colours: "
        + ", ".join(f":{_COLORS[kind]}[{kind}]" for kind in kinds)
        + "."
    )


def show_ids(inspection: Inspection) -> None:
    """List the tokens with their ids."""
    tokens = inspection.tokens
    table = pd.DataFrame(
        {
            "Position": range(1, len(tokens) + 1),
            "Token": [token.piece for token in tokens],
            "Id": [token.id for token in tokens],
            "Kind": [_kind(token) for token in tokens],
            "In the sentence": [inspection.text[token.start : token.end] for token in tokens],
        }
    )
    st.dataframe(table, hide_index=True, height=min(36 + 35 * len(table), 320), alt="The tokens and their ids")
    n_unknown = sum(token.piece in _UNKNOWN for token in tokens)
    st.caption(
        f"{len(tokens)} tokens, {table['Id'].nunique()} different ids: a token has the same id wherever it stands. "
        "From here on the model sees numbers only."
        + (f" Tokens it has no piece for, and reads as unknown: {n_unknown}." if n_unknown else "")
    )


def token_chips(inspection: Inspection, marked: Collection[int] = ()) -> str:
    """Return the tokens as coloured pieces in Markdown, some of them marked."""
    chips = []
    for position, token in enumerate(inspection.tokens):
        color = "violet" if position in marked else _COLORS[_kind(token)]
        piece = escape_markdown(token.piece)
        chips.append(f":{color}-badge[{f'~~{piece}~~' if token.is_cut else piece}]")
    return " ".join(chips)


def match_markdown(match: TokenMatch, max_chars: int = 4000) -> str:
    """Return a text in Markdown with its words shaded by how near they are to the query, the nearest strongest.

    Nearness is taken between the farthest and the nearest word of this text: models differ in what is a high cosine.
    """
    words = match.words()
    low, high = (limit(word.score for word in words) for limit in (min, max))
    parts, done = [], 0
    for word in sorted(words, key=lambda word: word.start):
        if done <= word.start and word.end <= max_chars:
            nearness = (word.score - low) / (high - low) if high > low else 1.0
            shade = _SHADES[min(int(nearness * len(_SHADES)), len(_SHADES) - 1)]
            parts += [escape_markdown(match.text[done : word.start])]
            parts += [shade.format(escape_markdown(match.text[word.start : word.end]))]
            done = word.end
    rest = match.text[done:max_chars]
    return "".join([*parts, escape_markdown(rest)]) + ("…" if len(match.text) > max_chars else "")


def token_name(inspection: Inspection, position: int) -> str:
    """Return a token in Markdown with its position, since tokens repeat."""
    return f"**{escape_markdown(inspection.kept[position].piece)}** (token {position + 1})"


def _kind(token: Token) -> str:
    if token.is_cut:
        return "cut"
    if token.is_special:
        return "added by the tokenizer"
    return "prompt" if token.is_prompt else "piece of the sentence"
