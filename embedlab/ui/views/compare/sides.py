"""Candidates held against each other: where they agree, and two of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.comparison import Candidate
from embedlab.escape import escape_markdown
from embedlab.neighbors import nearest_neighbors, nearest_others
from embedlab.plots import difference_heatmap, named_matrix, point_map, ranking_lines, similarity_heatmap
from embedlab.rows import as_cosines, sample_positions
from embedlab.similarity import cosine_similarity, hierarchical_order, most_disputed
from embedlab.ui.choices import address
from embedlab.ui.parts import is_dark
from embedlab.ui.parts import point_map as text_map
from embedlab.ui.tasks import comparing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.comparison import Comparison, Load

OVERLAP_HELP = "Share of the ten nearest texts in common, mean over the texts; among the embeddings, not on a map."
CKA_HELP = (
    "Linear CKA: how alike the two clouds of points are as a whole, whatever their turn and scale; 1 is the same."
)
MAX_MATRIX = 60
TOP_K = 10
SIDES, PLACES = ("left", "right"), ("First", "Second")


def show_agreement(comparison: Comparison, load: Load) -> None:
    """Draw how far all candidates agree, and list the texts two of them disagree about."""
    candidates = [result.candidate for result in comparison.results]
    if len(candidates) < 2:
        st.info("Add another candidate to hold against this one.", icon=":material/add:")
        return
    overlap, cka = comparing.agreement(comparison.gold, candidates, load)
    names = [candidate.title for candidate in candidates]
    for column, values, title, what, help_ in zip(
        st.columns(2),
        (overlap, cka),
        ("Neighbours in common", "Shape as a whole"),
        ("overlap@10", "CKA"),
        (OVERLAP_HELP, CKA_HELP),
        strict=True,
    ):
        column.markdown(f"**{title}**", help=help_)
        column.plotly_chart(
            named_matrix(values, names, what=what, dark=is_dark()), key=what, alt=f"Table of {what} between candidates"
        )
    _show_disputed(comparison, candidates, load)


def _show_disputed(comparison: Comparison, candidates: list[Candidate], load: Load) -> None:
    st.subheader("Most disputed texts", anchor=False)
    pair = choose_two(candidates)
    texts = comparison.gold.corpus
    first, second = (comparing.embeddings(comparison.gold, candidate, load)[0] for candidate in pair)
    rows, shared = most_disputed(first, second)
    nearest = [nearest_others(vectors, rows, 1)[:, 0] for vectors in (first, second)]
    st.dataframe(
        pd.DataFrame(
            {
                "Text": [texts[row] for row in rows],
                "In common": shared,
                **{
                    f"Nearest by {side}": [texts[row] for row in near]
                    for side, near in zip(("the first", "the second"), nearest, strict=True)
                },
            }
        ),
        hide_index=True,
        column_config={
            "Text": st.column_config.TextColumn(width="medium"),
            "In common": st.column_config.NumberColumn(format="percent", help=OVERLAP_HELP),
        },
        alt="Texts about whose neighbours the two candidates disagree most",
    )


def choose_two(candidates: list[Candidate]) -> tuple[Candidate, Candidate]:
    """Let the person choose two candidates, the same ones in every view."""
    by_key = {candidate.key: candidate for candidate in candidates}
    keys = list(by_key)
    chosen = []
    for place, box in enumerate(st.columns(2)):
        with box:
            chosen.append(
                address.pick(
                    SIDES[place],
                    PLACES[place],
                    keys,
                    keys[place],
                    format_func=lambda key: by_key[key].title,
                )
            )
    return by_key[chosen[0]], by_key[chosen[1]]


def show_sides(comparison: Comparison, load: Load) -> None:
    """Show two candidates side by side: as maps, as matrices, or by what they find."""
    candidates = [result.candidate for result in comparison.results]
    if len(candidates) < 2:
        st.info("Add another candidate to see two side by side.", icon=":material/add:")
        return
    pair = choose_two(candidates)
    kind = address.switch("sides", "Side by side", ["Maps", "Matrices", "One search"])
    if kind == "Maps":
        _show_maps(comparison, pair, load)
    elif kind == "Matrices":
        _show_matrices(comparison, pair, load)
    else:
        _show_rankings(comparison, pair, load)


def _show_maps(comparison: Comparison, pair: tuple[Candidate, Candidate], load: Load) -> None:
    gold = comparison.gold
    drawn, other = comparing.maps(gold, pair, load)
    every, colored_by = comparing.groups(gold, pair[0], load)
    # Plotly bears so many points; a sample shows the same groups.
    shown = sample_positions(len(every), text_map.MAX_PLOTLY, random_state=0)
    texts, groups = [gold.corpus[row] for row in shown], [every[row] for row in shown]
    selecting = address.switch("select_in", "Select points in the", ["First map", "Second map"])
    source = 0 if selecting == "First map" else 1
    coordinates = (drawn.coordinates[shown], other[shown])
    columns = st.columns(2)
    with columns[source]:
        st.markdown(f"**{PLACES[source]}**: {escape_markdown(pair[source].title)}")
        event = st.plotly_chart(
            point_map(coordinates[source], texts=texts, colors=groups, is_small=True),
            key=f"map-{source}",
            on_select="rerun",
            selection_mode=("points", "box", "lasso"),
            alt=f"Map of {len(texts):,} texts; what is selected here is marked in the other map",
        )
    selected = np.unique(np.array([point["customdata"] for point in event["selection"]["points"]], dtype=np.int64))
    with columns[1 - source]:
        st.markdown(f"**{PLACES[1 - source]}**: {escape_markdown(pair[1 - source].title)}")
        marked = selected if len(selected) else None
        st.plotly_chart(
            point_map(coordinates[1 - source], texts=texts, colors=groups, highlight=marked, is_small=True),
            key=f"marked-{source}",
            alt="The same texts by the other candidate",
        )
    st.caption(
        f"Draw around points in one map to see where the other puts the same texts. Coloured by {colored_by}. The "
        "second map begins where the first one is and is turned to lie on it. Agreement is measured among the "
        "embeddings, not on maps."
    )
    if len(selected):
        st.dataframe(
            pd.DataFrame({"Selected texts": [texts[row] for row in selected[:1000]]}),
            hide_index=True,
            alt="The selected texts",
        )


def _show_matrices(comparison: Comparison, pair: tuple[Candidate, Candidate], load: Load) -> None:
    gold = comparison.gold
    n_texts = st.slider("Texts", 2, min(MAX_MATRIX, len(gold.corpus)), min(20, len(gold.corpus)), key="matrix-texts")
    sets = [comparing.embeddings(gold, candidate, load)[0][:n_texts] for candidate in pair]
    first, second = (cosine_similarity(vectors) for vectors in sets)
    order = hierarchical_order(first)
    texts = [gold.corpus[row] for row in order]
    first, second = (matrix[np.ix_(order, order)] for matrix in (first, second))
    for place, (column, matrix) in enumerate(zip(st.columns(2), (first, second), strict=True)):
        column.markdown(f"**{PLACES[place]}**: {escape_markdown(pair[place].title)}")
        column.plotly_chart(
            similarity_heatmap(matrix, texts, is_small=True, dark=is_dark()),
            key=f"matrix-{place}",
            alt="Matrix of cosines",
        )
    st.markdown("**Second minus first**")
    st.plotly_chart(
        difference_heatmap(second - first, texts, dark=is_dark()), key="matrix-difference", alt="Matrix of differences"
    )
    row, column = np.unravel_index(np.abs(second - first).argmax(), first.shape)
    st.caption(
        f"Of the first {n_texts} texts. The largest difference, {second[row, column] - first[row, column]:+.2f}, is "
        f"between text {row + 1} and text {column + 1} in this order. Models differ in how large their cosines are as "
        "a whole; what tells is where one matrix is bright and the other is not."
    )


def _show_rankings(comparison: Comparison, pair: tuple[Candidate, Candidate], load: Load) -> None:
    gold = comparison.gold
    query = st.text_input(
        "Look for",
        gold.queries[0] if gold.queries else "",
        key=f"ranking:{gold.digest[:8]}",
        placeholder="A question or a few words",
    )
    if not query.strip():
        st.info("Type what both should look for.", icon=":material/search:")
        return
    ranked: list[NDArray[np.int64]] = []
    top_k = min(TOP_K, len(gold.corpus))
    for candidate in pair:
        texts, _ = comparing.embeddings(gold, candidate, load)
        stored, wanted = as_cosines(texts, comparing.asked(gold, candidate, load, query))
        ranked.append(nearest_neighbors(stored, top_k, queries=wanted)[0][0])
    moved = sum(row not in set(ranked[1].tolist()) for row in ranked[0].tolist())
    st.plotly_chart(
        ranking_lines(ranked[0], ranked[1], gold.corpus, (pair[0].title, pair[1].title)),
        key="rankings",
        alt=f"The {top_k} best hits of both; {moved} are found by one of them only",
    )
    st.caption(f"Of the {top_k} best, {moved} are found by one of them only (◦). Coloured lines join hits that moved.")
