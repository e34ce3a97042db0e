"""A view as one HTML file that opens anywhere: no server, no internet, nothing in it that runs but the map.

The file forbids itself everything by a Content Security Policy: it loads nothing and runs the one script whose digest
stands in it, so that a text which looks like a script stays a text even where an escape were forgotten.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from html import escape
from math import isfinite
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.escape import escape_html
from embedlab.exports import toml
from embedlab.exports.program import snippet
from embedlab.naming import Edit, typical_members
from embedlab.plots.look import color_points
from embedlab.probes import LANGUAGES, find_probe
from embedlab.projection import distance_of
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.exports.view import View
    from embedlab.probes import ReportCard

MAX_POINTS, MAX_TEXTS, TEXT_CHARS = 100_000, 5_000, 300
_TEMPLATE = Path(__file__).with_name("template")
_SECTIONS = {"source": "Table", "embedding": "Embeddings", "clusters": "Clusters", "map": "Map"}
_GRID = 65_535


def html_report(
    view: View,
    title: str,
    *,
    card: ReportCard | None = None,
    max_texts: int = MAX_TEXTS,
    today: date | None = None,
) -> str:
    """Return a view as one HTML page: map, clusters with typical texts, quality, settings, and the program.

    Parameters
    ----------
    view : View
    title : str
    card : ReportCard, optional
        What the model of the view can and cannot do, where it was probed; a section more then.
    max_texts : int, default=5,000
        Of more texts a random sample of that size goes along, cut to 300 characters each. The map shows 100,000 points.
    today : date, optional
        The date on it.

    Returns
    -------
    str
        It needs no other file and loads nothing. A map in three dimensions is drawn by its first two.
    """
    script = _read("map.js")
    policy = (
        f"default-src 'none'; script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'; "
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    data, caption = _map(view, max_texts)
    # Template puts each part in once: a text with a $ in it is not looked at again.
    return Template(_read("page.html")).substitute(
        policy=policy,
        title=escape(title),
        style=_read("page.css"),
        facts=escape_html(_facts(view, today or date.today())),
        caption=escape(caption),
        data=_in_script(data),
        script=script,
        clusters=_clusters(view),
        quality=_quality(view),
        probes="" if card is None else Template(_read("probes.html")).substitute(rows=_probes(card)),
        settings=_settings(view),
        program=escape(snippet(view.settings)),
    )


def _read(name: str) -> str:
    return (_TEMPLATE / name).read_text(encoding="utf-8")


def _in_script(data: dict[str, Any]) -> str:
    """Return data as JSON that ends no script element, whatever its texts say."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")


def _facts(view: View, today: date) -> str:
    source, embedding = view.settings.source, view.settings.embedding
    n_documents, n_blank = view.corpus.n_documents, view.corpus.summary.n_blank
    split = f"{len(view.corpus.texts):,} passages of " if view.corpus.places else ""
    blank = f", {n_blank:,} blank left out" if n_blank else ""
    several = source.further_columns
    column = f"the {'columns' if several else 'column'} {', '.join((source.text_column, *several))}"
    column += f", cleaned ({', '.join(source.cleaning)})," if source.cleaning else ""
    return (
        f"{split}{n_documents:,} {'text' if n_documents == 1 else 'texts'} of {column} of {source.title}{blank}"
        f" · {embedding.model}, {view.embeddings.shape[1]} dimensions · {today:%d %B %Y} · "
        f"EmbedLab {view.settings.version}"
    )


def _map(view: View, max_texts: int) -> tuple[dict[str, Any], str]:
    """Return what the map is drawn from, and what is said below it."""
    coordinates, n_texts = view.projection.coordinates, len(view.corpus.texts)
    names = [view.names[label] for label in view.clustering.labels.tolist()]
    coloring = color_points(names, "Cluster", list(view.names.values()))
    rows = sample_positions(n_texts, MAX_POINTS, random_state=0)
    told = sample_positions(len(rows), max_texts, random_state=0)
    order = {name: number for number, name in enumerate(view.names.values())}
    grid = _on_grid(coordinates[rows, :2])
    data = {
        "points": _packed(grid),
        "size": grid.max(axis=0).tolist(),
        "colors": _packed(coloring.numbers[rows]),
        "clusters": _packed(np.array([order[names[row]] for row in rows.tolist()], dtype="<u2")),
        "told": _packed(told.astype("<u4")),
        "texts": [_cut(view.corpus.captions[row]) for row in rows[told].tolist()],
        "names": list(order),
        "middles": [_middle(grid[view.clustering.labels[rows] == label]) for label in view.names],
        "legend": [[name, coloring.palette[number]] for number, name in enumerate(coloring.names)],
    }
    said = ["Every point is a text. Drag to move, turn the wheel to zoom, point to read."]
    if len(rows) < n_texts:
        said.append(f"The map shows a random sample of {len(rows):,} of {n_texts:,} texts.")
    if len(told) < len(rows):
        said.append(f"The words of a random sample of {len(told):,} texts are in this file.")
    if coordinates.shape[1] == 3:
        said.append("It is the front view of a map in three dimensions.")
    if view.projection.engine != "embedlab":
        said += [f"{view.projection.kind}.", view.projection.caution]
    said.append(view.projection.origin)
    return data, " ".join(filter(None, said))


def _on_grid(flat: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return coordinates on a grid of 65,536 steps, with one scale for both directions."""
    low = flat.min(axis=0)
    return np.round((flat - low) / (np.ptp(flat, axis=0).max() or 1) * _GRID).astype("<u2")


def _middle(own: NDArray[np.uint16]) -> list[int]:
    """Return where a cluster's name is written, and how many points it has."""
    return [*np.median(own, axis=0).astype(int).tolist(), len(own)] if len(own) else [0, 0, 0]


def _packed(array: NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_CHARS else text[: TEXT_CHARS - 1] + "…"


def _clusters(view: View) -> str:
    """Return the rows of the table of clusters."""
    labels, silhouettes = view.clustering.labels, view.clustering.silhouette_samples
    members = typical_members(view.embeddings, labels, n_members=3)
    written = {edit.name: edit for edit in map(Edit.parse, view.settings.clusters.edits) if edit.by}
    rows = []
    for label, name in view.names.items():
        own = labels == label
        typical = "".join(
            f'<li dir="auto">{escape(_cut(view.corpus.captions[row]))}</li>' for row in members.get(label, [])
        )
        rows.append(
            f'<tr><th scope="row" dir="auto">{escape(name)}{_by(written.get(name))}</th><td>{own.sum():,}</td>'
            f"<td>{_figure(float(silhouettes[own].mean()), 2)}</td><td><ul>{typical}</ul></td></tr>"
        )
    return "\n".join(rows)


def _by(edit: Edit | None) -> str:
    """Return what a language model says of a cluster, and that it is the model who says so."""
    return "" if edit is None else f"<p>{escape(edit.summary)} <em>Written by {escape(edit.by)}.</em></p>"


def _quality(view: View) -> str:
    projection, clustering = view.projection, view.clustering
    figures = {
        "Mean silhouette": (
            _figure(clustering.silhouette, 3),
            "From -1 to 1: how much nearer a text lies to its own cluster than to the next. Around 0 clusters run into "
            "each other, as groups of real texts often do.",
        ),
    }
    for k, share in projection.trustworthiness.items():
        figures[f"Trustworthiness of the map, {distance_of(k)}"] = (
            _figure(share, 3),
            f"From 0 to 1: how far the {k} nearest on the map are among the {k} nearest by cosine.",
        )
    return "\n".join(
        f"<tr><th scope='row'>{name}</th><td>{value}</td><td>{said}</td></tr>"
        for name, (value, said) in figures.items()
    )


def _probes(card: ReportCard) -> str:
    """Return the rows of the table of probes."""
    rows = []
    for each in card.scores:
        ends = "{:.2f} to {:.2f}".format(*each.interval) if each.interval else "too few to say"
        cells = LANGUAGES.get(each.language, "Your texts"), f"{each.score:.2f}", ends, f"{each.n_items:,}"
        probe = find_probe(each.probe)
        rows.append(
            f'<tr><th scope="row" title="{escape(probe.asks)}">{escape(probe.title)}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )
    return "\n".join(rows)


def _settings(view: View) -> str:
    sections = asdict(view.settings)
    rows = [
        f'<tr><th scope="row">{title}</th><td>{key.replace("_", " ")}</td><td>{escape(_said(value))}</td></tr>'
        for name, title in _SECTIONS.items()
        for key, value in toml.flat(sections[name]).items()
        if value not in (None, ())
    ]
    return "\n".join(rows)


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _figure(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if isfinite(value) else "not defined"
