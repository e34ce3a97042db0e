"""Search in a million embeddings, one query at a time: exact, and by one bit a dimension, beside FAISS and plain numpy.

A million rows of 384 numbers around ten thousand random centres, as texts lie around topics; new queries each time, the
ways taking turns, medians. Then how many of the true best are found among fifty thousand short texts: by the model that
comes along, and by averaged word vectors, which lie much closer together. Needs the package faiss-cpu (``pip install
'embedlab[bench]'``).
"""

import numpy as np
from _shared import in_turns, print_table, record, short_texts

from embedlab.encoders import load_encoder
from embedlab.models import DEFAULT_MODEL
from embedlab.search import SearchIndex

ROWS, DIMENSIONS, TOP_K, ROUNDS = 1_000_000, 384, 10, 30
TEXTS = {DEFAULT_MODEL: 50_000, "static-all-MiniLM-L6-v2": 50_000}
MULTIPLIERS = (5, 10, 20, 40)


def main() -> None:
    """Print what it takes, and how much is found."""
    search_a_million()
    recall_on_texts()


def search_a_million() -> None:
    """Print times as ratios, and how many of the true best ten are found."""
    import faiss
    import torch

    rng = np.random.default_rng(0)
    rows, queries = clustered_rows(rng), clustered_rows(rng, ROUNDS + 1)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(rows)
    index = SearchIndex([""] * ROWS, rows)
    binary = SearchIndex([""] * ROWS, rows, corpus_precision="binary")
    halves = torch.from_numpy(rows).half().view(torch.int64)
    asked = {name: iter(queries) for name in ("faiss", "numpy", "ours", "binary")}
    ours: list[set[int]] = []
    ways = {
        "FAISS `IndexFlatIP`": lambda: flat.search(next(asked["faiss"])[None], TOP_K),
        "numpy float32 and argpartition": lambda: best_by_numpy(rows, next(asked["numpy"])),
        "`SearchIndex.search`": lambda: ours.append({hit.index for hit in index.search(next(asked["ours"]), TOP_K)}),
        '`SearchIndex.search`, `corpus_precision="binary"`': lambda: binary.search(next(asked["binary"]), TOP_K),
        "reading the half-precision rows once": lambda: halves.sum(),
    }
    seconds = in_turns(ways, ROUNDS, rest=0.3)
    exact = [set(np.argsort(-(rows.astype(np.float64) @ query))[:TOP_K]) for query in queries[:10]]
    recall = sum(len(best & hits) for best, hits in zip(exact, ours, strict=False)) / (TOP_K * len(exact))
    reference = seconds["FAISS `IndexFlatIP`"]
    print_table(
        f"{ROWS:,} × {DIMENSIONS}, best {TOP_K} | ms | times as fast",
        [f"{name} | {1000 * taken:.0f} | {reference / taken:.1f}" for name, taken in seconds.items()],
    )
    record({"search in a million | FAISS IndexFlatIP": reference / seconds["`SearchIndex.search`"]})
    print(f"\nShare of the true best {TOP_K} found by SearchIndex (in float64, {len(exact)} queries): {recall:.3f}")
    print(f"Memory beside the rows: {index.nbytes / 2**20:.0f} MiB; binary {binary.nbytes / 2**20:.0f} MiB\n")


def recall_on_texts() -> None:
    """Print how many of the true best single bits find in embeddings of real texts."""
    lines = []
    for name, n_texts in TEXTS.items():
        texts = short_texts(n_texts)
        rows = load_encoder(name).encode(texts)
        recalls = [
            SearchIndex(texts, rows, corpus_precision="binary", rescore_multiplier=times).recall(TOP_K)
            for times in MULTIPLIERS
        ]
        shape = f"{n_texts:,} × {rows.shape[1]}"
        lines.append(" | ".join([name, shape, *(f"{recall:.3f}" for recall in recalls)]))
    times = " | ".join(f"{times} times" for times in MULTIPLIERS)
    print_table(f"Share of the best {TOP_K} found, so many looked at again | rows | {times}", lines)


def clustered_rows(rng: np.random.Generator, n_rows: int = ROWS) -> np.ndarray:
    """Return rows of length 1, each around one of ten thousand centres."""
    centers = np.random.default_rng(1).standard_normal((10_000, DIMENSIONS), dtype=np.float32)
    rows = rng.standard_normal((n_rows, DIMENSIONS), dtype=np.float32)
    rows += centers[rng.integers(len(centers), size=n_rows)]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def best_by_numpy(rows: np.ndarray, query: np.ndarray) -> list[int]:
    """Search as a short script would."""
    scores = rows @ query
    best = np.argpartition(scores, -TOP_K)[-TOP_K:]
    return best[np.argsort(-scores[best])].tolist()


if __name__ == "__main__":
    main()
