"""What training makes of the bundled model: recipe by recipe on public sets, before and after, the harmful ones too.

``python benchmarks/training.py [ROW ...]`` trains the rows of ``_lessons.py`` that are asked for, or all of them, each
on one thread, and writes ``docs/training.json`` after each; the table of ``docs/training.md`` is drawn from it.
``python benchmarks/training.py verdict`` prints what is said of the recipe that does harm, translations alone held out.
"""

import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _lessons import LESSONS, Lesson, as_pairs
from _shared import DATA, RATIOS, put, table

import embedlab as el
from embedlab.comparison import MEASURES, Candidate, compare
from embedlab.encoders import Encoder
from embedlab.gold import Gold
from embedlab.intervals import difference
from embedlab.models import DEFAULT_MODEL
from embedlab.training import Training, train

DOCUMENT = RATIOS.parent / "training.md"
KEPT = RATIOS.parent / "training.json"
FIGURES = ("spearman", "neighbor_purity", "probe_accuracy", "ari")
ROUNDS = 5
# The same model is not always as fast as itself.
WORTH_SAYING = 1.2

Row = dict[str, Any]


def main() -> None:
    """Train and judge the rows that are asked for, and write down what is known of all of them."""
    if not DATA.is_dir():
        sys.exit(f"The public sets are not on this machine: {DATA} is missing.")
    if sys.argv[1:] == ["verdict"]:
        print_verdict()
        return
    for name in sys.argv[1:] or LESSONS:
        known = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
        known[name] = measured(LESSONS[name])
        KEPT.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        report = described(known)
        DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), "recipes", report), encoding="utf-8")
        print(described({name: known[name]}), flush=True)


def print_verdict() -> None:
    """Learn from 800 of 1,000 translations what belongs together; print the verdict, and what scored pairs say."""
    examples, golds = as_pairs(1_000)
    with tempfile.TemporaryDirectory() as folder:
        done = train(
            DEFAULT_MODEL, examples, recipe="together", num_train_epochs=1, n_threads=1, folder=Path(folder) / "trained"
        )
        print(done.verdict.table.to_string(), done.verdict.sentence, sep="\n")
        for name, gold in golds.items():
            before, after = (
                each.figures["spearman"].value for each in compare(gold, [DEFAULT_MODEL, str(done.folder)]).results
            )
            print(f"{name}: Spearman {before:.3f} before, {after:.3f} after")


def measured(lesson: Lesson) -> Row:
    """Train on one thread and hold what came of it against what was there before."""
    examples, golds = lesson.make()
    with tempfile.TemporaryDirectory() as folder:
        began = cpu_of_children()
        done = train(
            lesson.model, examples, held_out=None, n_threads=1, folder=Path(folder) / "trained", **lesson.options
        )
        seconds = cpu_of_children() - began
        before, after = el.load_encoder(lesson.model), done.encoder()
        figures = [each for name, gold in golds.items() for each in changes(lesson, done, name, gold)]
        return {
            "seconds": round(seconds),
            "steps": len(done.losses),
            "loss": [tenth(done, 0), tenth(done, 9)],
            "figures": figures,
            "times": round(times_as_fast(before, after, next(iter(golds.values()))), 2),
        }


def cpu_of_children() -> float:
    """Return the seconds of processor time of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tenth(done: Training, number: int) -> float:
    """Return the mean loss of a tenth of the steps: that of one batch says little."""
    losses = [loss for _, loss in done.losses]
    n = max(1, len(losses) // 10)
    return round(statistics.mean(losses[:n] if number == 0 else losses[-n:]), 4)


def changes(lesson: Lesson, done: Training, name: str, gold: Gold) -> list[Row]:
    """Return each figure of the old and of the new model, and the interval of their difference."""
    models = {lesson.model: "before", str(done.folder): "after"}
    found = compare(gold, [f"{model}{ending}" for model in models for ending in ("", *lesson.endings)])
    rows = []
    for ending in ("", *lesson.endings):
        old, new = (
            next(
                each
                for each in found.results
                if each.candidate.model == model
                and each.candidate.compression == Candidate.parse(f"x{ending}").compression
            )
            for model in models
        )
        for figure in (each for each in FIGURES if each in old.figures):
            change = difference(new.figures[figure], old.figures[figure])
            rows.append(
                {
                    "of": name + ending.replace("~dim", ", first ").replace("~pca", ", PCA to "),
                    "figure": figure,
                    "before": old.figures[figure].value,
                    "after": new.figures[figure].value,
                    "change": [change.value, change.low, change.high],
                }
            )
    return rows


def times_as_fast(before: Encoder, after: Encoder, gold: Gold) -> float:
    """Return the processor time of the old model over that of the new one, the same texts in turns."""
    texts = list(gold.texts[:500])
    seconds: dict[Encoder, list[float]] = {before: [], after: []}
    for counts in range(ROUNDS + 1):
        for encoder in (before, after):
            began = time.process_time()
            encoder.encode(texts)
            if counts:
                seconds[encoder].append(time.process_time() - began)
    return statistics.median(seconds[before]) / statistics.median(seconds[after])


def described(known: Row) -> str:
    """Return the table of the rows that were measured, in the order of the lessons."""
    rows = []
    for name in (each for each in LESSONS if each in known):
        row = known[name]
        for place, each in enumerate(row["figures"]):
            value, low, high = (100 * part for part in each["change"])
            told = [f"**{LESSONS[name].title}**, {LESSONS[name].learned}"]
            if row["times"] > WORTH_SAYING:
                told[0] += f"; {row['times']:.1f} times as fast"
            cost = f"{row['seconds']:,} ({row['steps']:,})"
            loss = f"{row['loss'][0]:.3g} to {row['loss'][1]:.3g}" if row["loss"] else "–"
            begins = [*told, cost, loss] if place == 0 else [""] * 3
            figure = f"{each['of']}: {MEASURES[each['figure']].title}"
            change = f"{value:+.1f} [{low:.1f}, {high:.1f}]"
            rows.append(
                " | ".join(
                    [
                        begins[0],
                        figure,
                        f"{100 * each['before']:.1f}",
                        f"{100 * each['after']:.1f}",
                        change,
                        *begins[1:],
                    ]
                )
            )
    return table("recipe, data | judged by | before | after | change, 95 % | processor s (steps) | loss", rows)


if __name__ == "__main__":
    main()
