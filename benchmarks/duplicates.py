"""All pairs of 100,000 texts above a cosine of 0.8, beside plain matrix products and sentence-transformers.

Mixtures of two of 8,000 embeddings of short texts by all-MiniLM-L6-v2, which are dense with pairs; and rows around ten
thousand random centres. One run each, after a small one that pays for compilation. Then what a threshold costs.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from _shared import print_table, short_texts

import embedlab as el

ROWS, DIMENSIONS, FLOOR = 100_000, 384, 0.8


def main() -> None:
    """Print seconds, what was found, and how long a threshold takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS, help="number of texts")
    parser.add_argument("--peers", action="store_true", help="run the other ways, too")
    options = parser.parse_args()
    texts, mixed = [str(row) for row in range(options.rows)], mixtures(options.rows)
    el.find_duplicates(texts[:12_000], mixed[:12_000])
    rows = []
    for name, embeddings in {"mixtures": mixed, "clouds": clouds(options.rows)}.items():
        found, seconds = timed(lambda data=embeddings: el.find_duplicates(texts, data, FLOOR))
        rows.append(f"{name}, `find_duplicates` | {seconds:.1f} | {len(found.i):,}")
        for threshold in (found.floor, 0.95):
            groups, seconds = timed(lambda at=threshold, found=found: found.at(at))
            central, chosen = timed(lambda groups=groups: groups.keep("central"))
            rows.append(f"{name}, `at({threshold:.2f})` | {seconds:.3f} | {groups.n_pairs:,} in {groups.n_groups:,}")
            rows.append(f'{name}, `keep("central")` | {chosen:.3f} | {len(central) - central.sum():,} rows removed')
        if options.peers:
            for peer, way in {"numpy": by_numpy, "`paraphrase_mining_embeddings`": by_mining}.items():
                n_pairs, seconds = timed(lambda way=way, data=embeddings: way(data))
                rows.append(f"{name}, {peer} | {seconds:.1f} | {n_pairs:,}")
    print_table(f"{options.rows:,} × {DIMENSIONS}, floor {FLOOR} | seconds | pairs found", rows)


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """Return what the work returns, and its seconds."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def mixtures(n_rows: int) -> np.ndarray:
    """Return weighted sums of two embeddings each, of 8,000 different short texts."""
    unit, rng = el.load_encoder().encode(short_texts(8_000)), np.random.default_rng(0)
    first, second = (unit[rng.integers(len(unit), size=n_rows)] for _ in range(2))
    return first + rng.uniform(0.5, 1, (n_rows, 1)).astype(np.float32) * second


def clouds(n_rows: int) -> np.ndarray:
    """Return rows around ten thousand centres: some ten to each, alike by about 0.8."""
    rng = np.random.default_rng(0)
    centers = rng.standard_normal((10_000, DIMENSIONS), dtype=np.float32)
    rows = 0.5 * rng.standard_normal((n_rows, DIMENSIONS), dtype=np.float32)
    return rows + centers[rng.integers(len(centers), size=n_rows)]


def by_numpy(embeddings: np.ndarray, step: int = 1000) -> int:
    """Compare as a short script would: a band of all with all at a time."""
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    found = 0
    for start in range(0, len(unit), step):
        i, j = np.nonzero(unit[start : start + step] @ unit.T >= FLOOR)
        found += int((i + start < j).sum())
    return found


def by_mining(embeddings: np.ndarray) -> int:
    """Take the best hundred of each row, as sentence-transformers does."""
    import torch
    from sentence_transformers.util import paraphrase_mining_embeddings

    pairs = paraphrase_mining_embeddings(torch.from_numpy(embeddings), max_pairs=2_000_000)
    return sum(score >= FLOOR for score, *_ in pairs)


if __name__ == "__main__":
    main()
