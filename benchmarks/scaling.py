"""How much faster each step becomes with more cores, and whether its result stays the same, bit for bit.

Each number of cores has processes of its own, which the system keeps to so many; they take turns, and the median of the
rounds counts. Called from plain Python, as in a notebook: nobody has told OpenBLAS how many threads to take.

What else runs on the cores spoils seconds. So the table also has the share of the processor's time that is spent in the
thread that asks, while the others wait, and how many times as fast that lets 16 cores be at most (Amdahl): a share that
holds whatever else runs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from _shared import print_table

DEVICE_SETTING = "EMBEDLAB_DEVICE"
DIMENSION, N_GROUPS, N_CLUSTERS = 384, 60, 50


def main() -> None:
    """Print a row a step, or measure all steps in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, nargs="+", help="1, 2, 4 and so on up to those there are when not given")
    parser.add_argument("--measure", action="store_true", help="in this process, on the cores it has; prints JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.rows)))
        return
    there = sorted(os.sched_getaffinity(0))
    cores = options.cores or [2**power for power in range(8) if 2**power <= len(there)]
    rounds = [{n: in_process(there[:n], options.rows) for n in cores} for _ in range(options.rounds)]
    rows = []
    for step in rounds[0][cores[0]]:
        seconds = [statistics.median(each[n][step][0] for each in rounds) for n in cores]
        cells = [f"{seconds[0]:.2f}", *(f"{second:.2f} ({seconds[0] / second:.2f})" for second in seconds[1:])]
        n_results = len({each[n][step][1] for each in rounds for n in cores})
        alone = statistics.median(each[cores[-1]][step][2] for each in rounds)
        allowed = f"{alone:.1%} | {1 / (alone + (1 - alone) / 16):.1f}"
        rows.append(" | ".join([step, *cells, allowed, "yes" if n_results == 1 else f"**{n_results} results**"]))
    header = [f"{n} cores, s" if n > 1 else "1 core, s" for n in cores]
    print_table(
        " | ".join([f"{options.rows:,} rows", *header, "one thread alone", "16 cores at most", "same bits"]), rows
    )
    print(f"\nTimes as fast in brackets. Medians of {options.rounds}; load at the end {os.getloadavg()[0]:.1f}.")


def in_process(cores: list[int], n_rows: int) -> dict[str, tuple[float, str, float]]:
    """Return of each step the seconds, the digest of its result, and the share of one thread alone."""
    command = [sys.executable, __file__, "--measure", "--rows", str(n_rows)]
    # Where there is a card, it would do the work.
    here = {**os.environ, DEVICE_SETTING: "cpu"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env=here,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def measure(n_rows: int) -> dict[str, tuple[float, str, float]]:
    """Run all steps, on few rows first, which pays for what is imported and compiled."""
    steps(made_rows(300), lambda name, work: work())
    taken: dict[str, tuple[float, str, float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        clocks = time.perf_counter, time.thread_time, time.process_time
        before = [clock() for clock in clocks]
        found = work()
        seconds, own, whole = (clock() - start for clock, start in zip(clocks, before, strict=True))
        taken[name] = seconds, digest(found), own / whole
        return found

    steps(made_rows(n_rows), timed)
    return taken


def made_rows(n_rows: int) -> Any:  # noqa: ANN401 - numpy must not be loaded before the process has its cores
    """Return rows around some directions, the same on every call."""
    import numpy as np

    rng = np.random.default_rng(0)
    centers = rng.standard_normal((N_GROUPS, DIMENSION), dtype=np.float32)
    return centers[rng.integers(0, N_GROUPS, n_rows)] + 1.5 * rng.standard_normal((n_rows, DIMENSION), dtype=np.float32)


def steps(rows: Any, run: Callable[[str, Callable[[], Any]], Any]) -> None:  # noqa: ANN401
    """Have each step run under its name."""
    import numpy as np

    import embedlab as el
    from embedlab.clustering import cosine_silhouette
    from embedlab.intervals import ResampledEstimate
    from embedlab.similarity import similarity_histogram, similarity_image

    few, n_clusters = rows[:5_000], min(N_CLUSTERS, len(rows) // 10)
    graph = run("neighbours", lambda: el.neighbor_graph(rows, 15))
    run("UMAP, neighbours given", lambda: el.project(rows, neighbors=graph).coordinates)
    run("t-SNE, 5,000 rows", lambda: el.project(few, "tsne").coordinates)
    found = run("KMeans, 50 clusters", lambda: el.cluster(rows, n_clusters).labels)
    run("number of clusters suggested", lambda: el.suggest_n_clusters(rows).candidates)
    run("silhouettes", lambda: cosine_silhouette(rows, found))
    run("stability, 20 draws", lambda: el.cluster_stability(rows, found).jaccard)
    run("hierarchy, 5,000 rows", lambda: el.hierarchy(few).linkage)
    run("pairs above 0.9", lambda: el.similar_pairs(rows, 0.9))
    run("histogram of cosines", lambda: similarity_histogram(rows).counts)
    run("image of the matrix", lambda: similarity_image(rows))
    x, y = rows[:5_000, :2].T.astype(np.float64)

    def correlation(counts: np.ndarray) -> np.ndarray:
        from embedlab.evaluation import rank_correlation

        return rank_correlation(x, y, counts)

    run("bootstrap of a rank correlation", lambda: ResampledEstimate(correlation, np.arange(len(x))).draws)


def digest(found: Any) -> str:  # noqa: ANN401
    """Return a digest of every bit of a result: an array, a graph of neighbours, or tuples and numbers."""
    if hasattr(found, "similarities"):
        found = (found.indices, found.similarities)
    parts = found if isinstance(found, tuple) and hasattr(found[0], "tobytes") else (found,)
    return sha256(b"".join(p.tobytes() if hasattr(p, "tobytes") else repr(p).encode() for p in parts)).hexdigest()


if __name__ == "__main__":
    main()
