"""What the bundled model can and cannot do: its poolings, 8 bits, averaged word vectors and word counts in every probe.

Writes its tables into ``docs/probes.md``, between markers; the words around them are written by hand.
"""

from collections.abc import Mapping

from _shared import RATIOS, put, table

from embedlab.comparison import Candidate
from embedlab.models import DEFAULT_MODEL, STATIC_PREFIX, TFIDF
from embedlab.probes import LANGUAGES, PROBES, ReportCard, bundled_sets
from embedlab.reportcards import probe_candidates

DOCUMENT = RATIOS.parent / "probes.md"
TRAINED = Candidate(DEFAULT_MODEL, "mean", precision="float32")
# `mean_sqrt_len_tokens` has the cosines of `mean`.
POOLINGS = ("weightedmean", "attention", "cls", "max", "lasttoken")
OTHERS = {
    **{mode: Candidate(DEFAULT_MODEL, mode, precision="float32") for mode in POOLINGS},
    "int8": Candidate(DEFAULT_MODEL, "mean", precision="int8"),
    "word vectors": Candidate(STATIC_PREFIX + DEFAULT_MODEL),
    "TF-IDF": Candidate(TFIDF),
}


def main() -> None:
    """Probe all of them on every bundled contest, print a table for each language and write it down."""
    write("abilities", abilities())
    found = list(probe_candidates([TRAINED, *OTHERS.values()], bundled_sets(), on_step=print).values())
    cards = dict(zip(OTHERS, found[1:], strict=True))
    for language, name in LANGUAGES.items():
        report = describe(found[0], cards, language)
        print(f"\n### {name}\n\n{report}")
        write(language, report)


def write(name: str, report: str) -> None:
    """Put a report between its markers."""
    DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), name, report), encoding="utf-8")


def abilities() -> str:
    """Return what is probed and what a failure means, as Markdown."""
    rows = [
        f"{known.title} (`{key}`) | {known.asks} | {known.search} | {known.duplicates} | {known.clusters}"
        for key, known in PROBES.items()
    ]
    return table("probe | asks | where it fails: search | duplicates | clusters", rows)


def describe(trained: ReportCard, others: Mapping[str, ReportCard], language: str) -> str:
    """Return the scores of all in one language as Markdown, each held against the model as trained."""
    rows = []
    for probe, known in PROBES.items():
        (score,) = trained.of_probe(probe, language)
        low, high = score.interval or (0.0, 1.0)
        own = f"**{100 * score.score:.0f}** ({100 * low:.0f} to {100 * high:.0f}) | {score.margin:+.2f}"
        beside = [_beside(trained, card, probe, language, len(others)) for card in others.values()]
        rows.append(" | ".join([known.title, str(score.n_items), own, *beside]))
    return table(" | ".join(["probe", "contests", "as trained (95 %)", "margin", *others]), rows)


def _beside(trained: ReportCard, card: ReportCard, probe: str, language: str, n_comparisons: int) -> str:
    """Return the score of another one, with a sign where it is told apart from the model as trained."""
    apart = card.difference(trained, probe, language, n_comparisons)
    sign = ("▲" if apart.value > 0 else "▼") if apart.is_clear else ""
    return f"{100 * card.score(probe, language):.0f}{sign}"


if __name__ == "__main__":
    main()
