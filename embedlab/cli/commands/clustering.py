"""The commands about clusters: found, named and drawn, and a view of the app made again."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.cli.parts import (
    Commands,
    add_command,
    add_map,
    add_output,
    add_passages,
    add_yes,
    bar,
    embed,
    load,
    look_at_unread,
    say,
    set_aside,
    timed,
    write,
)
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from embedlab.chat import ChatEndpoint
    from embedlab.exports import MapSettings
    from embedlab.neighbors import NeighborGraph
    from embedlab.projection import Projection


def add_cluster(group: Commands) -> None:
    """Add the command that groups texts."""
    command = add_command(
        group,
        "cluster",
        cluster,
        "group the texts and name the groups",
        "embedlab cluster in.csv --text review -o out.csv",
    )
    command.add_argument(
        "-k", "--n-clusters", default="auto", metavar="K", help="number of clusters, or auto (default)"
    )
    command.add_argument(
        "--method",
        default="kmeans",
        choices=["kmeans", "agglomerative", "hdbscan"],
        help="way to group (default kmeans)",
    )
    command.add_argument(
        "--names-by", metavar="ADDRESS#MODEL", help="have a language model name each cluster and say in a sentence "
        "what it is, from its words and six typical texts: http://127.0.0.1:11434/v1#llama3",
    )  # fmt: skip
    add_passages(command)
    add_map(command)
    add_output(command, ".csv, .xlsx or .parquet: the table with cluster, name and map coordinates")


def add_replay(group: Commands) -> None:
    """Add the command that makes a view again."""
    summary = "make a view of the app again from its settings"
    example = "example: embedlab replay settings.toml reviews.csv -o clusters.csv"
    command = group.add_parser("replay", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=replay)
    command.add_argument("settings", type=Path, help="the settings, as the Clusters page gives them")
    command.add_argument("table", type=Path, nargs="+", help="the file they belong to, or all of them")
    add_output(command, ".csv, .xlsx or .parquet: the table with cluster, name and map coordinates", required=True)
    command.add_argument("--anyway", action="store_true", help="go on where the table or the model is another one")
    command.add_argument("--no-cache", action="store_true", help="embed everything anew and keep nothing")
    add_yes(command)


def cluster(options: argparse.Namespace) -> None:
    """Group the texts, print the groups, and write the table if asked to."""
    from embedlab.chat import read_endpoint
    from embedlab.clustering import cluster as find_clusters
    from embedlab.exports import USUAL_MAP, MapSettings, cluster_table, find_format
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
    endpoint = read_endpoint(options.names_by) if options.names_by else None
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
    names = _names(corpus.texts, vectors, found.labels, endpoint, options)
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


def _names(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int64],
    endpoint: ChatEndpoint | None,
    options: argparse.Namespace,
) -> dict[int, str]:
    """Name the clusters by their words, or have a language model do it, once somebody has agreed to that."""
    from embedlab.chat import cluster_words, describe_clusters, offer_for, request_for
    from embedlab.naming import NOISE_NAME, name_clusters, say_missing_segmenters

    if missing := say_missing_segmenters(texts):
        say(missing)
    if endpoint is None:
        with timed("names"):
            return name_clusters(texts, labels)
    with timed("words"):
        clusters = cluster_words(texts, vectors, labels)
    if offer_for(endpoint, clusters).leaves_machine:
        shown = json.dumps(request_for(endpoint, clusters[0]), ensure_ascii=False)
        say(f"{len(clusters):,} requests, one for each cluster, such as: {shown}")
    with timed(f"names by {endpoint.model}"), bar("naming", "clusters") as progress:
        described = describe_clusters(endpoint, clusters, progress=progress)
    for label, each in described.items():
        say(f"{label}: {each.summary} (written by {each.model})" if each.model else f"{label}: {each.said}")
    names = {label: each.name for label, each in described.items()}
    return names | ({-1: NOISE_NAME} if -1 in labels else {})


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
