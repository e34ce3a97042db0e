"""Twenty people at once, while one more has 100,000 rows encoded: errors, searches, memory.

Each uploads 1,000 rows, opens Clusters, and searches with pauses. Two have a real browser; the others speak Streamlit's
protocol as a browser does, for twenty browsers would need all cores of a machine they share with the server.
"""

import argparse
import contextlib
import csv
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from _people import InBrowser, OverProtocol
from _shared import print_table, short_texts
from app_server import running_server

from embedlab.ui.sessions.departures import AWAY_SECONDS

ARRIVALS, PAUSES = 3.0, (5.0, 15.0)
QUERIES = ("where is my parcel", "change the appointment", "a man plays music", "what is my balance", "lights at home")

Kind = type[InBrowser] | type[OverProtocol]


@dataclass
class Log:
    """What went wrong, the seconds of each kind of step, and those of searches while others' rows were encoded."""

    errors: list[str] = field(default_factory=list)
    seconds: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    is_encoding: bool = False

    def note(self, step: str, kind: str, seconds: float) -> None:
        """Note how long a step took."""
        self.seconds.setdefault((step, kind), []).append(seconds)

    def timed(self, step: str, kind: str, act: Callable[[], object]) -> None:
        """Do something, and note how long it took."""
        start = time.perf_counter()
        act()
        self.note(step, kind, time.perf_counter() - start)


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

    def rest(self) -> None:
        """Wait until the server has had next to nothing to do for ten seconds."""
        while True:
            before = sum(self.process.cpu_times()[:2])
            time.sleep(10)
            if sum(self.process.cpu_times()[:2]) - before < 1:
                return


def write(folder: Path, people: int, n_rows: int, n_long: int) -> list[Path]:
    """Write a table for each person and the long one, all of different texts."""
    texts = short_texts(people * n_rows + n_long)
    random.Random(1).shuffle(texts)
    files = [folder / f"rows-{number}.csv" for number in range(people)] + [folder / "long.csv"]
    for number, file in enumerate(files):
        rows = texts[number * n_rows : (number + 1) * n_rows] if number < people else texts[-n_long:]
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["text", "number"], *((text, i) for i, text in enumerate(rows))])
    return files


def visit(kind: Kind, address: str, file: Path, log: Log, number: int, end: float) -> None:
    """Arrive, look around, and search until it is over."""
    rng = random.Random(number)
    time.sleep(ARRIVALS * number)
    try:
        with kind.visiting(address) as person:
            log.timed("upload", kind.kind, lambda: person.upload(file))
            log.timed("map", kind.kind, person.see_map)
            person.begin_search()
            log.note("first search", kind.kind, person.search(QUERIES[0]))
            turn = 1
            while time.monotonic() < end:
                time.sleep(rng.uniform(*PAUSES))
                step = "search while rows are encoded" if log.is_encoding else "search after that"
                log.note(step, kind.kind, person.search(f"{rng.choice(QUERIES)} {turn}"))
                turn += 1
            log.errors += person.errors
    except Exception as error:  # A person who could not go on is a figure of this benchmark.
        log.errors.append(f"{kind.kind}, could not go on: {type(error).__name__} {error}")


def encode(address: str, file: Path, log: Log, end: float) -> None:
    """Have many rows encoded, and stay until that is done and the others have left."""
    try:
        with OverProtocol.visiting(address) as person:
            person.upload(file)
            log.is_encoding = True
            person.see_map()
            log.is_encoding = False
            log.errors += person.errors
            time.sleep(max(0, end - time.monotonic()))
    except Exception as error:
        log.errors.append(f"the long table: {type(error).__name__} {error}")


def visits(options: argparse.Namespace, address: str, files: list[Path], server: Server, log: Log) -> list[str]:
    """Let everybody come, work and leave, and return the rows about memory."""
    rows = [server.describe("started and warmed up")]
    visit(OverProtocol, address, files[-2], Log(log.errors), 0, 0)
    time.sleep(options.wait)
    rows.append(server.describe("one visitor has come and left"))
    server.peak, end = 0.0, time.monotonic() + 60 * options.minutes
    with ThreadPoolExecutor(options.sessions + 1) as pool:
        pool.submit(encode, address, files[-1], log, end)
        for number in range(options.sessions):
            kind = InBrowser if number < options.browsers else OverProtocol
            pool.submit(visit, kind, address, files[number], log, number, end)
        time.sleep(max(0, end - time.monotonic()))
        rows.append(server.describe("at the end of the visits"))
    server.rest()
    time.sleep(options.wait)
    rows.append(server.describe("all have left"))
    return [*rows, f"the most | {server.peak:,.0f} | – | –"]


def describe(step: str, kind: str, seconds: list[float]) -> str:
    """Return a row about a step."""
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return f"{step} | {kind} | {len(seconds)} | {statistics.median(seconds):.2f} | {p95:.2f} | {max(seconds):.2f}"


def choose() -> argparse.Namespace:
    """Return how many come, for how long, with what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--browsers", type=int, default=2, help="how many of them are real")
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--rows", type=int, default=1000, help="rows of each upload")
    parser.add_argument("--long", type=int, default=100_000, help="rows that somebody else has encoded meanwhile")
    parser.add_argument("--keep", type=int, default=1, help="minutes that uploads and results are kept")
    options = parser.parse_args()
    options.wait = AWAY_SECONDS + 60 * options.keep + 75  # The lab tidies up every half minute.
    return options


def main() -> None:
    """Print what went wrong, how long each step took, and the memory of the server."""
    options, log = choose(), Log()
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), options.sessions, options.rows, options.long)
        settings = {
            "EMBEDLAB_CACHE": f"{folder}/cache",
            "EMBEDLAB_KEEP_MINUTES": str(options.keep),
        }
        with running_server(folder, **settings) as address:
            server = Server()
            time.sleep(5)
            server.rest()
            rows = visits(options, address, files, server, log)
            said = Path(folder, "server.log").read_text(encoding="utf-8")
            log.errors += ["a traceback in the log of the server"] * said.count("Traceback")
    steps = [describe(*step, seconds) for step, seconds in sorted(log.seconds.items())]
    print_table("step | who | times | median, s | 95 % below | worst", steps)
    print()
    print_table("the server | MiB | threads | open files", rows)
    print(f"\nErrors: {len(log.errors)}", *dict.fromkeys(log.errors), sep="\n")
    if log.errors:
        print("\nThe log of the server:", said, sep="\n")


if __name__ == "__main__":
    main()
