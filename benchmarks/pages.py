"""Every page with 100,000 rows, in a browser: seconds from a click to the settled page.

The first visit computes what the page shows. Then each page is left and opened again several times, and something is
clicked on it: these are the times a person lives with.
"""

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from _shared import print_table, short_texts
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import running_browser, running_server, settle

ROUNDS = 5
PATIENCE = 900_000


def pick(label: str) -> Callable[[Page, int], None]:
    """Return a click on one of two choices, the other one at every turn."""
    names = label.split("/")
    return lambda page, turn: page.get_by_role("radio", name=names[turn % 2], exact=True).click()


def ask(page: Page, turn: int) -> None:
    """Search for something else."""
    box = page.get_by_role("searchbox").or_(page.get_by_label("What are you looking for?")).first
    box.fill(f"transfer money to account {turn}")
    box.press("Enter")


def slide(page: Page, turn: int) -> None:
    """Move the threshold by one step."""
    handle = page.get_by_role("slider", name="Threshold")
    handle.focus()
    handle.press("ArrowLeft" if turn % 2 else "ArrowRight")


# A page, its address, what is done on it, and how.
VISITS: list[tuple[str, str, str, Callable[[Page, int], None]]] = [
    ("Data", "", "choose another way to bring texts", pick("Paste texts/Upload files")),
    ("Clusters", "", "look at outliers, at clusters", pick("Outliers/Clusters")),
    ("Search", "query=late", "search for something else", ask),
    ("Similarity", "matrix_texts=All+texts", "order by label, by cluster", pick("Label/Cluster")),
    ("Duplicates", "", "move the threshold", slide),
    ("Classification", "", "look at the wrong ones, at confusions", pick("Confidently wrong/Confusions")),
    ("Home", "", "", lambda page, turn: None),
]


def main() -> None:
    """Print a row a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--model", default="all-MiniLM-L6-v2")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        write_rows(file, options.rows)
        with running_server(folder) as address, running_browser() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 1200})
            page.set_default_timeout(PATIENCE)
            start = time.perf_counter()
            dataset = upload(page, address, file)
            shared = f"dataset={dataset}&model={options.model}"
            print(f"upload {time.perf_counter() - start:.0f} s", file=sys.stderr)
            rows = [measure(page, address, shared, *visit) for visit in VISITS]
    print_table("page | first visit, s | opened again, median s | worst | what is clicked | median s | worst", rows)


def write_rows(file: Path, n_rows: int) -> None:
    """Write a table of texts, twenty labels that depend on their first letter, numbers and dates."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "topic", "amount", "day"])
        for i, text in enumerate(short_texts(n_rows)):
            day = f"2026-{1 + i % 12:02d}-{1 + i % 28:02d}"
            writer.writerow([text, f"topic {sum(map(ord, text[:2])) % 20:02d}", i % 977, day])


def upload(page: Page, address: str, file: Path) -> str:
    """Load the file, and return the id of its dataset."""
    page.goto(f"{address}/Data")
    settle(page, PATIENCE)
    page.locator('input[type="file"]').first.set_input_files(file)
    page.get_by_role("heading", name=file.name).wait_for()
    settle(page, PATIENCE)
    return page.url.split("dataset=")[1].split("&")[0]


def measure(
    page: Page, address: str, shared: str, title: str, query: str, words: str, act: Callable[[Page, int], None]
) -> str:
    """Return a row: the first visit, the later ones, the clicks."""
    path = "" if title == "Home" else title
    first = timed(page, lambda: page.goto(f"{address}/{path}?{shared}&{query}"))
    again, clicks = [], []
    for _ in range(ROUNDS):
        page.get_by_role("link", name="Models", exact=True).first.click()
        page.get_by_role("heading", name="Models", exact=True).wait_for()
        settle(page, PATIENCE)
        again.append(timed(page, lambda: page.get_by_role("link", name=title, exact=True).first.click()))
    if query:
        timed(page, lambda: page.goto(f"{address}/{path}?{shared}&{query}"))
    for turn in range(2 + ROUNDS if words else 0):
        seconds = timed(page, lambda turn=turn: act(page, turn))
        # What is looked at for the first time is computed first.
        if turn > 1:
            clicks.append(seconds)
    clicked = f"{statistics.median(clicks):.1f} | {max(clicks):.1f}" if clicks else "– | –"
    row = f"{title} | {first:.0f} | {statistics.median(again):.1f} | {max(again):.1f} | {words or '–'} | {clicked}"
    print(row, file=sys.stderr, flush=True)
    return row


def timed(page: Page, act: Callable[[], object]) -> float:
    """Do something, and return the seconds until the page rests; the moment it takes to notice is not counted."""
    start = time.perf_counter()
    act()
    page.wait_for_timeout(250)
    settle(page, PATIENCE)
    return time.perf_counter() - start - 0.55


if __name__ == "__main__":
    main()
