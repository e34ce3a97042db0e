"""The whole way, from the command to the finished map, beside ``embedding-atlas``: the same file, the same weights.

The peer gets an environment of its own (made on the first run, some minutes, in ``build/peer``). Each round starts both
in new processes with empty caches. Ours also clusters and names what it maps; the peer also packs its viewer.
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from _shared import print_table, record, short_texts

from embedlab.models import DEFAULT_MODEL, catalog

N_TEXTS = 10_000
ENVIRONMENT = Path(__file__).resolve().parents[1] / "build" / "peer"
# The same torch for both; any other version of it would bring gigabytes for GPUs.
PACKAGES = ["embedding-atlas==0.26.0", "torch==2.13.0"]


def main() -> None:
    """Alternate the two and print medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    atlas = make_environment()
    weights = str(catalog()[DEFAULT_MODEL].bundled_folder())
    seconds: dict[str, list[float]] = {"peer": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "texts.csv"
        with table.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("text",), *((text,) for text in short_texts(N_TEXTS))])
        commands = {
            "peer": [str(atlas), str(table), "--text", "text", "--model", weights, "--export-application", "map"],
            "ours": [str(Path(sys.executable).with_name("embedlab")), "cluster", str(table), "--text", "text"]
            + ["-o", "map.csv"],
        }
        for _ in range(rounds):
            for name, command in commands.items():
                seconds[name].append(run(command))
    peer, ours = (statistics.median(seconds[name]) for name in ("peer", "ours"))
    print_table(
        f"{N_TEXTS:,} short texts, from the command to the map; {rounds} rounds | seconds | times as fast",
        [f"`embedding-atlas` 0.26.0 | {peer:.0f} | 1.0", f"`embedlab cluster` | {ours:.0f} | {peer / ours:.1f}"],
    )
    record({"file to map, 10,000 texts | embedding-atlas": peer / ours})


def make_environment() -> Path:
    """Install the peer where it is not yet, and return its command."""
    command = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "embedding-atlas"
    if not command.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([command.with_name("python"), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return command


def run(command: list[str]) -> float:
    """Run a command in an empty folder with empty caches and return the seconds it takes."""
    with tempfile.TemporaryDirectory() as folder:
        caches = {"XDG_CACHE_HOME": folder, "HF_HUB_OFFLINE": "1"}
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, env={**os.environ, **caches}, check=True, capture_output=True)
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
