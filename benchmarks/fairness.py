"""Queries while a long job runs: how long the worst one waits, and how much longer the job takes."""

import statistics
import threading
import time

from _shared import mixed_texts, print_table

import embedlab as el

N_TEXTS, PAUSE, ROUNDS = 6000, 0.2, 3


def main() -> None:
    """Print the medians over the rounds; a query is asked every 0.2 seconds while the job runs."""
    encoder, texts = el.load_encoder(), mixed_texts(N_TEXTS)
    encoder.encode(texts[:500])
    alone, together, waits, alone_waits = [], [], [], []
    for _ in range(ROUNDS):
        alone.append(timed(encoder, texts))
        alone_waits += [ask(encoder) for _ in range(10)]
        took, waited = with_queries(encoder, texts)
        together.append(took)
        waits += waited
    rows = [
        f"query, nobody else | {statistics.median(alone_waits):.3f} s, worst {max(alone_waits):.3f} s",
        f"query while {N_TEXTS:,} texts are encoded | {statistics.median(waits):.3f} s, worst {max(waits):.3f} s",
        f"the job with a query every {PAUSE} s | "
        f"{statistics.median(together) / statistics.median(alone):.2f} times as long as alone",
    ]
    print_table(f"{len(waits)} queries ({encoder.backend}, {encoder.precision}) | time", rows)


def timed(encoder: el.Encoder, texts: list[str]) -> float:
    """Return the seconds a job takes."""
    start = time.perf_counter()
    encoder.encode(texts)
    return time.perf_counter() - start


def ask(encoder: el.Encoder) -> float:
    """Return the seconds a query takes."""
    start = time.perf_counter()
    encoder.encode_query("where is my parcel?")
    return time.perf_counter() - start


def with_queries(encoder: el.Encoder, texts: list[str]) -> tuple[float, list[float]]:
    """Run a job and queries beside it; return the seconds of the job and of each query."""
    took: list[float] = []
    job = threading.Thread(target=lambda: took.append(timed(encoder, texts)))
    job.start()
    waits = []
    while job.is_alive():
        time.sleep(PAUSE)
        waits.append(ask(encoder))
    return took[0], waits


if __name__ == "__main__":
    main()
