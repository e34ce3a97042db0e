"""What the commands of ``embedlab`` do that sort a table: clusters, labels, duplicates, a view again."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.cli.shared import bar, embed, look_at_unread, say, set_aside, timed, write
from embedlab.cli.tables import load
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.classification import Classification, MultiClassification
    from embedlab.datasets import Corpus, Dataset
    from embedlab.exports import MapSettings
    from embedlab.neighbors import NeighborGraph
    from embedlab.projection import Projection


def cluster(options: argparse.Namespace) -> None:
    """Group the texts, print the groups, and write the table if asked to."""
    from embedlab.clustering import cluster as find_clusters
    from embedlab.exports import USUAL_MAP, MapSettings, cluster_table, find_format
    from embedlab.naming import name_clusters, say_missing_segmenters
    from embedlab.projection import check_engine, project

    to_file = find_format(options.output) if options.output else None
    layout = MapSettings(
        engine=options.engine, metric=options.metric, densmap=options.densmap, supervised_by=options.supervised_by,
        neighbors=options.neighbors,
    )  # fmt: skip
    check_engine("umap", layout.engine, layout.metric, has_labels=bool(layout.supervised_by), densmap=layout.densmap)
    if replace(layout, neighbors="auto") != USUAL_MAP and not to_file:
        raise InvalidInputError(
            "The map is drawn for the table that is written. Add -o FILE, or leave its options out."
        )
    n_clusters = options.n_clusters if options.n_clusters == "auto" else _whole_number(options.n_clusters)
    with timed("table and model"):
        dataset, corpus, encoder = load(options)
        labels = layout.labels(corpus)
        look_at_unread(encoder, corpus)
    with timed("embeddings"):
        vectors = embed(encoder, corpus, options)
    neighbors = _find_neighbors(vectors, layout, options)
    with timed("clusters"):
        found = find_clusters(vectors, n_clusters=n_clusters, method=options.method, neighbors=neighbors)
    with timed("names"):
        names = name_clusters(corpus.texts, found.labels)
    if missing := say_missing_segmenters(corpus.texts):
        say(missing)
    for label, name in names.items():
        print(f"{label}\t{np.count_nonzero(found.labels == label)}\t{printable(name)}")
    if to_file:
        with timed("map"):
            drawn = project(vectors, **layout.options, labels=labels, neighbors=neighbors)
        _say_map(drawn)
        with timed("table written"):
            table = cluster_table(corpus.frame, found.labels, names, drawn.coordinates)
            write(options.output, to_file.write(table))
        say(f"{len(table):,} rows written to {options.output}{set_aside(corpus)}")


def _find_neighbors(
    vectors: NDArray[np.float32], layout: MapSettings, options: argparse.Namespace
) -> NeighborGraph | None:
    """Find the neighbours that map and clusters are made from; None where neither is, or there are too few texts."""
    from embedlab.neighbors import neighbor_graph

    # A map by another metric looks for neighbours of its own.
    is_needed = options.method == "hdbscan" or (options.output and layout.metric == "cosine")
    if not is_needed or len(vectors) <= layout.n_neighbors:
        return None
    with timed("neighbours"), bar("neighbours", "steps") as progress:
        return neighbor_graph(vectors, layout.n_neighbors, method=layout.neighbors, progress=progress)


def _say_map(drawn: Projection) -> None:
    """Say what the map is, and how far it can be trusted."""
    from embedlab.projection import say_trustworthiness

    if drawn.trustworthiness:
        say(f"{drawn.kind}: trustworthiness {say_trustworthiness(drawn.trustworthiness)}")
    for said in filter(None, (drawn.origin, drawn.caution)):
        say(said)


def _whole_number(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise InvalidInputError(f"--n-clusters takes a whole number or auto, not {value!r}.") from None


def classify(options: argparse.Namespace) -> None:
    """Learn the labels of a column, print how well each is predicted, and write the table if asked to."""
    from embedlab.classification import classify as learn
    from embedlab.classification import what_is_shared
    from embedlab.exports import classification_table, find_format

    to_file = find_format(options.output) if options.output else None
    dataset, corpus, encoder = load(options)
    labels = corpus.known_labels(_label_column(options, dataset, corpus))
    groups = None if options.group is None else corpus.labels(_named_column(options.group, dataset, corpus, "--group"))
    shared = what_is_shared(corpus.texts, groups, near_duplicates=options.near_duplicates)
    look_at_unread(encoder, corpus)
    found = learn(embed(encoder, corpus, options), labels, groups=shared)
    say(_say_figures(found))
    if found.is_grouped:
        say(f"held out together: {found.n_groups:,} groups of {found.n_labelled:,} labelled rows")
    if found.of_one_group:
        named = ", ".join(map(printable, found.of_one_group))
        say(f"held out whole, so that nothing is left to learn them from: {named}")
    if found.left_out:
        say(f"labels left out, because only one text has them: {len(found.left_out):,}")
    for name, f1, support in zip(found.classes, found.f1.tolist(), found.support.tolist(), strict=True):
        print(f"{f1:.3f}\t{support}\t{printable(name)}")
    if to_file:
        table = classification_table(corpus.frame, found)
        write(options.output, to_file.write(table))
        say(f"{len(table):,} rows written to {options.output}{set_aside(corpus)}")


def _say_figures(found: Classification | MultiClassification) -> str:
    from embedlab.classification import MultiClassification

    suspect = f"{len(found.suspects()):,} of {found.n_labelled:,}"
    if isinstance(found, MultiClassification):
        low, high = found.overlap_interval
        return (
            f"the cells list several labels, each learned on its own: mean overlap {found.mean_overlap:.3f}, 95 % "
            f"interval {low:.3f} to {high:.3f}; the most frequent labels alone would reach {found.baseline:.3f}; all "
            f"labels are right for {found.exact:.1%} of the rows; those of {suspect} are suspect"
        )
    low, high = found.accuracy_interval
    return (
        f"accuracy {found.accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f}; the most frequent label alone would "
        f"reach {found.majority:.3f}; {suspect} labels are suspect"
    )


def _label_column(options: argparse.Namespace, dataset: Dataset, corpus: Corpus) -> str:
    """Return the named or guessed label column."""
    from embedlab.columns import guess_label_column

    column = options.label or guess_label_column(corpus.frame, corpus.text_column)
    return _named_column(column, dataset, corpus, "--label")


def _named_column(column: str | None, dataset: Dataset, corpus: Corpus, option: str) -> str:
    """Return the name of a column that is there.

    Raises
    ------
    InvalidInputError
        Where it is not, or none was named nor guessed.
    """
    if column is None or column not in corpus.frame.columns:
        problem = f"has no column {column!r}" if column else "has no column that looks like labels"
        raise InvalidInputError(
            f"{dataset.title} {problem}. Name one with {option}; it has: {', '.join(corpus.frame.columns)}."
        )
    return column


def deduplicate(options: argparse.Namespace) -> None:
    """Write the table without the rows that say the same as another."""
    from embedlab.checks import say_not_compared
    from embedlab.duplicates import find_duplicates, sortable
    from embedlab.exports import cleaned_table, find_format

    to_file = find_format(options.output)
    dataset, corpus, encoder = load(options)
    values = None
    if options.by is not None:
        if options.by not in corpus.frame.columns:
            raise InvalidInputError(f"There is no column {options.by!r}. There are: {', '.join(corpus.frame.columns)}.")
        values = sortable(corpus.frame[options.by].tolist())
    unread = look_at_unread(encoder, corpus, most=None)
    vectors = embed(encoder, corpus, options)
    found = find_duplicates(corpus.texts, vectors, options.threshold, unread=unread.parts)
    # More pairs than can be held leave the best; saying so is better than removing too little in silence.
    if found.floor > options.threshold:
        raise InvalidInputError(
            f"Too many pairs are alike at {options.threshold}; choose a --threshold of {found.floor:.4f} or more."
        )
    if said := say_not_compared(unread):
        say(said)
    groups = found.at(options.threshold)
    table = cleaned_table(corpus.whole, corpus.summary.kept, groups.keep(options.keep, values))
    write(options.output, to_file.write(table))
    say(
        f"{len(table):,} rows written to {options.output}; {groups.n_removed:,} removed from {groups.n_groups:,} groups"
    )


def replay(options: argparse.Namespace) -> None:
    """Make a view again from its settings, and write its table."""
    from embedlab.exports import ViewSettings, find_format, replay
    from embedlab.store import EmbeddingStore

    to_file = find_format(options.output)
    settings = ViewSettings.from_toml(options.settings.read_text(encoding="utf-8"))
    with bar("embedding") as progress:
        store = None if options.no_cache else EmbeddingStore()
        contents = [path.read_bytes() for path in options.table]
        view = replay(settings, contents, anyway=options.anyway, store=store, progress=progress)
    _say_map(view.projection)
    write(options.output, to_file.write(view.table()))
    say(f"{len(view.corpus.texts):,} rows written to {options.output}{set_aside(view.corpus)}")
