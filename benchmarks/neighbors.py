"""All nearest neighbours and nearly all, beside pynndescent: seconds and recall at growing sizes.

Short texts by the bundled model. Recall is taken over 500 rows, against all others.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pynndescent
from _shared import print_table, short_texts

import embedlab as el

SIZES = (10_000, 30_000, 100_000)
K = 15


def main() -> None:
    """Print a row for each size and way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=max(SIZES), help="largest number of texts")
    options = parser.parse_args()
    embeddings = el.load_encoder().encode(short_texts(options.rows))
    warm_up(embeddings[:2_000])
    rows = [row for n in SIZES if n <= options.rows for row in compare(embeddings[:n])]
    print_table("texts | way | seconds | processor seconds | recall", rows)


def warm_up(embeddings: np.ndarray) -> None:
    """Have everything compiled."""
    for find in ways(embeddings).values():
        find()


def ways(embeddings: np.ndarray) -> dict[str, Callable[[], np.ndarray]]:
    """Return each way, which gives the nearest others of each row."""

    def descend(wide: int) -> np.ndarray:
        index = pynndescent.NNDescent(embeddings, metric="cosine", n_neighbors=wide, random_state=0)
        return index.neighbor_graph[0][:, 1:]

    return {
        "exact": lambda: el.neighbor_graph(embeddings, K).indices,
        "approximate": lambda: el.neighbor_graph(embeddings, K, method="approximate").indices,
        "pynndescent": lambda: descend(K + 1),
        "pynndescent, 2 k": lambda: descend(2 * K),
    }


def compare(embeddings: np.ndarray) -> list[str]:
    """Return a row of the table for each way."""
    asked = np.linspace(0, len(embeddings) - 1, 500, dtype=np.int64)
    true, _ = el.nearest_neighbors(embeddings, K + 1, queries=embeddings[asked])
    rows = []
    for name, find in ways(embeddings).items():
        start, spent = time.perf_counter(), time.process_time()
        found = find()
        seconds, processor = time.perf_counter() - start, time.process_time() - spent
        pairs = zip(true.tolist(), found[asked].tolist(), asked.tolist(), strict=True)
        hits = sum(len((set(near) - {row}) & set(ours[:K])) for near, ours, row in pairs)
        recall = min(1.0, hits / (K * len(asked)))
        rows.append(f"{len(embeddings):,} | {name} | {seconds:.1f} | {processor:.1f} | {recall:.3f}")
    return rows


if __name__ == "__main__":
    main()
