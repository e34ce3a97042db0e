"""How small vectors may be made: quality over bytes on public sets, and what a comparison of twenty compressions takes.

Writes its tables into ``docs/dimensions.md``, between markers; the words around them are written by hand. Texts are
embedded once for each set, and kept for the next time.
"""

import json
import sys
import time

import pandas as pd
from _shared import DATA, RATIOS, put, short_texts, table
from poolings import SOURCES, read_pairs

from embedlab.comparison import MEASURES, Candidate, Comparison, compare, remembering
from embedlab.dimensions import curve_table, curve_verdict, quality_curve, suggest_compressions
from embedlab.gold import Gold, build_gold
from embedlab.models import DEFAULT_MODEL
from embedlab.store import EmbeddingStore

DOCUMENT = RATIOS.parent / "dimensions.md"
SETS = ("stsb-en", "stsb-de", "korsts", "clinc150")
STATIC = f"static-{DEFAULT_MODEL}"
TIMED_TEXTS = 10_000


def main() -> None:
    """Measure each set that is asked for, or all of them; print its tables and write them down."""
    chosen = sys.argv[1:] or [*SETS, "time"]
    for name in chosen:
        report = timed() if name == "time" else describe(name)
        print(f"### {name}\n\n{report}\n")
        DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), name, report), encoding="utf-8")


def describe(name: str) -> str:
    """Return the curve of the bundled model on one set, and what is said of it and of the averaged word vectors."""
    gold = known(name)
    found, candidate = measured(gold, DEFAULT_MODEL)
    curve = quality_curve(found, candidate, found.measures[0])
    title = MEASURES[curve.name].title
    short = {title: "figure", "told apart": "apart", "neighbours kept": "kept", "not beaten": "front"}
    named = curve_table(curve).rename(columns=short)
    rows = [
        f"{f'**{row.vectors}**' if row.smallest else row.vectors} | {row.bytes:,} | {row.figure:.3f} "
        f"| {row.low:.3f} to {row.high:.3f} | {row.apart} | {row.kept:.2f} | {'yes' if row.front else ''}"
        for row in named.dropna(subset="figure").fillna({"apart": "–"}).itertuples()
    ]
    other, static = measured(gold, STATIC)
    return "\n\n".join(
        (
            f"{len(gold.texts):,} texts. {curve_verdict(curve)}",
            table(
                f"vectors | bytes | {title} | 95 % | told from the full ones | neighbours kept | not beaten",
                rows,
            ),
            f"Averaged word vectors ({STATIC}): {curve_verdict(quality_curve(other, static, other.measures[0]))}",
        )
    )


def measured(gold: Gold, model: str, store: EmbeddingStore | None = None) -> tuple[Comparison, Candidate]:
    """Compare the suggested compressions of a model, and return its full vectors' candidate with the figures."""
    load = remembering(gold)
    full = Candidate(model).of(load(Candidate(model)))
    keys = suggest_compressions(load(full).embedding_dimension, len(set(gold.corpus)))
    candidates = [full, *(f"{full.key}~{compression.key}" for compression in keys)]
    return compare(gold, candidates, load=load, store=store, reference=full), full


def known(name: str) -> Gold:
    """Return a set with what is known of its texts."""
    if name != "clinc150":
        pairs = read_pairs(SOURCES[name])
        frame = pd.DataFrame({"text": pairs.texts_a, "other": pairs.texts_b, "score": map(str, pairs.gold)})
        return build_gold(frame, "pairs", {"text": "text", "second": "other", "score": "score"})
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame(splits["val"], columns=["text", "label"])
    return build_gold(frame, "labels", {"text": "text", "label": "label"})


def timed() -> str:
    """Return how long the suggested compressions of ten thousand texts take once these are embedded."""
    texts = short_texts(TIMED_TEXTS)
    gold = build_gold(pd.DataFrame({"text": texts}), "texts", {"text": "text"})
    store = EmbeddingStore()
    began = time.perf_counter()
    compare(gold, [STATIC], store=store)
    embedded = time.perf_counter() - began
    began = time.perf_counter()
    found, _ = measured(gold, STATIC, store)
    seconds = time.perf_counter() - began
    return f"{len(found.results) - 1} compressions of {len(texts):,} texts: {seconds:.0f} s, after {embedded:.0f} s."


if __name__ == "__main__":
    main()
