"""Files larger than memory: many rows through averaged word vectors, killed and resumed; and what Ray costs beside it.

``python benchmarks/bulk.py`` for 3,000,000 rows, killed three times; ``--ray --rows 100000`` for the same rows on one
machine with and without Ray.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from hashlib import file_digest
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from embedlab.bulk import MANIFEST, Way, encode_files, make_plan
from embedlab.bulk.ray import connected, encode_on_ray
from embedlab.datasets import Preparation

MODEL = "static-all-MiniLM-L6-v2"
WORDS = [
    *("parcel", "late", "order", "broken", "lamp", "refund", "delivery", "service", "great", "card", "declined"),
    *("where", "is", "my", "thanks", "again", "never", "arrived", "colour", "box", "manual", "screw", "price", "store"),
    *("manager", "phone", "answer", "week", "month", "return", "label", "courier", "door", "neighbour", "damaged"),
]
ENCODE = "import sys; from embedlab.cli import main; sys.exit(main(sys.argv[1:]))"


def write_rows(path: Path, n_rows: int) -> None:
    """Write texts of 4 to 20 words with their numbers, a group of rows at a time."""
    rng, words = np.random.default_rng(0), np.array(WORDS)
    with pq.ParquetWriter(path, pa.schema([("id", pa.int64()), ("text", pa.string())])) as file:
        for start in range(0, n_rows, 1 << 18):
            n = min(1 << 18, n_rows - start)
            ends = rng.integers(4, 21, n).cumsum()
            drawn = words[rng.integers(0, len(words), ends[-1])].tolist()
            texts = [" ".join(drawn[a:b]) for a, b in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]
            file.write_table(pa.table({"id": np.arange(start, start + n), "text": texts}))


class Run:
    """A process of the command line, with its peak and its seconds on the processor."""

    def __init__(self, *arguments: str) -> None:
        self.peak, self.cpu = 0, 0.0
        self.process = subprocess.Popen([sys.executable, "-c", ENCODE, *arguments], stderr=subprocess.DEVNULL)
        self._seen = psutil.Process(self.process.pid)

    def watch(self) -> bool:
        """Look at it once, and return whether it is still there."""
        try:
            times = self._seen.cpu_times()
            self.peak = max(self.peak, self._seen.memory_info().rss)
            self.cpu = times.user + times.system
        except psutil.Error:
            pass
        return self.process.poll() is None


def killed_and_resumed(folder: Path, n_rows: int, n_kills: int) -> None:
    """Encode a file, with the process killed several times, and look whether every row is there once."""
    table, out = folder / "rows.parquet", folder / "out"
    write_rows(table, n_rows)
    n_pieces, start, runs = len(make_plan([table], Preparation(("text",))).pieces), time.perf_counter(), []
    for kill in range(n_kills + 1):
        runs.append(Run("encode", str(table), "--text", "text", "--model", MODEL, "-o", str(out)))
        wanted = n_pieces * (kill + 1) // (n_kills + 1) if kill < n_kills else n_pieces + 1
        while runs[-1].watch():
            time.sleep(0.2)
            if len(list(out.glob("piece-*.parquet"))) >= wanted:
                os.kill(runs[-1].process.pid, signal.SIGKILL)
    seconds = time.perf_counter() - start
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    seen = np.zeros(n_rows, dtype=np.int64)
    for piece in manifest["pieces"]:
        with (out / piece["file"]).open("rb") as file:
            assert file_digest(file, "sha256").hexdigest() == piece["sha256"]
        ids = pq.read_table(out / piece["file"], columns=["id"])["id"].to_numpy().astype(np.int64)
        np.add.at(seen, ids, 1)
    assert (seen == 1).all()
    assert manifest["rows"] == n_rows
    print(
        f"{n_rows:,} rows ({table.stat().st_size >> 20:,} MiB) in {n_pieces} pieces, killed {n_kills} times: every row "
        f"once, all checksums right; {manifest['nbytes'] / 2**30:.1f} GiB written\n"
        f"{seconds:,.0f} s, {sum(run.cpu for run in runs):,.0f} s of processor; peak "
        f"{max(run.peak for run in runs) >> 20:,} MiB; load {os.getloadavg()[0]:.1f}"
    )


def beside_ray(folder: Path, n_rows: int) -> None:
    """Encode the same rows here and on Ray, in turns, and compare from the first finished piece to the last."""
    table = folder / "rows.parquet"
    write_rows(table, n_rows)
    way = Way(MODEL, "cpu")
    plan, encoder = make_plan([table], Preparation(("text",)), piece_rows=max(1, n_rows // 20)), way.load()
    taken: dict[str, list[float]] = {"here": [], "ray": []}

    def timed(name: str, run: Callable[..., object]) -> None:
        reached: dict[int, float] = {}
        run(lambda done, total: reached.setdefault(done, time.perf_counter()))
        taken[name].append(reached[n_rows] - reached[plan.pieces[0].stretch.n_rows])

    spec = way.spec(encoder)
    with connected() as cluster:
        workers = cluster.workers(1, 1)
        for turn in range(2):
            timed("here", partial(encode_files, plan, way, encoder, folder / f"here{turn}"))
            timed("ray", partial(encode_on_ray, plan, way, spec, folder / f"ray{turn}", workers))
    best = {name: min(each) for name, each in taken.items()}
    print(
        f"{n_rows:,} rows from the first finished piece to the last, best of two turns: here {best['here']:.1f} s, Ray "
        f"{best['ray']:.1f} s, {best['ray'] / best['here'] - 1:+.0%}; load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--ray", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="embedlab-bulk-") as name:
        if given.ray:
            beside_ray(Path(name), given.rows)
        else:
            killed_and_resumed(Path(name), given.rows, given.kills)
