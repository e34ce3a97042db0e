"""How long a person waits for a comparison of the sample in a browser, and where the time goes.

Four candidates, as the page offers them. Cold: a server that has just started, has nothing kept and warms nothing up.
Warm: one that has warmed up, which ends with distilling the static vectors; the comparison itself is new to both.
"""

import os
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from _shared import print_table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import COLD, EMBEDLAB, running_browser, running_server, settle, wait_until
from golds import sample_gold

from embedlab.comparison import compare

SAMPLE = "support_messages"
CANDIDATES = [
    "all-MiniLM-L6-v2",
    "all-MiniLM-L6-v2~cls",
    "static-all-MiniLM-L6-v2",
    "tf-idf",
]
ROUNDS, WARM_UP_SECONDS = 3, 180


def main() -> None:
    """Print seconds from the click, and those of each step in this process."""
    rows = []
    for title, program in (("cold", COLD), ("warm", (EMBEDLAB,))):
        firsts, wholes = zip(*(from_click(program, warms_up=title == "warm") for _ in range(ROUNDS)), strict=True)
        rows.append(f"{title} | {statistics.median(firsts):.1f} | {statistics.median(wholes):.1f} | {max(wholes):.1f}")
    print_table("models | seconds to the first figures | to all of them | worst", rows)
    print_table("step | cold, s | warm, s", by_step())


def from_click(program: tuple[str, ...], *, warms_up: bool) -> tuple[float, float]:
    """Start a server with nothing kept, and return the seconds from the click to the first and to all figures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(folder, program=program, EMBEDLAB_CACHE=f"{folder}/cache") as address,
        running_browser() as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(180_000)
        page.goto(f"{address}/Compare?dataset={SAMPLE}")
        settle(page)
        if warms_up:
            wait_until(lambda: any(Path(folder, "cache", "models").glob("*-static-*")), WARM_UP_SECONDS)
        page.get_by_role("button", name="Compare", exact=True).click()
        start = time.perf_counter()
        page.get_by_test_id("stDataFrame").first.wait_for()
        first = time.perf_counter() - start
        page.get_by_text("comes first").wait_for()
        whole = time.perf_counter() - start
        # At once: whoever waits sees that it goes on, and beside which load each figure was taken.
        print(f"{first:.1f} s, {whole:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        return first, whole


def by_step() -> list[str]:
    """Compare twice in this process, with nothing kept and nothing loaded at first; return a row for each step."""
    gold = sample_gold(SAMPLE)
    columns: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EMBEDLAB_CACHE"] = folder
        for _ in range(2):
            begun: list[tuple[str, float]] = []
            compare(gold, CANDIDATES, on_step=lambda step, begun=begun: begun.append((step, time.perf_counter())))
            begun.append(("", time.perf_counter()))
            columns.append({step: end - start for (step, start), (_, end) in pairwise(begun)})
    cold, warm = columns
    return [f"{step} | {cold[step]:.2f} | {warm[step]:.2f}" for step in cold]


if __name__ == "__main__":
    main()
