"""Wrong labels found again: 2 % of the labels of CLINC150 are flipped, and the suspects are read from the top.

22,500 questions, 150 intents, all-MiniLM-L6-v2; each flipped row gets another label at random. What is given is the
share of the flipped rows among as many suspects as were flipped, for three draws, and how long it took.
"""

import json
import time

import numpy as np
from _shared import DATA, print_table
from numpy.typing import NDArray

import embedlab as el

FLIPPED, DRAWS = 0.02, 3


def main() -> None:
    """Print the table as Markdown."""
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    rows = [row for name in ("train", "val", "test") for row in splits[name]]
    embeddings = el.load_encoder().encode([text for text, _ in rows])
    labels = np.array([label for _, label in rows], dtype=object)
    lines = [describe("as published", embeddings, labels, np.zeros(0, dtype=np.int64))]
    for draw in range(DRAWS):
        wrong, flipped = flip(labels, np.random.default_rng(draw))
        lines.append(describe(f"2 % flipped, draw {draw}", embeddings, wrong, flipped))
    print_table(f"{len(labels):,} labels | accuracy | suspects | flipped rows found | seconds", lines)


def flip(labels: NDArray[np.object_], rng: np.random.Generator) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the labels with some replaced by others, and the rows where they were."""
    rows = rng.choice(len(labels), round(FLIPPED * len(labels)), replace=False)
    names, wrong = sorted(set(labels)), labels.copy()
    for row in rows:
        wrong[row] = rng.choice([name for name in names if name != labels[row]])
    return wrong, rows


def describe(
    name: str, embeddings: NDArray[np.float32], labels: NDArray[np.object_], flipped: NDArray[np.int64]
) -> str:
    """Return a row of the table."""
    start = time.perf_counter()
    found = el.classify(embeddings, labels)
    seconds = time.perf_counter() - start
    suspects = found.suspects()
    share = f"{np.isin(flipped, suspects[: len(flipped)]).mean():.1%}" if len(flipped) else "–"
    return f"{name} | {found.accuracy:.4f} | {len(suspects):,} | {share} | {seconds:.0f}"


if __name__ == "__main__":
    main()
