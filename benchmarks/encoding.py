"""Encoding beside what a user would otherwise write, ``SentenceTransformer.encode`` with its defaults: ``make bench``.

The same texts (all different ones of the three bundled samples), the same weights, one process, the ways taking turns;
medians of five rounds. Only the ratios mean something: absolute times depend on the machine and what else it does.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

import embedlab as el
from embedlab.catalog import DEFAULT_MODEL, catalog
from embedlab.samples import SAMPLES, read_sample

ROUNDS = 5


def main() -> None:
    """Print a table as Markdown, once for all texts and once without the few long ones."""
    columns = [(name, SAMPLES[name].text_column) for name in SAMPLES] + [("sentence_pairs", "sentence2")]
    texts = list(dict.fromkeys(text for name, column in columns for text in read_sample(name).frame[column]))
    library = SentenceTransformer(str(catalog()[DEFAULT_MODEL].bundled_folder()), device="cpu")
    exact = el.load_encoder(device="cpu", precision="float32")
    auto = el.load_encoder(device="cpu", precision="auto")
    ways = {
        "SentenceTransformer.encode, defaults": library.encode,
        'embedlab, precision="float32"': exact.encode,
        f'embedlab, precision="auto" ({auto.precision} here)': auto.encode,
    }
    lengths = exact.tokenizer.count(texts)
    # A few long texts cost the library most: each batch of 32 is padded to its longest.
    for longest in (lengths.max(), 64):
        chosen = [text for text, length in zip(texts, lengths, strict=True) if length <= longest]
        mean = lengths[lengths <= longest].mean()
        print(f"\n{len(chosen)} texts of {mean:.0f} tokens on average, {longest} at most; {ROUNDS} rounds\n")
        compare(ways, chosen)


def compare(ways: dict[str, Callable[[list[str]], NDArray[np.float32]]], texts: list[str]) -> None:
    """Time the ways in turns and print one row each; the first is the reference."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    found = {name: encode(texts) for name, encode in ways.items()}  # the first call of each is not timed
    for _ in range(ROUNDS):
        for name, encode in ways.items():
            start = time.perf_counter()
            encode(texts)
            seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    reference = next(iter(ways))
    print("| way | times as fast | lowest cosine to the library's float32 |\n|---|---|---|")
    for name in ways:
        cosine = np.einsum("ij,ij->i", found[name], found[reference]).min()
        print(f"| {name} | {medians[reference] / medians[name]:.2f} | {min(cosine, 1):.5f} |")


if __name__ == "__main__":
    main()
