"""Whatever a text holds, it is shown, written and read as a text: one escape for each place, tried with any text."""

import ast
import csv
import html
import io
import re
import tomllib

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_page import Page, data_of, make_view

from embedlab.comparison import to_markdown
from embedlab.escape import escape_html, escape_markdown, neutralize_formula, printable, quote_python, quote_toml
from embedlab.exports import ClusterSettings, ViewSettings, html_report, snippet, to_csv
from embedlab.exports.settings import EmbeddingSettings, SourceSettings
from embedlab.plots import cost_scatter, ranking_lines
from embedlab.tables import ReadOptions

# Pieces that mean something to somebody, in any order, among any other characters.
PIECES = [
    "<", ">", "&", "&lt;", ";", "<b>", "</b>", "<br>", "<img", "src=x>", "javascript:", ":", "//", "https://",
    "www.", "www", ".com", "a@b.c", "@", "[", "]", "(", ")", "![", "**", "__", "*", "_", "~~", "~=", "`", "```",
    "$", "$$", "#", "-", "--", "->", "<-", "<->", ">=", "<=", "|", "+", "=", "1.", "\\", "{x}", "%{y}", "%{", "}",
    ":red[", ":material/delete:", ":material_x:", ":streamlit:", ":smile:", "'", "\"", "'''", "\"\"\"", "\\N",
    "\\u", "=", "＝", "\t", "\r", "\n", "\x1b[31m", "\x9b", "\x07", "\u202e", "\u2066", "\u2028", "\ufeff",
    "\u200b", "\xa0", "_x003D_",
]  # fmt: skip
ANY = st.lists(st.one_of(st.sampled_from([*PIECES, " "]), st.text(max_size=3)), max_size=12).map("".join)
WITH_HALVES = st.one_of(ANY, st.text(st.characters(exclude_categories=()), max_size=8))

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What Streamlit 1.67 looks for in the words that are left when Markdown is read (remark-gfm, and its own plugins).
FOUND_LATER = [
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE | re.ASCII),
    re.compile(r"([-.a-zA-Z0-9_+]+)@([-a-zA-Z0-9_]+(?:\.[-a-zA-Z0-9_]+)+)"),
    re.compile(r":material_(\w+):|:streamlit:"),
    re.compile(r"(^|\s|\ufeff)(<->|->|<-|--|>=|<=|~=)(\s|\ufeff|$)"),
]
EMOJI = re.compile(r":(?!material/|streamlit:)[\w+-][\w_+-]*:", re.ASCII)


def on_one_line(text):
    """What a person reads: line breaks are spaces, and nothing turns round the direction."""
    flat = re.sub(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", " ", text)
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", flat)


def read_markdown(source):
    """The words of Markdown that holds nothing else."""
    paragraph, inline, end = MARKDOWN.parse(source)
    assert (paragraph.type, end.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    return "".join(child.content for child in inline.children)


@given(ANY)
@settings(max_examples=80)
def test_markdown_shows_the_text_and_nothing_else(text):
    """A parser of Markdown is the oracle; what Streamlit looks for afterwards is taken from its source."""
    escaped = escape_markdown(text)
    shown = read_markdown(f"The text {escaped} ends")
    assert shown.replace("\u2060", "") == f"The text {on_one_line(text)} ends".replace("\u2060", "").replace("\0", "�")
    assert not [pattern for pattern in FOUND_LATER if pattern.search(shown)]
    assert not EMOJI.search(escaped)
    alone = escaped.strip()
    assert not alone or not [p for p in FOUND_LATER if p.search(read_markdown(alone))]


def test_markdown_worked_by_hand():
    assert escape_markdown(":streamlit: a -> b") == "\\:\u2060streamlit\\: a \\-\u2060\\> b"
    assert escape_markdown("x\u202egpj") == "xgpj"
    assert escape_markdown("a->b") == "a\\-\\>b", "only between spaces is it taken for an arrow"


def test_a_text_in_pieces_makes_no_link_where_they_meet():
    """The marked words of a hit are escaped one by one."""
    for text in ("write to me@evil.example", "see www.evil.example"):
        pieces = "".join(map(escape_markdown, re.split(r"\b", text)))
        assert not [pattern for pattern in FOUND_LATER if pattern.search(read_markdown(pieces))]


@given(ANY)
@settings(max_examples=80)
def test_plotly_and_html_show_the_text_and_nothing_else(text):
    escaped = escape_html(text)
    assert not re.search(r"[<>$]|&(?!(?:amp|lt|gt|#36);)", escaped)
    assert html.unescape(escaped) == on_one_line(text)
    assert len(html.unescape(escape_html(text, 5))) <= 5


def test_a_name_is_never_part_of_a_hover_template():
    """``%{y}`` in a name would be replaced by Plotly, were it part of the template."""
    figures = [
        cost_scatter(["a %{y}", "<b>b</b>"], [0.5, 0.6], [10.0, 20.0], [0], "F1"),
        ranking_lines(np.array([0, 1]), np.array([1, 0]), ["a %{y}", "<b>b</b>"], ("%{x}", "<i>")),
    ]
    for figure in figures:
        assert not [trace for trace in figure.data if "a %{y}" in str(trace.hovertemplate)]
        assert "a %{y}" in [text for trace in figure.data for text in (trace.text or ())]
        assert "<b>b" not in figure.to_json().encode().decode("unicode_escape")


@given(WITH_HALVES)
@settings(max_examples=80)
def test_a_terminal_gets_nothing_to_act_on(text):
    said = printable(text)
    assert said.isprintable()
    assert len(said) == len(text)
    assert printable(said) == said


# As Excel and LibreOffice see a cell: a formula, after what they may drop.
STARTS = re.compile("^[\\s\x00-\x1f\x7f\u200b\ufeff]*[=+\\-@＝＋－＠]|^[\t\r\n]")


@given(st.lists(ANY, min_size=1, max_size=5))
@settings(max_examples=80)
def test_no_cell_of_a_csv_starts_a_formula(texts):
    for text in texts:
        safe = neutralize_formula(text)
        assert safe in (text, f"'{text}")
        assert not STARTS.search(safe)
        assert neutralize_formula(safe) == safe
    frame = pd.DataFrame({"=text": texts, "n": -np.arange(len(texts))})
    content = to_csv(frame).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert header == ["'=text", "n"]
    assert [row[0] for row in rows] == [neutralize_formula(text) for text in texts]
    assert [int(row[1]) for row in rows] == frame["n"].tolist(), "our own numbers stay numbers"


@given(WITH_HALVES)
@settings(max_examples=80)
def test_a_text_in_a_program_is_that_text(text):
    expression = ast.parse(quote_python(text), mode="eval").body
    assert isinstance(expression, ast.Constant)
    assert expression.value == text
    assert quote_python(text).isprintable(), "nobody reads another program than Python does"


def program_of(text):
    source = SourceSettings(text, "0" * 64, text, text, ReadOptions(delimiter=";"))
    edits = ClusterSettings("agglomerative", 4, edits=(f"rename 1 to {text}", "merge 0, 2"))
    return snippet(ViewSettings(source, EmbeddingSettings(text, "abc", "mean"), edits))


class Structure(ast.NodeTransformer):
    """A program without its texts."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node


def structure(program):
    return ast.dump(Structure().visit(ast.parse(program)))


@given(WITH_HALVES)
@settings(max_examples=80)
def test_a_snippet_has_the_same_structure_whatever_the_text(text):
    program = program_of(text)
    assert structure(program) == structure(program_of("plain"))
    texts = [node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant)]
    assert text in texts
    assert f"rename 1 to {text}" in texts


@given(ANY)
@settings(max_examples=80)
def test_settings_come_back_as_they_went(text):
    found = ViewSettings(
        SourceSettings(text, "0" * 64, text, text),
        EmbeddingSettings(text, "abc", "mean"),
        ClusterSettings(edits=(text, "merge 1, 2")),
    )
    written = found.to_toml()
    assert ViewSettings.from_toml(written) == found
    assert all(line.isprintable() for line in written.split("\n"))
    assert tomllib.loads(f"a = {quote_toml(text)}") == {"a": text}


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=3))
@settings(max_examples=60)
def test_a_table_in_markdown_keeps_its_cells(cells):
    """The comparison to take away, read by a parser of Markdown: as many cells as there were, all of them words."""
    frame = pd.DataFrame([(a, b, 0.5) for a, b in cells], columns=["candidate", "<b>", "score"])
    tokens = MARKDOWN.parse(to_markdown(frame))
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) == 3 * (len(cells) + 1)
    assert {child.type for token in inline for child in token.children} <= {"text", "text_special"}
    shown = ["".join(child.content for child in token.children).replace("\u2060", "") for token in inline[3:]]
    expected = [on_one_line(text).replace("\u2060", "").replace("\0", "�") for row in cells for text in row]
    assert [re.sub(r"\s", "", text) for number, text in enumerate(shown) if number % 3 < 2] == [
        re.sub(r"\s", "", text) for text in expected
    ]


@given(st.lists(ANY, min_size=4, max_size=4), ANY)
@settings(max_examples=8)
def test_the_report_gets_no_element_and_no_attribute_from_a_text(texts, name):
    plain = Page(html_report(make_view(["one text", "two texts", "three texts", "four texts"]), "Report"))
    view = make_view([f"{number} {text}" for number, text in enumerate(texts)], name=f"{name}.jsonl")
    content = html_report(view, name)
    page = Page(content)
    assert {(tag, *sorted(attributes)) for tag, attributes in page.elements} <= {
        (tag, *sorted(attributes)) for tag, attributes in plain.elements
    }
    assert len(page.all("script")) == 2
    assert data_of(content)["texts"] == view.corpus.texts
    facts = re.search(r"<p>(.*?)</p>", content, re.DOTALL).group(1)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", facts)
