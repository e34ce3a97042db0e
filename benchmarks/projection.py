"""Maps beside what a user would otherwise write, ``umap.UMAP(metric="cosine", random_state=42)``.

10,000 embeddings of different short texts, one process, the ways taking turns, medians of three; both judged by
scikit-learn's trustworthiness on the same rows. The first call of each in the process compiles and is given apart.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from _shared import record, short_texts
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness
from umap import UMAP

import embedlab as el

ROWS, ROUNDS = 10_000, 3


def main() -> None:
    """Print the table as Markdown."""
    embeddings = el.load_encoder().encode(short_texts(ROWS))
    ways: dict[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
        'umap.UMAP(metric="cosine", random_state=42)': UMAP(metric="cosine", random_state=42, n_jobs=1).fit_transform,
        "embedlab.project": lambda rows: el.project(rows).coordinates,
    }
    # A small first call compiles; UMAP takes its other way of finding neighbours from 4,096 rows on.
    first = {name: seconds_for(way, embeddings[:4200])[0] for name, way in ways.items()}
    rounds = [{name: seconds_for(way, embeddings) for name, way in ways.items()} for _ in range(ROUNDS)]
    print("| way | first call, 4,200 rows | seconds | times as fast | trustworthiness |\n|---|---|---|---|---|")
    reference = 0.0
    for name in ways:
        median = statistics.median(found[name][0] for found in rounds)
        reference = reference or median
        trusted = trusted_share(embeddings, rounds[0][name][1])
        if name == "embedlab.project":
            record({"map of 10,000 embeddings | umap.UMAP with a seed": reference / median})
        print(f"| {name} | {first[name]:.1f} | {median:.2f} | {reference / median:.1f} | {trusted:.4f} |", flush=True)


def seconds_for(
    way: Callable[[NDArray[np.float32]], NDArray[np.float32]], rows: NDArray[np.float32]
) -> tuple[float, NDArray[np.float32]]:
    """Return how long a way takes, and its map."""
    start = time.perf_counter()
    points = way(rows)
    return time.perf_counter() - start, points


def trusted_share(embeddings: NDArray[np.float32], points: NDArray[np.float32]) -> float:
    """Return scikit-learn's trustworthiness; all with all of 10,000 rows fit in memory."""
    return trustworthiness(embeddings, points, n_neighbors=15, metric="cosine")


if __name__ == "__main__":
    main()
