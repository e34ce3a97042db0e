"""How long a person waits for the first map of the sample, in a browser, when the app has been up for 20 seconds.

Each round starts a server and a browser of its own, with nothing cached, on the same machine.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from _shared import print_table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import running_browser, running_server

UP_FOR, ROUNDS = 20, 3
PAGES = {"Home": "", "Clusters": "Clusters"}


def main() -> None:
    """Print the medians over the rounds for the home page and, opened first, the Clusters page."""
    rows = []
    for title, path in PAGES.items():
        pages, maps = zip(*(first_map(path) for _ in range(ROUNDS)), strict=True)
        after = [drawn - shown for shown, drawn in zip(pages, maps, strict=True)]
        rows.append(f"{title} | {statistics.median(pages):.1f} | {statistics.median(after):.1f} | {max(after):.1f}")
    print_table(
        f"opened {UP_FOR} s after the start | seconds to the page | from the page to the map, median | worst", rows
    )


def first_map(path: str) -> tuple[float, float]:
    """Start a server, wait, open a page, and return the seconds until its title and until its map are there."""
    with tempfile.TemporaryDirectory() as folder, running_server(folder) as address, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        time.sleep(UP_FOR)
        start = time.perf_counter()
        page.goto(f"{address}/{path}")
        page.wait_for_selector("h1", timeout=60_000)
        shown = time.perf_counter() - start
        page.wait_for_selector(".map[data-drawn]", timeout=60_000)
        return shown, time.perf_counter() - start


if __name__ == "__main__":
    main()
