"""Every step of a map at growing sizes: seconds, and the most memory held so far.

Each size runs in a process of its own, which a limit on its memory ends before the machine suffers.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from _shared import short_texts

import embedlab as el
from embedlab import plots

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
MAX_BYTES = 8 * 2**30
N_CLUSTERS = 20


def main() -> None:
    """Run one size, or all below a limit, and print rows of a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=max(SIZES), help="largest number of texts")
    parser.add_argument("--only", action="store_true", help="this number alone, in this process")
    options = parser.parse_args()
    if options.only:
        measure(options.rows)
        return
    print("| texts | step | seconds | peak MiB so far |\n|---|---|---|---|", flush=True)
    for rows in (size for size in SIZES if size <= options.rows):
        subprocess.run([sys.executable, __file__, "--rows", str(rows), "--only"], check=True)


def measure(n_rows: int) -> None:
    """Go through all steps with so many texts."""
    # Data alone: threads and mapped files reserve addresses that they never fill.
    resource.setrlimit(resource.RLIMIT_DATA, (MAX_BYTES, MAX_BYTES))
    chosen = short_texts(n_rows)

    def step(name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        start = time.perf_counter()
        result = work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {n_rows:,} | {name} | {time.perf_counter() - start:.2f} | {peak:,} |", flush=True)
        return result

    encoder = step("load model", el.load_encoder)
    embeddings = step("encode", lambda: encoder.encode(chosen))
    step("compile", lambda: el.project(embeddings[:100]))
    neighbors = step("neighbours", lambda: el.neighbor_graph(embeddings, 14))
    projection = step("map, neighbours given", lambda: el.project(embeddings, neighbors=neighbors))
    found = step(f"KMeans, {N_CLUSTERS} clusters", lambda: el.cluster(embeddings, N_CLUSTERS))
    step("suggest the number of clusters", lambda: el.suggest_n_clusters(embeddings))
    step("figure", lambda: plots.point_map(projection.coordinates, texts=chosen, colors=found.labels.astype(str)))


if __name__ == "__main__":
    main()
