"""Groupings, outliers, stability and maps: seconds, and how far they agree with the 150 intents of CLINC150.

Without the data set there is nothing to hold against, and the script says so. 100,000 rows are the 22,500 embeddings
and the means of two of one intent.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from _shared import DATA, print_table
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import embedlab as el

T = TypeVar("T")
Rows, Labels = NDArray[np.float32], NDArray[np.int64]
N_INTENTS = 150


def main() -> None:
    """Print the tables as Markdown."""
    if not (DATA / "clinc150").is_dir():
        sys.exit("The data set clinc150 is not at hand.")
    rows, intents = load()
    el.project(rows[:500], "tsne"), el.cluster(rows[:500], method="hdbscan")  # compiles
    found = [group(size, *take(rows, intents, size)) for size in (4_000, 10_000, 100_000)]
    print_table("rows | way | clusters | in none | ARI | NMI | seconds", sum(found, []))
    print()
    print_table("rows | what | seconds", sum([measure(*take(rows, intents, size)) for size in (10_000, 100_000)], []))
    print()
    print_table(
        "rows | map | trust at 15, 50, 150 | seconds", [line for size in (2_000, 10_000) for line in maps(rows[:size])]
    )


def load() -> tuple[Rows, Labels]:
    """Return the embeddings and intents, shuffled; those out of scope are left out."""
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    pairs = [pair for split in splits.values() for pair in split if pair[1] != "oos"]
    rows = el.load_encoder().encode([text for text, _ in pairs])
    order = np.random.default_rng(0).permutation(len(rows))
    return rows[order], np.unique([intent for _, intent in pairs], return_inverse=True)[1][order]


def take(rows: Rows, intents: Labels, size: int) -> tuple[Rows, Labels]:
    """Return so many rows; past those there are, means of two of one intent."""
    if size <= len(rows):
        return rows[:size], intents[:size]
    rng = np.random.default_rng(0)
    by_intent = np.argsort(intents, kind="stable")
    starts, counts = np.searchsorted(intents[by_intent], np.arange(N_INTENTS)), np.bincount(intents)
    more = rng.integers(0, N_INTENTS, size - len(rows))
    picks = [by_intent[starts[more] + rng.integers(0, counts[more])] for _ in range(2)]
    return np.concatenate([rows, (rows[picks[0]] + rows[picks[1]]) / 2]), np.concatenate([intents, more])


def group(size: int, rows: Rows, intents: Labels) -> list[str]:
    """Return a line for each way to group."""
    ways: dict[str, Callable[[], Labels]] = {
        "KMeans": lambda: el.cluster(rows, N_INTENTS).labels,
        "Hierarchy": lambda: el.cluster(rows, N_INTENTS, method="agglomerative").labels,
        "HDBSCAN, neighbours given": lambda: el.cluster(rows, method="hdbscan", neighbors=graph).labels,
    }
    if size <= 4_000:
        ways["scikit-learn's HDBSCAN on the embeddings"] = lambda: HDBSCAN(16, min_samples=5, copy=True).fit_predict(
            rows
        )
    graph = el.neighbor_graph(rows, 15)
    lines = []
    for name, way in ways.items():
        labels, seconds = timed(way)
        ari, nmi = adjusted_rand_score(intents, labels), normalized_mutual_info_score(intents, labels)
        none = float((labels < 0).mean())
        lines.append(f"{size:,} | {name} | {labels.max() + 1} | {none:.0%} | {ari:.2f} | {nmi:.2f} | {seconds:.1f}")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def measure(rows: Rows, intents: Labels) -> list[str]:
    """Return a line for each measure of a clustering in 20 clusters."""
    labels, graph = el.cluster(rows, 20).labels, el.neighbor_graph(rows, 15)
    tree, seconds = timed(lambda: el.hierarchy(rows))
    dense = el.cluster(rows, method="hdbscan", neighbors=graph).labels
    lines = [f"{len(rows):,} | the tree | {seconds:.1f}"]
    for name, way in {
        "one cut of it": lambda: tree.cut(20),
        "outliers, neighbours given": lambda: el.outlier_scores(rows, labels, graph),
        "stability of KMeans, 20 draws": lambda: el.cluster_stability(rows, labels),
        "stability of a hierarchy": lambda: el.cluster_stability(rows, tree.cut(20), method="agglomerative"),
        "stability of HDBSCAN": lambda: el.cluster_stability(rows, dense, method="hdbscan"),
    }.items():
        _, seconds = timed(way)
        lines.append(f"{len(rows):,} | {name} | {seconds:.3g}")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def maps(rows: Rows) -> list[str]:
    """Return a line for each kind of map."""
    lines = []
    for method in ("pca", "tsne", "umap"):
        drawn, seconds = timed(lambda method=method: el.project(rows, method))
        trusted = ", ".join(f"{share:.3f}" for share in drawn.trustworthiness.values())
        lines.append(f"{len(rows):,} | {method} | {trusted} | {seconds:.1f}")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def timed(way: Callable[[], T]) -> tuple[T, float]:
    """Return what a call gives, and its seconds."""
    start = time.perf_counter()
    return way(), time.perf_counter() - start


if __name__ == "__main__":
    main()
