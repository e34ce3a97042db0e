"""Links to every page, what a person then chooses there, and how a page and its address are put into words."""

import re
from urllib.parse import parse_qsl, urlencode

from page_app import open_page, press

TABLE = "dataset=refrigerators&model=tf-idf"
TWO = "candidates=tf-idf,tf-idf~raw"
BY_KIND = [("label:refrigerators", "kind")]
PRESSED = None

VISITS = {
    "Home": [(TABLE, [("text:refrigerators", "product")])],
    "Data": [(f"{TABLE}&source=Paste texts", BY_KIND)],
    "Similarity": [
        (f"{TABLE}&first=one&second=two&matrix_texts=A sample&sample_size=12&ordered=false", BY_KIND),
        (f"{TABLE}&matrix_texts=All texts&matrix_order=Label&rows_of=de&columns_of=en", BY_KIND),
    ],
    "Duplicates": [
        (
            "dataset=support_messages&model=tf-idf&threshold=0.9&keep=The longest text",
            [("label:support_messages", "channel")],
        ),
        (f"{TABLE}&alike=Same words", BY_KIND),
    ],
    "Clusters": [
        (f"{TABLE}&k_by=Chosen&k=3&dimensions=3-D&view=Outliers&n_outliers=7", BY_KIND),
        (f"{TABLE}&method=HDBSCAN&smallest_by=Chosen&smallest=4", BY_KIND),
        (f"{TABLE}&engine=umap-learn&metric=euclidean&densmap=1&label=kind&supervised=1", BY_KIND),
    ],
    "Search": [
        (
            f"{TABLE}&query=a quiet one&top_k=3&by=Both&weight=0.25",
            [("contains", "a"), ("Select these texts", PRESSED)],
        ),
        (f"{TABLE}&query=a quiet one&long=passages&length=16&overlap=4", [("overlap", 2), ("length:tf-idf", 12)]),
    ],
    "Classification": [(f"{TABLE}&labels_view=By label", BY_KIND)],
    "Compare": [
        ("dataset=sentence_pairs&model=tf-idf&candidates=tf-idf", [("second:sentence_pairs:pairs", "relation")]),
        (f"{TABLE}&{TWO}&known=texts", [("Compare", PRESSED), ("reference", "tf-idf~raw")]),
        (f"{TABLE}&{TWO}&hits=3", [("hits", "20")]),
        (f"{TABLE}&{TWO}&run=1&view=Side by side&sides=Maps&select_in=Second map", [("left", "tf-idf~raw")]),
    ],
    "Probes": [
        (
            f"{TABLE}&languages=German&probes=Typing errors,Negation&candidates=tf-idf&run=1",
            [("card_probe", "typo"), ("card_model", "tf-idf")],
        ),
        (f"{TABLE}&contests=Made from your texts&candidates=tf-idf", [("Probe", PRESSED), ("card_probe", "negation")]),
    ],
    "Dimensions": [
        ("dataset=sentence_pairs&model=static-all-MiniLM-L6-v2&vectors=dim64,binary", [("Measure", PRESSED)]),
    ],
    "Stores": [(f"{TABLE}&view=Judge&query=quiet", [("view", "Write")])],
    "Retrieve": [
        (
            f"{TABLE}&query=a quiet one&two=1&b-by=Words&b-k=3&b-order=Best at both ends&b-distinct=1&context=2048",
            [("a-by", "Both"), ("b-length", 16)],
        ),
        (f"{TABLE}&view=Figures&two=1&b-by=Words", [("Judge", PRESSED), ("measure", "recall_at_5")]),
        (f"{TABLE}&view=What pairs cost", []),
    ],
    "Training": [
        (
            "dataset=refrigerators&learn=labels&label=kind&share=30&recipe=batch-hard&epochs=3&frozen=2&dims=64&seed=7",
            [("rate:batch-hard", "2e-05"), ("share", "40")],
        ),
    ],
    "Inside": [
        (
            "dataset=refrigerators&sentence=Hello&layer=2&attention_layer=1&head=3&one=a bank&another=the bank",
            [("pooling:all-MiniLM-L6-v2", "cls")],
        )
    ],
    "Models": [(TABLE, [("model", "static-all-MiniLM-L6-v2")])],
    "Cache": [(TABLE, [("dataset", "sentence_pairs")])],
}
"""For each page links, each with the keys of boxes, or the words of buttons, and what is chosen in them."""

WIDGETS = ("number_input", "segmented_control", "select_slider", "selectbox", "slider", "text_input", "toggle")


def visit(title, link, steps):
    """Follow a link, choose, and return what the choices and the address say meanwhile."""
    app = open_page(title, **dict(parse_qsl(link)))
    lines = [f"opened by {address(app, title)}", *(f"  {line}" for line in _bound(app))]
    for key, value in steps:
        if value is PRESSED:
            press(app, key)
        else:
            next(widget for widget in _widgets(app) if widget.key == key).set_value(value).run()
        assert not app.exception
        lines.append(f"then {key} {value or 'pressed'}: {address(app, title)}")
    return [*lines, f"the menu leads to {address(app, 'Data', menu=True)}"]


def address(app, title, *, menu=False):
    """The address of a page, as it is or as the menu gives it; the random id of a selection is left out."""
    link = next(link.proto for link in app.sidebar.get("page_link") if link.proto.label == title)
    query = link.query_string if menu else urlencode(app.query_params)
    return re.sub("selected=[^&]+", "selected=…", f"/{link.page}?{query}")


def _bound(app):
    """What takes its value from the address: its key and value, and the words there are to choose among."""
    widgets = [widget for widget in _widgets(app) if widget.proto.query_param_key]
    for widget in sorted(widgets, key=lambda widget: widget.proto.query_param_key):
        among = f" of {' | '.join(widget.options)}" if widget.type == "button_group" else ""
        yield f"{widget.proto.query_param_key} = {widget.value!r}{among}"


def _widgets(app):
    return [widget for kind in WIDGETS for widget in getattr(app, kind)]
