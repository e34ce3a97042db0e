"""Texts of other people, made harmless for the place where they are shown: Markdown, Plotly, spreadsheets."""

from __future__ import annotations

import html
import re

# Everything Streamlit's Markdown gives a meaning to: emphasis, links, images, code, tables, headings, quotes, lists,
# HTML, $math$, :directives: and :material/icons:. A backslash before ASCII punctuation always means the sign itself.
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")
# Links without brackets are found after the backslashes are gone; an invisible word joiner inside them ends that.
_BARE_LINKS = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\w)|(?<=www)(?=\.)", re.IGNORECASE)
# A digit and a dot or bracket at the start would make a numbered list; the sign behind the digits is escaped above.
_LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# OWASP, "CSV Injection": first characters that make a spreadsheet take a cell for a formula, also full-width.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def escape_markdown(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> escape_markdown("**a** $b$")
    '\\*\\*a\\*\\* \\$b\\$'
    """
    return _MARKDOWN.sub(r"\\\1", _BARE_LINKS.sub("\u2060", _LINE_BREAKS.sub(" ", text)))


def escape_html(text: str, max_chars: int | None = None) -> str:
    """Return a text that HTML, and the HTML-like markup of Plotly, shows as it is, on one line.

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
    flat = _LINE_BREAKS.sub(" ", text)
    if max_chars is not None and len(flat) > max_chars:
        flat = flat[: max_chars - 1] + "…"
    # Plotly shows entities of quotes as they are written; outside of tags, which cannot be, quotes mean nothing.
    return html.escape(flat, quote=False)


def neutralize_formula(text: str) -> str:
    """Return a cell that a spreadsheet does not run: a leading ``'`` is put before what could start a formula.

    Examples
    --------
    >>> neutralize_formula("=1+1"), neutralize_formula("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
