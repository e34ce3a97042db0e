"""Markup to the text a reader sees."""

from __future__ import annotations

import html
import re


def _words(words: str) -> list[str]:
    return words.split()


# Each stands in lines of its own.
_BLOCKS = _words(
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header li main nav ol p pre section table tr ul"
)
_PARAGRAPHS = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}
_CELLS = ("td", "th")
_INLINE = _words(
    "a abbr acronym b big body br button cite code del em font head hr html i img input ins kbd label link mark meta "
    "noscript o:p option s samp script select small span strike strong style sub sup svg tbody textarea tfoot thead "
    "title tt u var video"
)
_NAMES = "|".join(map(re.escape, sorted([*_BLOCKS, *_CELLS, *_INLINE], key=len, reverse=True)))
# A known name right behind the sign, attributes with values, an end: "a < b", "<3", "a<b && c>d", "List<String>" and
# "<me@home.de>" are no tags.
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>=]*=[^<>]*|\s*)/?>|<!--|<!doctype\b", re.IGNORECASE)
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?:\s[^<>=]*=[^<>]*|\s*)/?>|!--|!doctype\b)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NO_ENTITY = re.compile(rf"&(?!{_ENTITY.pattern[1:]})")
# What stands for the end of a line, a block, a paragraph and a cell while white space counts as HTML counts it.
_LINE, _BLOCK, _PARAGRAPH, _CELL = _SIGNS = "\x1c\x1d\x1e\x1f"
_ENDS = re.compile(f"[ {_CELL}]*[{_BLOCK}{_PARAGRAPH}][ {_SIGNS}]*")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def html_to_text(text: str) -> str:
    r"""Return what a reader sees of HTML: tags and comments gone, entities as the signs they mean, blocks as lines.

    A text without a tag or an entity of HTML stays as it is, whatever other ``<`` and ``&`` it holds.

    Examples
    --------
    >>> html_to_text("<p>Fish &amp; chips,<br>3 &lt; 4</p>")
    'Fish & chips,\n3 < 4'
    >>> html_to_text("I <3 it, x < y & List<String>")
    'I <3 it, x < y & List<String>'
    """
    if not _TAG.search(text):
        return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    from selectolax.lexbor import LexborHTMLParser

    # What only looks like a tag or an entity is kept from the parser, which would swallow it.
    if "-->" not in text:
        text = text.replace("<!--", "&lt;!--")
    shown = _NO_ENTITY.sub("&amp;", _NO_TAG.sub("&lt;", text.translate(dict.fromkeys(map(ord, _SIGNS)))))
    tree = LexborHTMLParser(shown)
    tree.strip_tags(["script", "style", "head", "title", "noscript", "svg", "template"])
    for node in tree.css("br, hr"):
        node.insert_before(_LINE)
    for node in tree.css(",".join(_BLOCKS)):
        sign = _PARAGRAPH if node.tag in _PARAGRAPHS else _BLOCK
        node.insert_before(sign)
        node.insert_after(sign)
    for node in tree.css(",".join(_CELLS)):
        node.insert_after(_CELL)
    return "" if tree.body is None else _lines(tree.body.text())


def _lines(text: str) -> str:
    text = _SPACE.sub(" ", text)
    # Blocks that end and begin at one place leave one end of a line, not four.
    text = _ENDS.sub(lambda run: "\n\n" if _PARAGRAPH in run[0] else "\n", text)
    text = re.sub(f" *{_CELL} *", "\t", text)
    return re.sub(f" *{_LINE} *", "\n", text).strip()
