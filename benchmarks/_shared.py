"""What the benchmarks share: texts, turns, tables."""

import csv
import json
import random
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from embedlab.samples import sample_texts

Found = TypeVar("Found")

RATIOS = Path(__file__).resolve().parents[1] / "docs" / "performance.json"
DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def short_texts(n_texts: int) -> list[str]:
    """Return so many different short texts, the same on every call.

    Those of public data sets where they are at hand, else of the samples; where they do not suffice, two are joined.
    """
    known = list(dict.fromkeys(text for text in (_public_texts() if DATA.is_dir() else sample_texts()) if text.strip()))
    rng = random.Random(0)
    rng.shuffle(known)
    found = dict.fromkeys(known[:n_texts])
    while len(found) < n_texts:
        found[f"{rng.choice(known)} {rng.choice(known)}"] = None
    return list(found)


def _public_texts() -> Iterator[str]:
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    yield from (text for rows in splits.values() for text, _ in rows)
    questions = (DATA / "parakqc" / "paraKQC_v1.txt").read_text(encoding="utf-8")
    yield from (line.split("\t")[-1] for line in questions.splitlines())
    for language in ("en", "de"):
        with (DATA / "stsb" / f"stsb-{language}-dev.csv").open(encoding="utf-8", newline="") as stream:
            yield from (text for row in csv.reader(stream) for text in row[:2])


def mixed_texts(n_texts: int) -> list[str]:
    """Return different texts of one to six sentences: most short, some long, 24 tokens on average."""
    file = DATA / "stsb" / "stsb-en-dev.csv"
    sentences = sample_texts()
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            sentences = list(dict.fromkeys(text for row in csv.reader(stream) for text in row[:2]))
    rng, texts = random.Random(0), dict[str, None]()
    while len(texts) < n_texts:
        texts[" ".join(rng.choices(sentences, k=rng.choices([1, 2, 3, 6], [70, 20, 8, 2])[0]))] = None
    return list(texts)


def in_turns(ways: Mapping[str, Callable[[], object]], rounds: int, rest: float = 0.0) -> dict[str, float]:
    """Run the ways one after the other, several rounds, and return the median seconds of each.

    The first call of each is not counted: it pays for compilation and cold caches. Seconds of rest in between let the
    threads of one library fall asleep before the next begins.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for counts in range(rounds + 1):
        for name, way in ways.items():
            time.sleep(rest)
            start = time.perf_counter()
            way()
            if counts:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def timed_with_another(way: Callable[[Any], Found], given: object) -> tuple[Found, float, float]:
    """Return what a call gives, its seconds, and the longest that another thread had to wait meanwhile.

    That thread wakes up every millisecond. While Python's lock is held it cannot, and neither can anybody's page.
    """
    ended, longest = threading.Event(), [0.0]

    def wake() -> None:
        last = time.perf_counter()
        while not ended.is_set():
            time.sleep(0.001)
            longest[0], last = max(longest[0], time.perf_counter() - last), time.perf_counter()

    other = threading.Thread(target=wake)
    other.start()
    start = time.perf_counter()
    try:
        found = way(given)
        return found, time.perf_counter() - start, longest[0]
    finally:
        ended.set()
        other.join()


def record(ratios: Mapping[str, float]) -> None:
    """Write how many times as fast something is to the file the figure is drawn from."""
    kept = json.loads(RATIOS.read_text(encoding="utf-8")) if RATIOS.is_file() else {}
    kept |= {name: round(ratio, 1) for name, ratio in ratios.items()}
    RATIOS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def put(document: str, name: str, report: str) -> str:
    """Return the document with the report between the markers of that name."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    whole, n_found = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n\n{report}\n\n{end}", document, flags=re.DOTALL
    )
    if n_found != 1:
        sys.exit(f"The document needs the markers {begin} and {end} once.")
    return whole


def print_table(header: str, rows: list[str]) -> None:
    """Print a table as Markdown; cells are separated by ``|``."""
    print(table(header, rows))


def table(header: str, rows: list[str]) -> str:
    """Return a table as Markdown; cells are separated by ``|``."""
    columns = header.count("|") + 1
    return "\n".join([f"| {header} |", f"|{'---|' * columns}", *(f"| {row} |" for row in rows)])
