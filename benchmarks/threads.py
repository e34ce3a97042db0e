"""Clusters for one person and for four at once, with the threads of OpenBLAS and with ours alone.

Each case has a process of its own, since what OpenBLAS is told holds for a process. The last case has another program
busy on one core.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
from _shared import print_table

from embedlab.clustering import suggest_n_clusters
from embedlab.compute import keep_blas_to_one_thread

N_ROWS, DIMENSION, N_GROUPS, ROUNDS = 1000, 384, 30, 3
CASES = [("one person", 1, False), ("four people", 4, False), ("one person, another program busy", 1, True)]


def main() -> None:
    """Print a row a case, or measure one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--measure", nargs=2, metavar=("PEOPLE", "BLAS"), help="measure one case, and print the seconds"
    )
    options = parser.parse_args()
    if options.measure:
        people, blas = options.measure
        print(measure(int(people), blas))
        return
    rows = []
    for title, people, is_busy in CASES:
        with busy() if is_busy else contextlib.nullcontext():
            theirs, ours = (median(people, blas) for blas in ("default", "one"))
        rows.append(f"{title} | {theirs:.1f} | {ours:.1f}")
    print_table("numbers of clusters tried for | threads of OpenBLAS, s | our threads, s", rows)


def median(people: int, blas: str) -> float:
    """Return the median seconds of several processes."""
    command = [sys.executable, __file__, "--measure", str(people), blas]
    return statistics.median(float(subprocess.check_output(command, text=True)) for _ in range(ROUNDS))


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Keep one core busy."""
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def measure(people: int, blas: str) -> float:
    """Return the seconds until all people have their clusters."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((N_GROUPS, DIMENSION))
    tables = [
        (centers[rng.integers(0, N_GROUPS, N_ROWS)] + 1.5 * rng.standard_normal((N_ROWS, DIMENSION))).astype(np.float32)
        for _ in range(people)
    ]
    suggest_n_clusters(tables[0][:100])  # Imports are not counted.
    if blas == "one":
        keep_blas_to_one_thread()
    work = [threading.Thread(target=suggest_n_clusters, args=(table,)) for table in tables]
    start = time.perf_counter()
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
