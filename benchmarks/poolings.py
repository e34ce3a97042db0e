"""Every pooling at every layer of the bundled model: how its cosines go with the scores that people gave to pairs.

Writes its tables into ``docs/poolings.md``, between markers; the words around them are written by hand.
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from _shared import DATA, RATIOS, put, table
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

import embedlab as el
from embedlab.pooling import POOLING_MODES
from embedlab.samples import sample_path
from embedlab.similarity import paired_cosine_similarity

DOCUMENT = RATIOS.parent / "poolings.md"
ROUNDS = 2000  # resamples for an interval
CHECKED = (("mean", 6), ("max", 3))  # cells that are computed a second time, by `evaluate_sts`
# A pooling and a layer, and what they are set beside; -1 is the last layer.
QUESTIONS = (("mean", 0, "mean", -1), ("mean", 3, "mean", 0), ("max", 0, "mean", 0), ("attention", 0, "mean", 0))

Cosines = dict[el.Variant, NDArray[np.float32]]


class Pairs(NamedTuple):
    """Two lists of texts and the scores people gave to the pairs."""

    texts_a: list[str]
    texts_b: list[str]
    gold: list[float]


@dataclass(frozen=True)
class Source:
    """A file of scored pairs.

    Parameters
    ----------
    path : Path
    columns : tuple of three int
        Places of the two texts and of the score.
    n_header : int, default=0
        Lines before the first pair.
    options : dict
        For ``csv.reader``.
    """

    path: Path
    columns: tuple[int, int, int]
    n_header: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)


SOURCES = {
    "sentence_pairs": Source(sample_path("sentence_pairs"), (0, 1, 2), 1),
    "stsb-en": Source(DATA / "stsb" / "stsb-en-dev.csv", (0, 1, 2)),
    "stsb-de": Source(DATA / "stsb" / "stsb-de-dev.csv", (0, 1, 2)),
    "korsts": Source(DATA / "korsts" / "sts-dev.tsv", (5, 6, 4), 1, {"delimiter": "\t", "quoting": csv.QUOTE_NONE}),
}


def main() -> None:
    """Measure each set of pairs that is at hand, print its tables and write them down."""
    encoder = el.load_encoder("all-MiniLM-L6-v2", precision="float32")
    for name, source in SOURCES.items():
        if not source.path.is_file():
            print(f"{name}: not measured, {source.path.name} is not on this machine. Its old tables stay.\n")
            continue
        pairs = read_pairs(source)
        cosines, n_vectors = embed_once(encoder, pairs)
        check_cells(encoder, pairs, cosines)
        report = f"{describe(cosines, pairs.gold, encoder.n_layers)} {look_ups(pairs, n_vectors)}"
        print(f"### {name}\n\n{report}\n")
        DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), name, report), encoding="utf-8")


def read_pairs(source: Source) -> Pairs:
    """Read a file of scored pairs."""
    with source.path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, **source.options))[source.n_header :]
    first, second, score = ([row[column] for row in rows] for column in source.columns)
    return Pairs(first, second, [float(cell) for cell in score])


def embed_once(encoder: el.Encoder, pairs: Pairs) -> tuple[Cosines, dict[str, int]]:
    """Run the texts through the model once.

    Returns
    -------
    cosines : dict of Variant to array of shape (n,)
        The cosine of every pair for every pooling and layer.
    n_vectors : dict of str to int
        For each pooling, how many different vectors the texts have at layer 0.
    """
    variants = [el.Variant(mode, layer) for mode in POOLING_MODES for layer in range(encoder.n_layers + 1)]
    encoded = encoder.encode_variants([*pairs.texts_a, *pairs.texts_b], variants)
    n_pairs = len(pairs.gold)
    cosines = {
        variant: paired_cosine_similarity(embeddings[:n_pairs], embeddings[n_pairs:])
        for variant, embeddings in encoded.items()
    }
    return cosines, {mode: len(np.unique(encoded[el.Variant(mode, 0)].round(5), axis=0)) for mode in POOLING_MODES}


def look_ups(pairs: Pairs, n_vectors: Mapping[str, int]) -> str:
    """Return a sentence on how little the first and the last token know at layer 0."""
    n_texts = len({*pairs.texts_a, *pairs.texts_b})
    return (
        f"At layer 0, {n_texts:,} different texts have {n_vectors['mean']:,} different vectors by `mean`, "
        f"{n_vectors['lasttoken']:,} by `lasttoken` and {n_vectors['cls']:,} by `cls`."
    )


def spearman(cosines: NDArray[np.float32], gold: Sequence[float]) -> float:
    """Return the rank correlation as `evaluate_sts` has it; NaN where all cosines are equal."""
    return float(spearmanr(cosines, gold).statistic) if np.ptp(cosines) else float("nan")


def check_cells(encoder: el.Encoder, pairs: Pairs, cosines: Cosines) -> None:
    """Stop unless `evaluate_sts`, in a pass of its own, gives what stands in the table."""
    for mode, layer in CHECKED:
        alone = el.evaluate_sts(encoder, *pairs, pooling_mode=mode, layer=layer).spearman
        ours = spearman(cosines[el.Variant(mode, layer)], pairs.gold)
        if not abs(alone - ours) < 1e-4:
            sys.exit(f"{mode}, layer {layer}: {ours:.6f} here, {alone:.6f} from evaluate_sts.")


def resample(cosines: Cosines, gold: Sequence[float], rounds: int = ROUNDS) -> Cosines:
    """Return the correlations of as many pairs drawn with replacement, for each pooling and layer one a round.

    In a round all draw the same pairs, so that the differences of two of them can be taken round by round.
    """
    moving = [variant for variant, values in cosines.items() if np.ptp(values)]
    values = np.stack([*(cosines[variant] for variant in moving), np.asarray(gold)])
    rng, found = np.random.default_rng(0), np.empty((rounds, len(moving)))
    for row in found:
        ranks = rankdata(values[:, rng.integers(values.shape[1], size=values.shape[1])], axis=1)
        ranks -= ranks.mean(axis=1, keepdims=True)
        ranks /= np.linalg.norm(ranks, axis=1, keepdims=True)
        row[:] = ranks[:-1] @ ranks[-1]
    return dict(zip(moving, found.T, strict=True))


def interval(drawn: NDArray) -> tuple[float, float]:
    """Return the ends of the 95 % interval."""
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist()
    return low, high


def describe(cosines: Cosines, gold: Sequence[float], n_layers: int) -> str:
    """Return the tables of one set of pairs as Markdown."""
    drawn = resample(cosines, gold)
    figures = {variant: spearman(values, gold) for variant, values in cosines.items()}
    rows = [layer_row(mode, figures, drawn, n_layers) for mode in POOLING_MODES]
    layers = " | ".join(f"layer {layer}" for layer in range(n_layers + 1))
    apart = max(
        np.abs(cosines[el.Variant("mean", layer)] - cosines[el.Variant("mean_sqrt_len_tokens", layer)]).max()
        for layer in range(n_layers + 1)
    )
    return "\n\n".join(
        (
            f"{len(gold):,} pairs.",
            table(f"pooling | {layers} | best, in resamples", rows),
            table("what | instead of | difference | 95 % interval", differences(figures, drawn, n_layers)),
            f"`mean` and `mean_sqrt_len_tokens`: the largest difference of a cosine, at any layer, is {apart:.0e}.",
        )
    )


def layer_row(mode: str, figures: Mapping[el.Variant, float], drawn: Cosines, n_layers: int) -> str:
    """Return a pooling's line: each layer with half the width of its interval, and the best one."""
    cells, known = [], [layer for layer in range(n_layers + 1) if el.Variant(mode, layer) in drawn]
    best = best_layer(mode, figures, n_layers)
    for layer in range(n_layers + 1):
        variant = el.Variant(mode, layer)
        if layer not in known:
            cells.append("–")
            continue
        low, high = interval(drawn[variant])
        figure = f"{100 * figures[variant]:.1f}"
        cells.append(f"{f'**{figure}**' if layer == best else figure} ± {50 * (high - low):.1f}")
    wins = np.argmax([drawn[el.Variant(mode, layer)] for layer in known], axis=0)
    return f"`{mode}` | {' | '.join(cells)} | {best}, in {100 * np.mean(wins == known.index(best)):.0f} %"


def best_layer(mode: str, figures: Mapping[el.Variant, float], n_layers: int) -> int:
    """Return the layer with the highest correlation."""
    return int(np.nanargmax([figures[el.Variant(mode, layer)] for layer in range(n_layers + 1)]))


def differences(figures: Mapping[el.Variant, float], drawn: Cosines, n_layers: int) -> list[str]:
    """Return lines that set one pooling and layer beside another, on the same pairs."""
    last = [(mode, -1, "mean", -1) for mode in POOLING_MODES if mode not in ("mean", "mean_sqrt_len_tokens")]
    found = {mode: best_layer(mode, figures, n_layers) for mode in POOLING_MODES if mode != "mean_sqrt_len_tokens"}
    inner = [(mode, layer, mode, -1) for mode, layer in found.items() if layer != n_layers]
    rows = []
    for mode, layer, other_mode, other_layer in (*last, *inner, *QUESTIONS):
        layer, other_layer = (place % (n_layers + 1) for place in (layer, other_layer))
        one, other = el.Variant(mode, layer), el.Variant(other_mode, other_layer)
        low, high = (100 * end for end in interval(drawn[one] - drawn[other]))
        difference = 100 * (figures[one] - figures[other])
        names = f"`{mode}`, layer {layer} | `{other_mode}`, layer {other_layer}"
        rows.append(f"{names} | {difference:+.1f} | {low:+.1f} to {high:+.1f}")
    return rows


if __name__ == "__main__":
    main()
