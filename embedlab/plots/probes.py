"""Models on probes: what each can and cannot do, as a table of colours whose cells can be clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedlab.escape import escape_html
from embedlab.plots.look import ACCENT, HOVER_CHARS, LABEL_CHARS, diverging_colorscale, readable, style
from embedlab.probes import CHANCE, LANGUAGES, ProbeScore, ReportCard, find_probe

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure, Heatmap, Scatter


class _Cell(NamedTuple):
    """A score and where it stands."""

    x: int
    y: int
    model: str
    score: ProbeScore


def probe_heatmap(
    cards: Mapping[str, ReportCard], chosen: tuple[str, str, str] | None = None, *, dark: bool = False
) -> Figure:
    """Draw the score of each model (down) in each probe (across), a block of rows for each language.

    Parameters
    ----------
    cards : dict of str to ReportCard
        Of the same contests, by the name of the model.
    chosen : (str, str, str), optional
        Model, probe and language of the cell that is framed.
    dark : bool, default=False
        Whether the page is dark.

    Returns
    -------
    Figure
        Blue above chance and orange below it, the more so the farther away. A click on a cell selects a point whose
        ``customdata`` are model, probe and language.
    """
    import plotly.graph_objects as go

    scores = [(model, each) for model, card in cards.items() for each in card.scores]
    languages = list(dict.fromkeys(each.language for _, each in scores))
    probes = list(dict.fromkeys(each.probe for _, each in scores))
    # Where there are several languages, the name of each takes a row of its own.
    heads = [[f"<b>{LANGUAGES.get(language, language)}</b>"] if len(languages) > 1 else [] for language in languages]
    labels = [label for head in heads for label in (*head, *(escape_html(model, LABEL_CHARS) for model in cards))]
    models, n_rows = list(cards), len(labels) // len(languages)
    cells = [
        _Cell(
            probes.index(each.probe),
            languages.index(each.language) * n_rows + n_rows - len(models) + models.index(model),
            model,
            each,
        )
        for model, each in scores
    ]
    colors = np.full((len(labels), len(probes)), np.nan)
    for cell in cells:
        colors[cell.y, cell.x] = cell.score.score
    figure = go.Figure([*readable(_colors(colors, dark=dark)), _points(cells)])
    figure.update_xaxes(tickvals=np.arange(len(probes)), ticktext=[find_probe(probe).title for probe in probes])
    figure.update_xaxes(range=[-0.5, len(probes) - 0.5], side="top", tickangle=40)
    figure.update_yaxes(tickvals=np.arange(len(labels)), ticktext=labels, range=[len(labels) - 0.5, -0.5])
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(fixedrange=True, showgrid=False, zeroline=False, automargin=True)
    for cell in cells:
        if chosen == (cell.model, cell.score.probe, cell.score.language):
            frame = {"x0": cell.x - 0.5, "x1": cell.x + 0.5, "y0": cell.y - 0.5, "y1": cell.y + 0.5}
            figure.add_shape(type="rect", line={"color": ACCENT, "width": 3}, **frame)
    # Wherever one clicks, the nearest point is that of the cell under the pointer.
    figure.update_layout(hovermode="closest", hoverdistance=-1, dragmode=False)
    return style(figure, height=150 + 32 * len(labels))


def _colors(scores: NDArray[np.float64], *, dark: bool) -> Heatmap:
    """Return the cells; those without contests are left out."""
    import plotly.graph_objects as go

    return go.Heatmap(
        z=scores,
        zmin=0,
        zmax=2 * CHANCE,
        colorscale=diverging_colorscale(dark=dark),
        reversescale=True,
        texttemplate="%{z:.2f}",
        showscale=False,
        xgap=1,
        ygap=1,
        hoverinfo="skip",
    )


def _points(cells: Sequence[_Cell]) -> Scatter:
    """Return an invisible point for each cell, since Plotly tells of no click on a heatmap."""
    import plotly.graph_objects as go

    return go.Scatter(
        x=[cell.x for cell in cells],
        y=[cell.y for cell in cells],
        mode="markers",
        marker={"symbol": "square", "size": 22, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        customdata=[[cell.model, cell.score.probe, cell.score.language] for cell in cells],
        text=[_said(cell) for cell in cells],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def _said(cell: _Cell) -> str:
    """Return what the box under the pointer says of a cell."""
    score, ends = cell.score, cell.score.interval
    where = f", {LANGUAGES[score.language]}" if score.language in LANGUAGES else ""
    interval = f"95 % interval {ends[0]:.2f} to {ends[1]:.2f}" if ends else "too few for an interval"
    return (
        f"{escape_html(cell.model, HOVER_CHARS)}<br>{find_probe(score.probe).title}{where}<br>"
        f"<b>{score.score:.2f}</b> of {score.n_items:,} contests passed, {interval}<br>"
        f"chance {CHANCE}, mean margin {score.margin:+.3f}"
    )
