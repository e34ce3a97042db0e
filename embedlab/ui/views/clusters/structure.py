"""More ways to see structure: other groupings, outliers, what not to believe, three maps of the same texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.clustering import CLUSTER_METHODS, Clustering
from embedlab.plots import point_map as plotly_map
from embedlab.projection import PROJECTION_METHODS, say_trustworthiness
from embedlab.rows import sample_positions
from embedlab.ui.choices import address
from embedlab.ui.frame import selecting
from embedlab.ui.parts import PLACE, downloads, point_map, put_before, rows_of
from embedlab.ui.tasks import Choice, services, text_tasks, waiting
from embedlab.ui.tasks import structure_tasks as own

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.clustering import Outliers
    from embedlab.ui.choices import Selection
    from embedlab.ui.tasks import Found

MAX_CLUSTERS = 50
# Three pictures at once bear so many points each, and t-SNE is quick enough for them.
MAP_TEXTS = 5_000
TITLES = {method.title: key for key, method in CLUSTER_METHODS.items()}
METHOD_HELP = "  \n".join(f"**{method.title}**: {method.description}" for method in CLUSTER_METHODS.values())
SUGGESTED_HELP = "Suggested: the number whose clusters are best separated, measured by the silhouette."
SMALLEST_HELP = (
    "The fewest different texts that make a cluster. Suggested: a quarter of the square root of their number, at least "
    "5. Larger ones leave fewer, broader clusters."
)
DISTANCE_HELP = "Cosine distance to the nearest cluster centre, from 0 to 2: how little the text is like any cluster."
ISOLATION_HELP = (
    "How much thinner the text is surrounded than its neighbours are. About 1 among its like; 2 where its neighbours "
    "have theirs twice as near."
)
BELIEF_HELP = (
    "How much of the cluster comes back when a draw from the texts is clustered again: texts in both over texts in "
    "either, mean of 20 draws. From 0.75 on it is stable, below 0.6 it should not be believed (Hennig 2007)."
)
ARI_HELP = "Agreement of all clusters with those of the draws: 1 the same groups, 0 no better than chance."


def choose() -> Choice:
    """Let the person choose how the texts are grouped, and into how many clusters or how small ones."""
    way, how, number = st.columns([3, 2, 4], vertical_alignment="bottom")
    with way:
        method = TITLES[address.switch("method", "Method", list(TITLES), help=METHOD_HELP)]
    if CLUSTER_METHODS[method].takes_number:
        with how:
            chosen = address.switch("k_by", "Number of clusters", ["Suggested", "Chosen"], help=SUGGESTED_HELP)
        if chosen == "Suggested":
            return Choice(method)
        n_clusters = number.slider(
            "How many", 1, MAX_CLUSTERS, 12, key="k", bind="query-params", label_visibility="collapsed"
        )
        return Choice(method, n_clusters)
    with how:
        chosen = address.switch("smallest_by", "Smallest cluster", ["Suggested", "Chosen"], help=SMALLEST_HELP)
    if chosen == "Suggested":
        return Choice(method)
    smallest = number.slider(
        "Texts", 2, 500, 15, key="smallest", bind="query-params", label_visibility="collapsed", help=SMALLEST_HELP
    )
    return Choice(method, min_cluster_size=smallest)


def clustering(selection: Selection, choice: Choice) -> Clustering:
    """Return the clusters of the chosen texts; the tree of a hierarchy is built once and cut for each number."""
    if choice.method == "kmeans":
        return services.clustering(selection, choice.n_clusters)
    embedded = services.embedded(selection)
    if choice.method == "agglomerative":
        tree = waiting.await_task(own.build_tree(embedded))
        return waiting.await_task(own.cut_tree(embedded, tree, choice.n_clusters))
    neighbors = waiting.await_task(text_tasks.find_neighbors(embedded))
    return waiting.await_task(own.find_dense(embedded, neighbors, choice.min_cluster_size))


def names(selection: Selection, clustering: Clustering, choice: Choice) -> dict[int, str]:
    """Return the names of the clusters; the words of the leaves of a tree are counted once for all cuts."""
    if choice.method != "agglomerative":
        return services.cluster_names(selection, clustering.labels)
    tree = waiting.await_task(own.build_tree(services.embedded(selection)))
    counts = waiting.await_task(own.count_leaf_words(selection.corpus, tree))
    return waiting.await_task(own.name_cut(selection.corpus, tree, counts, clustering.labels))


def show_outliers(selection: Selection, found: Found) -> None:
    """List the most outlying texts and mark them on a map."""
    embedded = services.embedded(selection)
    neighbors = waiting.await_task(text_tasks.find_neighbors(embedded))
    outliers = waiting.await_task(own.find_outliers(embedded, found.clustering.labels, neighbors))
    top_k = st.slider("How many texts", 5, 200, 20, key="n_outliers", bind="query-params")
    rows = selection.keep_matching(outliers.rows(len(embedded.vectors)))[:top_k]
    st.dataframe(
        rows_of(selection.corpus, rows, _outlier_columns(found, outliers, rows)),
        hide_index=True,
        column_config={
            "place": PLACE,
            "distance": st.column_config.NumberColumn("Distance", width="small", format="%.2f", help=DISTANCE_HELP),
            "isolation": st.column_config.NumberColumn("Isolation", width="small", format="%.2f", help=ISOLATION_HELP),
        },
        alt="The most outlying texts with their two numbers, the most outlying first",
    )
    st.caption("Ordered by both numbers together: the mean of the shares of texts that each is above.")
    selecting.offer(selection.corpus, rows, key="select-outliers", label="Select these texts")
    point_map.show_highlights(selection, services.projection(selection), rows.tolist())
    every = outliers.rows(len(selection.corpus.texts))
    frame = selection.corpus.frame.iloc[every]
    table = downloads.with_groups(selection.corpus, lambda: put_before(frame, _outlier_columns(found, outliers, every)))
    with st.container(horizontal=True):
        files = downloads.table_files("outliers", table, "All texts, the most outlying first.")
        downloads.offer(files, label="Download this order as", is_primary=False)


def _outlier_columns(found: Found, outliers: Outliers, rows: NDArray[np.int64]) -> dict[str, object]:
    names = found.row_names
    return {
        "distance": outliers.distances[rows],
        "isolation": outliers.isolation[rows],
        "cluster": [names[row] for row in rows],
    }


def show_stability(selection: Selection, found: Found) -> None:
    """Say which clusters come back in draws from the texts; measured when asked for, since it takes a while."""
    if not found.clustering.n_clusters:
        st.info("There are no clusters to measure. Choose a smaller cluster size.")
        return
    task = own.measure_stability(services.embedded(selection), found.clustering.labels, found.choice)
    st.caption(
        "Draws of the texts are clustered again in the same way. A cluster that does not come back was made by the "
        "method, not found in the texts."
    )
    asked = st.button("Measure stability", key="stability", icon=":material/replay:")
    if not asked and waiting.jobs().find(task.key) is None:
        return
    stability = waiting.await_task(task)
    names = [found.names[label] for label in range(found.clustering.n_clusters)]
    st.dataframe(
        pd.DataFrame({"cluster": names, "comes back": stability.jaccard, "verdict": stability.verdicts}),
        hide_index=True,
        column_config={
            "cluster": st.column_config.TextColumn("Cluster"),
            "comes back": st.column_config.ProgressColumn(
                "Comes back", min_value=0.0, max_value=1.0, format="%.2f", help=BELIEF_HELP
            ),
            "verdict": st.column_config.TextColumn("Verdict", help=BELIEF_HELP),
        },
        alt="How well each cluster comes back, and whether to believe it",
    )
    st.caption(f"Agreement with the draws as a whole: adjusted Rand index {stability.ari:.2f}.", help=ARI_HELP)


def show_three_maps(selection: Selection, found: Found) -> None:
    """Draw the same texts by PCA, t-SNE and UMAP, in the same colours."""
    embedded = services.embedded(selection)
    shown = sample_positions(len(embedded.vectors), MAP_TEXTS, random_state=0)
    names, texts = found.row_names, selection.corpus.captions
    for column, method in zip(st.columns(3), ("pca", "tsne", "umap"), strict=True):
        with column:
            drawn = waiting.await_task(own.draw_sample(embedded, shown, method))
            st.markdown(f"**{PROJECTION_METHODS[method].title}**", help=PROJECTION_METHODS[method].description)
            st.plotly_chart(
                plotly_map(
                    drawn.coordinates,
                    texts=[texts[row] for row in shown],
                    colors=[names[row] for row in shown],
                    category_order=list(found.names.values()),
                    is_small=True,
                ),
                key=f"map-{method}",
                alt=f"{PROJECTION_METHODS[method].title} map of {len(shown):,} texts, coloured by cluster",
            )
            if drawn.trustworthiness:
                said = say_trustworthiness(drawn.trustworthiness)
                st.caption(f"Trustworthiness {said}", help=point_map.TRUST_HELP)
    sampled = f" A sample of {len(shown):,} of {len(names):,} texts." if len(shown) < len(names) else ""
    st.caption(
        "The same texts and colours three times. Believe what all three show. Near points are alike; distances between "
        f"far groups, the size of a group and empty space between groups mean little on t-SNE and UMAP maps.{sampled}"
    )
