"""Every page with a file that wants to be more than words: nothing fails, and no Markdown holds it as it is."""

import ast
import json
import re

import pytest
from naughty import DAY, FILE, LABEL, LABELS, NUMBER, TAKEN, TEXT, TEXTS, table
from page_app import ROOT, messages, open_page, upload, uploaded
from patience import PATIENCE
from streamlit.testing.v1 import AppTest

from embedlab.escape import escape_markdown
from embedlab.ui.frame import PAGES

# What is read as Markdown of an element; options, cells, code and what was typed are not.
READ_AS_MARKDOWN = ("body", "label", "help", "text", "delta", "title", "caption")
# Parts of our texts that no escape leaves as they are.
LIVE = re.compile(
    r"(?<!\\)<(?:img|script|svg|iframe|style|base|details|a|b)\b|javascript:|(?<!\\)\*\*(?:text|strong|x)|https?://evil"
    r"|www\.evil|me@evil|:streamlit:|:material_?/?delete|\$label\$|[\u202a-\u202e\u2066-\u2069]"
)


@pytest.fixture(scope="module")
def naughty():
    """The id of the file, loaded once for all pages."""
    dataset = uploaded(FILE, table())
    assert dataset not in ("support_messages", None)
    return dataset


def go(naughty, title, **query):
    return open_page(title, dataset=naughty, text=TEXT, label=LABEL, **query)


def nodes(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from nodes(child)


def strings(message):
    """Names and values of all texts of a message, those of the messages in it, too."""
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for each in values:
            if field.message_type is not None and not field.message_type.GetOptions().map_entry:
                yield from strings(each)
            elif isinstance(each, str):
                yield field.name, each


def said(app):
    """All that the page gives to Markdown."""
    for node in nodes(app._tree):
        proto = getattr(node, "proto", None)
        if proto is not None:
            yield from (text for name, text in strings(proto) if name in READ_AS_MARKDOWN)


def assert_inert(app):
    assert not app.exception
    assert [text for text in said(app) if LIVE.search(text)] == []
    for chart in app.get("plotly_chart"):
        spec = json.loads(chart.proto.spec)
        for text in every_text(spec):
            assert not re.search(r"<(?!/?(?:b|br|extra)>)|\$", text), text
        templates = [trace.get("hovertemplate", "") for trace in spec["data"]]
        assert not [template for template in templates if "evil" in template or "alert" in template]


def every_text(spec):
    if isinstance(spec, dict):
        # Arrays of numbers are sent as base64.
        yield from (text for value in spec.values() for text in every_text(value))
    elif isinstance(spec, list):
        yield from (text for value in spec for text in every_text(value))
    elif isinstance(spec, str):
        yield spec


VISITS = {
    "Home": [{}],
    "Data": [{}],
    "Similarity": [{}, {"matrix_texts": "All texts", "matrix_order": "Label"}, {"first": TEXTS[0], "second": TEXTS[1]}],
    "Duplicates": [{}, {"alike": "Same words"}],
    "Clusters": [{"view": view} for view in ("Clusters", "Against the labels", "Outliers", "Stability", "Three maps")],
    "Search": [{"query": text, "by": "Side by side"} for text in (TEXTS[1], "see www.evil.example")],
    "Classification": [{}, {"labels_view": "Confidently wrong"}, {"labels_view": "Unlabelled"}],
    "Compare": [{"run": "1", "candidates": "tf-idf,tf-idf~raw", "view": view} for view in ("Scores", "Side by side")],
    "Probes": [{}, {"run": "1", "candidates": "tf-idf", "contests": "Made from your texts"}],
    "Dimensions": [{}, {"run": "1", "model": "static-all-MiniLM-L6-v2", "vectors": "dim64,<b>*x*</b>"}],
    "Stores": [{}, {"store": "lancedb:///<b>*x*</b>/www.evil.example"}],
    "Retrieve": [
        {"query": text, "a-by": "Words", "two": "1", "a-distinct": "1", "b-distinct": "1"}
        for text in (TEXTS[1], "see www.evil.example")
    ],
    "Training": [{"model": "tf-idf"}, {"hard": "1", "learn": "labels"}],
    "Inside": [{"sentence": text} for text in (TEXTS[1], "see www.evil.example or <b>bold</b> :streamlit: a -> b")],
    "Models": [{}],
    "Cache": [{}],
}


def test_every_page_is_visited():
    assert set(VISITS) == {page.title for page in PAGES}


@pytest.mark.parametrize(
    ("title", "query"), [(title, query) for title, queries in VISITS.items() for query in queries], ids=str
)
def test_nothing_of_a_text_is_interpreted(naughty, title, query, monkeypatch):
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    app = go(naughty, title, **query)
    assert_inert(app)
    assert not messages(app)
    assert app.selectbox(key="dataset").value == naughty


def test_the_check_itself_sees_what_is_not_escaped():
    """A page that forgets every escape is found out, element by element."""

    def page():
        import streamlit as st

        st.caption("of <img src=x>")
        st.multiselect("[column](javascript:alert(1))", ["a"])
        st.metric("Dataset", ":streamlit:", help="**text**")
        st.error("see www.evil.example")
        with st.expander("x\u202egpj"):
            st.subheader("$label$")

    app = AppTest.from_function(page, default_timeout=PATIENCE).run()
    assert len([text for text in said(app) if LIVE.search(text)]) == 7


def test_a_filter_has_the_names_of_the_columns_as_they_are(naughty):
    """Labels of widgets are Markdown; a column called like one of ours is the column."""
    app = go(naughty, "Data")
    columns = next(box for box in app.multiselect if box.label == "Columns")
    app = columns.set_value([LABEL, NUMBER, DAY, *TAKEN]).run()
    assert_inert(app)
    assert not messages(app)
    labels = [element.label for element in [*app.multiselect, *app.slider]]
    assert {escape_markdown(LABEL), escape_markdown(NUMBER), *map(escape_markdown, TAKEN)} <= set(labels)
    chosen = next(box for box in app.multiselect if box.label == escape_markdown(LABEL))
    assert set(chosen.options) == set(LABELS)
    app = chosen.set_value([LABELS[0]]).run()
    assert_inert(app)
    assert any("texts pass the filter" in caption.value for caption in app.caption)


def test_a_name_given_by_hand_stays_a_name(naughty):
    """A cluster that is renamed, and a group, with the worst of names."""
    app = go(naughty, "Clusters")
    app.text_input(key="edit-name").set_value(LABELS[0]).run()
    app = app.button(key="apply-edit").click().run()
    assert_inert(app)
    assert any("So far" in caption.value for caption in app.caption)
    app = go(naughty, "Search", query="alert")
    app = app.button(key="select-hits").click().run()
    app.text_input(key="group-name").set_value(LABELS[1]).run()
    app = app.button(key="put-into-group").click().run()
    assert_inert(app)
    assert app.selectbox(key="group").options[0].startswith(LABELS[1]), "options are words, as they are"


def test_colours_by_every_column(naughty):
    app = go(naughty, "Clusters")
    for column in (LABEL, NUMBER, DAY, "cluster"):
        app = next(box for box in app.selectbox if box.label == "Colour by").set_value(column).run()
        assert_inert(app)


def test_a_file_that_is_no_table_is_refused_without_a_link(naughty):
    app = upload(open_page("Data"), FILE, b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert len(app.error) == 1
    assert_inert(app)


SOURCES = [*(ROOT / "embedlab").rglob("*.py"), ROOT / "app.py", *(ROOT / "pages").glob("*.py")]
# What Streamlit and Plotly offer to have a text interpreted; none of it is needed.
NEVER = {"unsafe_allow_html", "unsafe_allow_javascript", "include_mathjax"}
NEVER_CALLED = {"st.html", "st.iframe", "st.latex", "st.echo", "st.components.v1.html", "st.components.v1.iframe"}
# Calls whose words are Markdown.
SINKS = re.compile(
    "(?:markdown|caption|write|header|subheader|title|info|warning|error|success|toast|metric|spinner|badge|expander"
    "|popover|tabs|button|selectbox|multiselect|slider|text_input|number_input|radio|checkbox|toggle|page_link)"
)
# Where words of other people stand. In a sentence for Markdown they need their escape.
FOREIGN = re.compile(
    r"\.(?:title|name|text|sheet|model|file_name|hub_id)\b(?!\()|\b(?:name|names|word|query|text|texts|label)\b"
    r"|_column\b|classes\["
)
# Ours: titles of methods, poolings, measures, models of the catalog, baselines and pages.
OURS = re.compile(
    r"(?:PROJECTION_METHODS|CLUSTER_METHODS|POOLING_MODES|MEASURES|BASELINES)\[|\b(?:card|sample|entry|page|kind|method)\."
    r"|\b(?:pooling_title|token_name|len)\("
)


def test_no_way_round_the_escapes():
    """Read in the source, so that a new sentence with somebody's words in it is found before anybody opens the page."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            allowed = {keyword.arg for keyword in call.keywords} & NEVER or {ast.unparse(call.func)} & NEVER_CALLED
            found += [f"{path.name}:{call.lineno}: {', '.join(allowed)}"] if allowed else []
            if isinstance(call.func, ast.Attribute) and SINKS.fullmatch(call.func.attr):
                found += [f"{path.name}:{call.lineno}: {source}" for source in unescaped(call, tree)]
    assert not found


def unescaped(call, tree):
    """Words of other people in the sentences of a call, without their escape."""
    words = [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg in ("label", "body", "help"))]
    for part in (part for word in words for part in ast.walk(word)):
        if isinstance(part, ast.FormattedValue) and part.format_spec is None:
            source = ast.unparse(part.value)
            made = " ".join(ast.unparse(node) for node in ast.walk(tree) if assigns(node, source.split("[")[0]))
            if FOREIGN.search(source) and not OURS.search(source) and "escape_markdown" not in source + made:
                yield source


def assigns(node, name):
    return isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets)


def test_the_reading_of_the_source_sees_what_is_not_escaped():
    tree = ast.parse('st.caption(f"{selection.dataset.title} has {n:,} rows of {escape_markdown(file.name)}")')
    assert list(unescaped(tree.body[0].value, tree)) == ["selection.dataset.title"]
    tree = ast.parse('names = ", ".join(found.classes)\nst.caption(f"Left out: {names}")')
    assert list(unescaped(tree.body[1].value, tree)) == ["names"]
