"""A million rows from a file to a picture of its columns: seconds and memory, beside the readers of pandas and Arrow.

Each way reads each file in a process of its own; a round is all ways of one file, one after another, so that what else
the machine does falls on all of them. Seconds are those of the processor, which are those of the clock on an idle core,
but for Arrow, which reads with all cores: of it they are the sum. With ``--app`` a browser uploads the file instead.
"""

import argparse
import csv
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from _shared import print_table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import process_at, running_browser, running_server, settle

from embedlab.samples import sample_texts

COLUMNS = ["id", "text", "label", "number", "date"]
FILES = ("rows.csv", "awkward.csv", "rows.csv.gz", "rows.parquet")
N_LABELS, N_WORDS = 20, (6, 18)
PATIENCE = 900_000


def rows_of(n_rows: int, *, is_awkward: bool = False) -> Iterator[list[str]]:
    """Yield rows of an id, a text of twelve words on average, a label, a number and a date, the same on every call.

    Awkward texts hold quotation marks, commas, ends of lines and letters outside of ASCII.
    """
    words = sorted({word for text in sample_texts() for word in text.split() if word.isascii()})
    rng = random.Random(0)
    for number in range(n_rows):
        text = " ".join(rng.choices(words, k=rng.randint(*N_WORDS)))
        if is_awkward:
            text = text.replace(" ", rng.choice((" ", ", ", "\n", ' "so" ')), 2) + rng.choice(("", " – schön", " café"))
        day = f"20{20 + number % 5}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        yield [f"r{number:07d}", text, f"topic {rng.randrange(N_LABELS)}", f"{rng.gauss(50, 20):.2f}", day]


def write(folder: Path, n_rows: int) -> None:
    """Write the same rows as CSV, packed, and as Parquet, and awkward ones as a Western CSV."""
    import pandas as pd

    for name, is_awkward, encoding in (("rows.csv", False, "utf-8"), ("awkward.csv", True, "cp1252")):
        with (folder / name).open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *rows_of(n_rows, is_awkward=is_awkward)])
    with gzip.open(folder / "rows.csv.gz", "wb", compresslevel=6) as stream:
        stream.write((folder / "rows.csv").read_bytes())
    frame = pd.DataFrame(rows_of(n_rows), columns=COLUMNS)
    frame["number"], frame["date"] = frame["number"].astype(float), pd.to_datetime(frame["date"]).dt.date
    frame.to_parquet(folder / "rows.parquet")


def by_embedlab(file: Path, lap: Callable[[str], None]) -> None:
    """Read the file, look at its columns, and take its texts."""
    from embedlab.columns import profile_columns
    from embedlab.datasets import Dataset
    from embedlab.reading import read_table

    dataset = Dataset("rows", file.name, read_table(file), ((file.name, b""),))
    lap("read")
    profile_columns(dataset.meanings)
    lap("picture")
    assert dataset.text_column == "text"
    assert not dataset.double_encoding.n_cells
    lap("guesses")
    dataset.corpus("text")
    lap("texts")


def by_pandas(file: Path, lap: Callable[[str], None]) -> None:
    """Read the file as pandas does when every cell is to stay as it is."""
    import pandas as pd

    encoding = "cp1252" if file.stem == "awkward" else "utf-8"
    pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(
        file, dtype=str, keep_default_na=False, encoding=encoding
    )
    lap("read")


def by_arrow(file: Path, lap: Callable[[str], None]) -> None:
    """Read the file as Arrow does, which leaves the cells in its own memory."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv
    from pyarrow import parquet

    if file.suffix == ".parquet":
        parquet.read_table(file)
    else:
        arrow_csv.read_csv(
            file,
            arrow_csv.ReadOptions(encoding="cp1252" if file.stem == "awkward" else "utf8"),
            arrow_csv.ParseOptions(newlines_in_values=True),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=False),
        )
    lap("read")


WAYS = {"EmbedLab": by_embedlab, "pandas": by_pandas, "Arrow": by_arrow}


def measure(way: str, file: Path) -> None:
    """Read one file one way in this process, and print seconds and MiB as JSON."""
    import pandas as pd  # noqa: F401 - importing it is no part of reading
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    before = peak()
    laps: dict[str, float] = {}
    last = time.process_time()

    def lap(name: str) -> None:
        nonlocal last
        now = time.process_time()
        laps[name], last = now - last, now
        laps["MiB read" if name == "read" else "MiB"] = peak() - before

    WAYS[way](file, lap)
    print(json.dumps(laps))


def peak(process: str = "self") -> float:
    """Return the most memory of a process so far, in MiB; ``ru_maxrss`` would count what started it, too."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(way: str, file: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--way", way, "--file", str(file)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def describe(file: Path, rounds: int) -> str:
    """Return a row of the table: the medians of some rounds."""
    taken: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, found in taken.items():
            found.append(measured(way, file))

    def median(way: str, *names: str) -> float:
        return statistics.median(sum(found[name] for name in names) for found in taken[way])

    ours, size = "EmbedLab", file.stat().st_size / 2**20
    seconds = [median(ours, "read"), median(ours, "picture"), median(ours, "guesses"), median(ours, "texts")]
    whole = median(ours, "read", "picture", "guesses", "texts")
    others = [f"{median(way, 'read'):.1f} | {median(way, 'MiB read'):,.0f}" for way in ("pandas", "Arrow")]
    cells = [*(f"{each:.1f}" for each in seconds), f"**{whole:.1f}**", f"{median(ours, 'MiB'):,.0f}", *others]
    return f"`{file.name}` | {size:,.0f} | {' | '.join(cells)}"


def upload(file: Path) -> str:
    """Have a browser upload a file to a server just started, and return a row of the table."""
    with tempfile.TemporaryDirectory() as folder, running_server(folder) as address, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        page.set_default_timeout(PATIENCE)
        received = [0]
        page.on("websocket", lambda socket: socket.on("framereceived", lambda sent: received.append(len(sent))))
        page.goto(f"{address}/Data")
        settle(page, PATIENCE)
        process = process_at(address)
        before, n_received, start = peak(f"{process.pid}"), sum(received), time.perf_counter()
        used = sum(process.cpu_times()[:2])
        page.locator('input[type="file"]').first.set_input_files(file)
        page.get_by_role("heading", name=file.name).wait_for()
        seconds = [time.perf_counter() - start]
        page.get_by_role("heading", name="Columns", exact=True).wait_for()
        seconds.append(time.perf_counter() - start)
        used = sum(process.cpu_times()[:2]) - used
        settle(page, PATIENCE)
        seconds.append(time.perf_counter() - start)
        sent = (sum(received) - n_received) / 2**20
        memory = peak(f"{process.pid}") - before
        cells = [*(f"{each:.0f}" for each in seconds), f"{used:.0f}", f"{memory:,.0f}", f"{sent:.1f}"]
    return f"`{file.name}` | {' | '.join(cells)}"


def main() -> None:
    """Write the files, measure all ways, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are, or are written to be kept")
    parser.add_argument("--app", action="store_true", help="upload each file in a browser")
    parser.add_argument("--way", choices=WAYS, help="this way alone, in this process")
    parser.add_argument("--file", type=Path, help="the file it reads")
    options: Any = parser.parse_args()
    if options.way:
        measure(options.way, options.file)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if not all((folder / name).is_file() for name in FILES):
            write(folder, options.rows)
        if options.app:
            header = "file | table, s | columns, s | whole page, s | processor s to the columns | MiB of the server | "
            print_table(header + "MiB to the browser", [upload(folder / name) for name in FILES])
            return
        rows = [describe(folder / name, options.rounds) for name in FILES]
    print_table(
        "file | MiB | read, s | picture of the columns, s | guesses, s | texts, s | together, s | MiB at the peak | "
        "pandas reads, s | MiB | Arrow reads, s | MiB",
        rows,
    )


if __name__ == "__main__":
    main()
