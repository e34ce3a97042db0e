"""Arrays in, Plotly figures out. Every text of a person is escaped; no figure depends on a global template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.escape import escape_html
from embedlab.palette import ACCENT, CATEGORICAL, NOISE_COLOR, SEQUENTIAL, category_colors, colorscale

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

MAX_CATEGORIES = 30
_HOVER_CHARS, _LABEL_CHARS = 220, 42
_MAX_CELL_VALUES = 16
_NO_FILL = "rgba(0,0,0,0)"


def similarity_heatmap(similarity: NDArray[np.float32], texts: Sequence[str]) -> Figure:
    """Draw the cosines of texts with each other as a matrix.

    Parameters
    ----------
    similarity : float array of shape (n, n)
    texts : sequence of str of length n

    Returns
    -------
    Figure
        The colours run from 0 to 1 in every matrix, so that two of them can be compared; values below 0 look like 0
        and are named by the hover. Up to 16 texts the values are written into the cells.
    """
    import plotly.graph_objects as go

    labels = [escape_html(f"{row + 1}  {text}", _LABEL_CHARS) for row, text in enumerate(texts)]
    full = np.array([escape_html(text, 90) for text in texts], dtype=object)
    both = np.stack(np.broadcast_arrays(full[:, None], full[None, :]), axis=-1)
    positions = np.arange(len(texts))
    heatmap = go.Heatmap(
        z=similarity, x=positions, y=positions, customdata=both, zmin=0, zmax=1, colorscale=colorscale(SEQUENTIAL),
        texttemplate="%{z:.2f}" if len(texts) <= _MAX_CELL_VALUES else None,
        hovertemplate="<b>%{z:.3f}</b><br>%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        colorbar={"title": {"text": "Cosine"}, "thickness": 12, "outlinewidth": 0},
    )  # fmt: skip
    figure = go.Figure(heatmap)
    # Up to 60 rows every text is written beside its row; more would run into each other.
    shown = positions if len(texts) <= 60 else positions[:0]
    figure.update_xaxes(showgrid=False, showticklabels=False, constrain="domain")
    figure.update_yaxes(
        showgrid=False, autorange="reversed", tickvals=shown, ticktext=[labels[i] for i in shown], scaleanchor="x",
        constrain="domain", automargin=True,
    )  # fmt: skip
    return _style(figure, height=min(900, max(380, 14 * len(texts) + 120)))


def point_map(
    coordinates: NDArray[np.float32],
    *,
    texts: Sequence[str],
    colors: Sequence[str] | NDArray[Any] | None = None,
    color_title: str = "",
    category_order: Sequence[str] | None = None,
    highlight: NDArray[np.int64] | None = None,
    highlight_title: str = "Highlighted",
) -> Figure:
    """Draw texts as points.

    Parameters
    ----------
    coordinates : float32 array of shape (n, 2) or (n, 3)
    texts : sequence of str of length n
        Shown when the mouse is over a point.
    colors : sequence of length n, optional
        Category of each point, or numbers, which get a colour bar. Past 30 categories the smaller ones are one grey.
    color_title : str
    category_order : sequence of str, optional
        Fixes which category gets which colour; by falling size when not given.
    highlight : int array, optional
        Positions drawn large; with no ``colors`` the rest stays visible in grey.
    highlight_title : str

    Returns
    -------
    Figure
        ``customdata`` of every point holds its position.
    """
    import plotly.graph_objects as go

    rows = np.arange(len(coordinates))
    hover = np.array([escape_html(text, _HOVER_CHARS) for text in texts], dtype=object)
    size = float(np.clip(14 - 2.2 * np.log10(max(len(rows), 1)), 3, 9))
    figure = go.Figure()

    def add(name: str, chosen: NDArray[np.int64], **marker: Any) -> None:  # noqa: ANN401 - Plotly's own options
        marker = {"size": size, "opacity": 0.85, "line": {"width": 0}, **marker}
        figure.add_trace(_points(coordinates[chosen], chosen, hover[chosen], escape_html(name, _LABEL_CHARS), marker))

    if colors is None:
        rest = np.setdiff1d(rows, highlight) if highlight is not None else rows
        add("Other texts", rest, color=NOISE_COLOR, opacity=0.35)
    elif (numbers := _as_numbers(colors)) is not None:
        bar = {"title": {"text": escape_html(color_title, _LABEL_CHARS)}, "thickness": 12, "outlinewidth": 0}
        add(color_title, rows, color=numbers, colorscale=colorscale(SEQUENTIAL[2:]), colorbar=bar, showscale=True)
    else:
        for name, chosen, color in _categories(np.asarray(colors, dtype=object), category_order):
            add(name, chosen, color=color)
    if highlight is not None:
        add(highlight_title, highlight, color=ACCENT, size=size + 5, opacity=1, line={"width": 1, "color": "white"})
    return _style_map(figure, coordinates.shape[1], escape_html(color_title, _LABEL_CHARS))


def token_length_histogram(lengths: NDArray[np.int64], limit: int) -> Figure:
    """Draw how long texts are in tokens, the part beyond the model's limit in another colour.

    Parameters
    ----------
    lengths : int array of shape (n,)
    limit : int
        Longest input of the model; longer texts are cut.
    """
    import plotly.graph_objects as go

    # Bins of one width on both sides, with an edge just behind the limit.
    longest = max(int(lengths.max(initial=1)), 1)
    width = max(1, -(-longest // 40))
    first = (limit + 1) % width - width
    edges = np.arange(first, longest + width + 1, width)
    counts, _ = np.histogram(lengths, edges)
    is_cut = edges[:-1] > limit
    figure = go.Figure()
    for name, part, color in (("Fits", ~is_cut, CATEGORICAL[0]), ("Cut", is_cut, ACCENT)):
        if part.any():
            figure.add_trace(
                go.Bar(
                    x=edges[:-1][part] + width / 2,
                    y=counts[part],
                    width=width * 0.94,
                    name=name,
                    marker={"color": color},
                    customdata=np.stack([np.maximum(edges[:-1], 1), edges[1:] - 1], axis=1)[part],
                    hovertemplate="%{customdata[0]} to %{customdata[1]} tokens: %{y} texts<extra></extra>",
                )  # fmt: skip
            )
    if longest > limit * 0.6:
        figure.add_vline(
            x=limit + 1, line={"dash": "dash", "width": 1, "color": NOISE_COLOR}, annotation_text=f"limit {limit}"
        )
    figure.update_xaxes(title="Tokens in a text", range=[0, edges[-1]])
    figure.update_yaxes(title="Texts")
    figure.update_layout(barmode="overlay", showlegend=bool(is_cut.any()))
    return _style(figure, height=280)


def silhouette_curve(candidates: Sequence[tuple[int, float]], n_clusters: int) -> Figure:
    """Draw the mean silhouette for each number of clusters that was tried, with the one in use marked."""
    import plotly.graph_objects as go

    numbers, values = np.array([k for k, _ in candidates]), np.array([value for _, value in candidates])
    hover = "%{x} clusters: %{y:.3f}<extra></extra>"
    figure = go.Figure(
        go.Scatter(
            x=numbers, y=values, mode="lines+markers", line={"color": CATEGORICAL[0]}, hovertemplate=hover, name="Tried"
        )
    )
    used = numbers == n_clusters
    figure.add_trace(
        go.Scatter(
            x=numbers[used],
            y=values[used],
            mode="markers",
            name="In use",
            hovertemplate=hover,
            marker={"size": 14, "color": ACCENT},
        )
    )
    figure.update_xaxes(title="Number of clusters")
    figure.update_yaxes(title="Mean silhouette")
    return _style(figure, height=320)


def contingency_heatmap(contingency: pd.DataFrame) -> Figure:
    """Draw how many rows of each known group (rows) fall into each cluster (columns)."""
    import plotly.graph_objects as go

    counts = contingency.to_numpy()
    names = [
        [escape_html(str(name), _LABEL_CHARS) for name in axis] for axis in (contingency.index, contingency.columns)
    ]
    positions = [np.arange(len(axis)) for axis in names]
    hover = np.stack(np.broadcast_arrays(np.array(names[0])[:, None], np.array(names[1])[None, :]), axis=-1)
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=positions[1],
            y=positions[0],
            customdata=hover,
            colorscale=colorscale(SEQUENTIAL),
            zmin=0,
            texttemplate="%{z}" if counts.size <= 900 else None,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br><b>%{z}</b> texts<extra></extra>",
        )  # fmt: skip
    )
    figure.update_xaxes(tickvals=positions[1], ticktext=names[1], tickangle=-35, automargin=True, showgrid=False)
    figure.update_yaxes(tickvals=positions[0], ticktext=names[0], autorange="reversed", automargin=True, showgrid=False)
    return _style(figure, height=max(320, 28 * len(names[0]) + 160))


def _points(
    coordinates: NDArray[np.float32], rows: NDArray[np.int64], hover: NDArray[Any], name: str, marker: dict[str, Any]
) -> Any:  # noqa: ANN401 - one of two trace types
    import plotly.graph_objects as go

    shared = {
        "name": name,
        "text": hover,
        "customdata": rows[:, None],
        "mode": "markers",
        "hovertemplate": "%{text}<extra></extra>",
    }
    x, y = np.ascontiguousarray(coordinates[:, 0]), np.ascontiguousarray(coordinates[:, 1])
    if coordinates.shape[1] == 3:
        marker = {**marker, "size": marker["size"] * 0.6}
        return go.Scatter3d(x=x, y=y, z=np.ascontiguousarray(coordinates[:, 2]), marker=marker, **shared)
    # Points left out of a selection stay visible.
    return go.Scattergl(x=x, y=y, marker=marker, unselected={"marker": {"opacity": 0.15}}, **shared)


def _categories(values: NDArray[Any], order: Sequence[str] | None) -> list[tuple[str, NDArray[np.int64], str]]:
    """Return name, positions and colour of each category; the smallest past the thirtieth are put together."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    by_size = [str(names[i]) for i in np.argsort(-counts, kind="stable")]
    colors = category_colors(order if order is not None else by_size)
    kept = by_size if len(by_size) <= MAX_CATEGORIES else by_size[: MAX_CATEGORIES - 1]
    shown = [name for name in (order if order is not None else kept) if name in set(kept)]
    values = values.astype(str)
    found = [(name or "(empty)", np.flatnonzero(values == name), colors[name]) for name in shown]
    others = np.flatnonzero(~np.isin(values, kept))
    return [*found, (f"{len(by_size) - len(kept)} others", others, NOISE_COLOR)] if len(others) else found


def _as_numbers(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.float64] | None:
    """Return a column of texts as numbers where every cell is one or blank and there are too many for a legend."""
    cells = [str(value).strip() for value in values]
    try:
        numbers = np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return None
    return numbers if len(set(cells)) > MAX_CATEGORIES // 2 and np.isfinite(numbers).any() else None


def _style_map(figure: Figure, n_components: int, legend_title: str) -> Figure:
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    if n_components == 3:
        axis = {"showticklabels": False, "title": {"text": ""}, "showbackground": False, "gridcolor": NOISE_COLOR}
        figure.update_layout(scene={"xaxis": axis, "yaxis": axis, "zaxis": axis, "aspectmode": "data"})
    else:
        figure.update_xaxes(**hidden)
        figure.update_yaxes(**hidden, scaleanchor="x")
    figure.update_layout(
        dragmode="lasso" if n_components == 2 else "orbit",
        legend={"title": {"text": legend_title}, "itemsizing": "constant"},
        showlegend=len(figure.data) > 1,
    )
    return _style(figure, height=620)


def _style(figure: Figure, height: int) -> Figure:
    return figure.update_layout(
        height=height, margin={"l": 8, "r": 8, "t": 16, "b": 8}, paper_bgcolor=_NO_FILL, plot_bgcolor=_NO_FILL
    )
