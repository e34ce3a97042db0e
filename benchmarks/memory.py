"""Memory that an operation takes at its peak beside the embeddings it is given, for ``embedlab/limits.py``."""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import psutil

import embedlab as el

SIZES = ((20_000, 384), (20_000, 32))


class Drawn(el.TfidfEncoder):
    """Draws its embeddings, so that nothing but the way they go is measured."""

    is_worth_storing = True

    def _embed(self, texts: list[str], specs: Mapping, report: Callable[[int], None]) -> dict:
        drawn = np.random.default_rng(0).standard_normal((len(texts), self.embedding_dimension), dtype=np.float32)
        return dict.fromkeys(specs, drawn)


def embed(rows: np.ndarray) -> None:
    """Put as many embeddings into an empty store, and take them out again."""
    encoder = Drawn(["some words", "more of them"])
    encoder.embedding_dimension = rows.shape[1]
    texts = [f"text {row}" for row in range(len(rows))]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            el.EmbeddingStore(Path(folder)).encode(encoder, texts)


OPERATIONS = {
    "embedding": embed,
    "neighbors": el.neighbor_graph,
    "approximate neighbors": lambda rows: el.neighbor_graph(rows, method="approximate"),
    "clusters": lambda rows: el.cluster(rows, 12),
    "hierarchy": lambda rows: el.cluster(rows, 12, method="agglomerative"),
    "hdbscan": lambda rows: el.cluster(rows, method="hdbscan"),
    "map": el.project,
    "duplicates": lambda rows: el.find_duplicates([str(row) for row in range(len(rows))], rows),
    "index": lambda rows: el.SearchIndex([""] * len(rows), rows).search(rows[0]),
}


def peak_of(operation: Callable, rows: np.ndarray) -> int:
    """Return by how many bytes the process grows meanwhile."""
    process, done = psutil.Process(), threading.Event()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.is_set():
            peak = max(peak, process.memory_info().rss)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    operation(rows)
    done.set()
    watcher.join()
    return peak - before


def main() -> None:
    """Measure one operation; what one frees another one takes, so each wants a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("operation", choices=OPERATIONS)
    operation = OPERATIONS[parser.parse_args().operation]
    draw = np.random.default_rng(0)
    peaks = []
    for n, d in SIZES:
        rows = draw.standard_normal((50, d), dtype=np.float32)[draw.integers(50, size=n)]
        rows += 0.7 * draw.standard_normal((n, d), dtype=np.float32)
        operation(rows[:300])
        peaks.append(peak_of(operation, rows))
        print(f"{n:,} × {d}: {peaks[-1] >> 20} MiB", flush=True)
    (n, wide), (_, narrow) = SIZES
    print(f"{(peaks[0] - peaks[1]) / (4 * n * (wide - narrow)):.1f} copies of the rows")


if __name__ == "__main__":
    main()
