"""The whole similarity matrix of 100,000 embeddings: its image, its histogram, and the means of its groups.

Rows of 384 numbers around 150 random centres, as texts lie around topics. Beside them what one would otherwise write:
all cosines block by block, averaged over the same pixels; timed on a tenth of the pixel rows and scaled up.
"""

import time

import numpy as np
from _shared import in_turns, print_table

from embedlab.similarity import group_order, group_similarities, pixel_edges, similarity_histogram, similarity_image

ROWS, DIMENSIONS, GROUPS, SIZE, ROUNDS = 100_000, 384, 150, 800, 3
SHARE = 10


def main() -> None:
    """Print seconds, and how far the image lies from the one made of all cosines."""
    rng = np.random.default_rng(0)
    labels = rng.integers(GROUPS, size=ROWS)
    rows = rng.standard_normal((ROWS, DIMENSIONS), dtype=np.float32)
    rows += rng.standard_normal((GROUPS, DIMENSIONS), dtype=np.float32)[labels]
    order = group_order(rows, labels).order
    seconds = in_turns(
        {
            "order by group": lambda: group_order(rows, labels),
            f"image, {SIZE} × {SIZE}": lambda: similarity_image(rows, order, SIZE),
            "image of one group, cell by cell": lambda: similarity_image(rows, order, SIZE, (0, 600), (0, 600)),
            "histogram, mean and spread": lambda: similarity_histogram(rows, 200),
            f"means within and between {GROUPS} groups": lambda: group_similarities(rows, labels),
        },
        ROUNDS,
    )
    start = time.perf_counter()
    expected = by_all_cosines(rows[order], SIZE // SHARE)
    seconds["image from all cosines, block by block"] = (time.perf_counter() - start) * SHARE
    print_table(f"{ROWS:,} × {DIMENSIONS} | seconds", [f"{name} | {taken:.2g}" for name, taken in seconds.items()])
    image = similarity_image(rows, order, SIZE)[: SIZE // SHARE]
    print(f"\nLargest difference between the two images: {np.abs(image - expected).max():.1e}")


def by_all_cosines(rows: np.ndarray, n_pixels: int) -> np.ndarray:
    """Return the first rows of pixels the long way."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    edges = pixel_edges((0, len(rows)), SIZE, len(rows))
    widths = np.diff(edges)
    image = np.empty((n_pixels, SIZE))
    for pixel in range(n_pixels):
        block = (unit[edges[pixel] : edges[pixel + 1]] @ unit.T).mean(axis=0)
        image[pixel] = np.add.reduceat(block, edges[:-1]) / widths
    return image


if __name__ == "__main__":
    main()
