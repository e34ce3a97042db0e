"""Texts of other people, made harmless for the place they go to: Markdown, Plotly, spreadsheets, terminals, Python."""

from __future__ import annotations

import html
import json
import re

# Everything Streamlit's Markdown gives a meaning to: emphasis, links, images, code, tables, headings, quotes, lists,
# HTML, $math$, :directives: and :material/icons:. A backslash before ASCII punctuation always means the sign itself.
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
# What is looked for after the backslashes are gone: links without brackets, icons, the logo, arrows and dashes between
# spaces. An invisible word joiner inside them ends that. A text may be cut before @ or behind www, so these always.
_FOUND_LATER = re.compile(
    r"(?<=:)(?=//|material_|streamlit:)|(?<=@)|(?<=www)|(?<=(?<![^\s\ufeff])[-<>~])(?=(?:-?>|[-=])(?![^\s\ufeff]))",
    re.IGNORECASE,
)
# A digit and a dot or bracket at the start would make a numbered list; the sign behind the digits is escaped above.
_LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Unicode Bidirectional Algorithm, table 4: they turn round what stands behind them, our own words too.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# OWASP, "CSV Injection": first characters that make a spreadsheet take a cell for a formula, also full-width, and
# what a spreadsheet may drop before it looks: spaces, controls, marks without width.
_FORMULA = re.compile("[\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")


def escape_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line; marks that turn round the direction are left out.

    Examples
    --------
    >>> escape_markdown("**a** $b$")
    '\\*\\*a\\*\\* \\$b\\$'
    """
    return _MARKDOWN.sub(r"\\\1", _FOUND_LATER.sub("\u2060", _one_line(text)))


def escape_html(text: str, max_chars: int | None = None) -> str:
    """Return a text that HTML, and the HTML-like markup of Plotly, shows as it is, on one line.

    Marks that turn round the direction are left out.

    Parameters
    ----------
    text : str
    max_chars : int, optional
        A longer text is cut before it is escaped, and ends in ``…``.

    Examples
    --------
    >>> escape_html("<b>bold</b>", max_chars=4)
    '&lt;b&gt;…'
    """
    flat = _one_line(text)
    if max_chars is not None and len(flat) > max_chars:
        flat = flat[: max_chars - 1] + "…"
    # Plotly shows entities of quotes as they are written; outside of tags, which cannot be, quotes mean nothing. In a
    # notebook it sets what stands between two dollars as a formula.
    return html.escape(flat, quote=False).replace("$", "&#36;")


def neutralize_formula(text: str) -> str:
    """Return a cell that a spreadsheet does not run: a leading ``'`` is put before what could start a formula.

    Examples
    --------
    >>> neutralize_formula("=1+1"), neutralize_formula("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def printable(text: str) -> str:
    r"""Replace what a terminal would act on, such as escape sequences, line breaks and directions, by spaces.

    Examples
    --------
    >>> printable("red\x1b[31m alert")
    'red [31m alert'
    """
    return "".join(char if char.isprintable() else " " for char in text)


def quote_python(text: str) -> str:
    r"""Return a text as Python, with double quotes where nothing in it has to be written in numbers.

    Examples
    --------
    >>> print(quote_python('say "hi"'))
    "say \"hi\""
    """
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)


def quote_toml(text: str) -> str:
    r"""Return a text as TOML; what cannot be seen, such as a mark of direction, is written in numbers.

    Examples
    --------
    >>> print(quote_toml("a\u202eb"))
    "a\U0000202Eb"
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in quoted)


def _one_line(text: str) -> str:
    return _DIRECTIONS.sub("", _LINE_BREAKS.sub(" ", text))
