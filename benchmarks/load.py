"""Twenty people at once in real browser pages, while one more has 100,000 rows encoded: errors, searches, memory.

Each has a context of her own in one headless Chromium, uploads 1,000 rows, opens Clusters, and searches with pauses.
The browsers share the machine with the server, so a search takes longer than on machines of their own.
"""

import argparse
import asyncio
import contextlib
import csv
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from _shared import print_table, short_texts
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from app_server import CHROMIUM, FLAGS, IDLE, running_server

PATIENCE = 300_000
ARRIVALS, PAUSES = 3.0, (5.0, 15.0)
# Seconds that Streamlit keeps a session whose browser has gone; 120 when nothing is set.
SESSION_SECONDS = 30
QUERIES = ("where is my parcel", "change the appointment", "a man plays music", "what is my balance", "lights at home")
WRONG = '[data-testid="stException"], [data-testid="stAlertContentError"]'
# Seconds from the key to a list of hits that was not there before, by the browser's own clock.
WAIT_FOR_HITS = """() => new Promise(resolve => {
  const listed = () => document.querySelector('[class*="st-key-hits-"]')?.className ?? "";
  const before = listed();
  document.addEventListener("keydown", () => {
    const start = performance.now();
    const look = setInterval(() => {
      if (listed() === before || !document.querySelector('[class*="st-key-hits-"] canvas')) return;
      clearInterval(look);
      resolve((performance.now() - start) / 1000);
    }, 10);
  }, {once: true});
})"""


@dataclass
class Log:
    """What went wrong and how long searches took: whether others' rows were being encoded, seconds."""

    errors: list[str] = field(default_factory=list)
    searches: list[tuple[bool, float]] = field(default_factory=list)
    is_encoding: bool = False


class Server:
    """The process of the server, watched once a second."""

    def __init__(self) -> None:
        self.process = next(
            child for child in psutil.Process().children() if any("embedlab" in part for part in child.cmdline())
        )
        self.peak = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        with contextlib.suppress(psutil.Error):
            while True:
                self.peak = max(self.peak, self.process.memory_info().rss / 2**20)
                time.sleep(1)

    def describe(self, moment: str) -> str:
        """Return a row of the table."""
        memory = self.process.memory_info().rss / 2**20
        return f"{moment} | {memory:,.0f} | {self.process.num_threads()} | {self.process.num_fds()}"

    async def rest(self) -> None:
        """Wait until the server has had next to nothing to do for ten seconds."""
        while True:
            before = sum(self.process.cpu_times()[:2])
            await asyncio.sleep(10)
            if sum(self.process.cpu_times()[:2]) - before < 1:
                return


def write(folder: Path, people: int, n_rows: int, n_long: int) -> list[Path]:
    """Write a table for each person and the long one, all of different texts."""
    texts = short_texts((people + 1) * n_rows + n_long)
    random.Random(1).shuffle(texts)
    files = [folder / f"rows-{number}.csv" for number in range(people + 1)] + [folder / "long.csv"]
    for number, file in enumerate(files):
        rows = texts[number * n_rows : (number + 1) * n_rows] if number <= people else texts[-n_long:]
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["text", "number"], *((text, i) for i, text in enumerate(rows))])
    return files


@contextlib.asynccontextmanager
async def person(browser: Browser, log: Log) -> AsyncIterator[Page]:
    """Open a page of a browser without memory, and note all that goes wrong on it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: log.errors.append(f"page: {error}"))
    page.on("console", lambda said: said.type == "error" and log.errors.append(f"{said.text} {said.location['url']}"))
    try:
        yield page
    except Exception as error:  # A person who could not go on is a figure of this benchmark.
        log.errors.append(f"could not go on: {error}")
    finally:
        await context.close()


async def upload(page: Page, address: str, file: Path) -> None:
    """Load a file on the Data page."""
    await page.goto(address)
    await follow(page, "Data")
    await page.locator('input[type="file"]').first.set_input_files(file)
    await page.get_by_role("heading", name=file.name).wait_for()


async def follow(page: Page, title: str) -> None:
    """Go to another page by its link."""
    await page.get_by_role("link", name=title, exact=True).first.click()
    await page.get_by_role("heading", name=title, exact=True).wait_for()


async def look_around(page: Page, address: str, file: Path, log: Log) -> None:
    """Upload a file, look at its clusters, and go where one searches."""
    await upload(page, address, file)
    await follow(page, "Clusters")
    await page.locator(".map[data-drawn]").wait_for()
    await page.wait_for_selector(IDLE, state="attached")
    log.errors += await page.locator(WRONG).all_inner_texts()
    await follow(page, "Search")


async def search(page: Page, query: str) -> float:
    """Search, and return the seconds from the key to the hits."""
    box = page.get_by_label("What are you looking for?")
    await box.fill(query)
    waiting = asyncio.ensure_future(page.evaluate(WAIT_FOR_HITS))
    await asyncio.sleep(0.1)
    await box.press("Enter")
    return await asyncio.wait_for(waiting, PATIENCE / 1000)


async def work(browser: Browser, address: str, file: Path, log: Log, number: int, is_over: Callable[[], bool]) -> None:
    """Arrive, look around, and search until it is over."""
    rng = random.Random(number)
    await asyncio.sleep(ARRIVALS * number)
    async with person(browser, log) as page:
        await look_around(page, address, file, log)
        turn = 0
        while not is_over():
            await asyncio.sleep(rng.uniform(*PAUSES))
            seconds = await search(page, f"{rng.choice(QUERIES)} {turn}")
            log.searches.append((log.is_encoding, seconds))
            log.errors += await page.locator(WRONG).all_inner_texts()
            turn += 1


async def encode(browser: Browser, address: str, file: Path, log: Log, is_over: Callable[[], bool]) -> None:
    """Have many rows encoded, and stay until it is over."""
    async with person(browser, log) as page:
        await upload(page, address, file)
        await follow(page, "Clusters")
        progress = page.get_by_text(re.compile(r"Embedding [\d,]+ texts")).first
        await progress.wait_for()
        while not is_over():
            log.is_encoding = await progress.is_visible()
            await asyncio.sleep(1)
        log.errors += await page.locator(WRONG).all_inner_texts()


async def visits(options: argparse.Namespace, address: str, files: list[Path], server: Server, log: Log) -> list[str]:
    """Let everybody come, work and leave, and return the rows about memory."""
    rows = [server.describe("started and warmed up")]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await work(browser, address, files[-2], Log(log.errors), 0, iter([False, True]).__next__)
        await asyncio.sleep(options.wait)
        rows.append(server.describe("one visitor has come and left"))
        server.peak, end = 0.0, time.monotonic() + 60 * options.minutes

        def is_over() -> bool:
            return time.monotonic() > end

        guests = [work(browser, address, file, log, i, is_over) for i, file in enumerate(files[: options.sessions])]
        await asyncio.gather(encode(browser, address, files[-1], log, is_over), *guests)
        rows.append(server.describe("at the end of the visits"))
        await browser.close()
    await server.rest()
    await asyncio.sleep(options.wait)
    rows.append(server.describe("all have left"))
    return [*rows, f"the most | {server.peak:,.0f} | – | –"]


def describe(title: str, seconds: list[float]) -> str:
    """Return a row about searches."""
    if len(seconds) < 2:
        return f"{title} | {len(seconds)} | – | – | –"
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"{title} | {len(seconds)} | {statistics.median(seconds):.2f} | {p95:.2f} | {max(seconds):.2f}"


def choose() -> argparse.Namespace:
    """Return how many come, for how long, with what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--rows", type=int, default=1000, help="rows of each upload")
    parser.add_argument("--long", type=int, default=100_000, help="rows that somebody else has encoded meanwhile")
    parser.add_argument("--keep", type=int, default=1, help="minutes that uploads and results are kept")
    options = parser.parse_args()
    options.wait = SESSION_SECONDS + 60 * options.keep + 45  # The lab tidies up every half minute.
    return options


def main() -> None:
    """Print what went wrong, how long searches took, and the memory of the server."""
    options, log = choose(), Log()
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), options.sessions, options.rows, options.long)
        settings = {
            "EMBEDLAB_CACHE": f"{folder}/cache",
            "EMBEDLAB_KEEP_MINUTES": str(options.keep),
            "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(SESSION_SECONDS),
        }
        with running_server(folder, **settings) as address:
            server = Server()
            time.sleep(5)
            asyncio.run(server.rest())
            rows = asyncio.run(visits(options, address, files, server, log))
            said = Path(folder, "server.log").read_text(encoding="utf-8")
            log.errors += ["a traceback in the log of the server"] * said.count("Traceback")
    print_table("searches, from the key to the hits | times | median, s | 95 % below | worst", [
        describe(f"while {options.long:,} rows were encoded", [s for encoding, s in log.searches if encoding]),
        describe("after that", [seconds for encoding, seconds in log.searches if not encoding]),
    ])  # fmt: skip
    print()
    print_table("the server | MiB | threads | open files", rows)
    print(f"\nErrors: {len(log.errors)}", *dict.fromkeys(log.errors), sep="\n")


if __name__ == "__main__":
    main()
