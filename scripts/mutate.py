"""Take away each of our most important protections, and see that a test fails: ``make mutants``.

A protection is a few characters in one file; its mutant is what the file would be without them. Each mutant gets a
copy of the project of its own, where the test that is named for it must fail, having passed before.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("app.py", "pages", "embedlab", "tests", "static", ".streamlit", "pyproject.toml", "README.md", "docs")


@dataclass(frozen=True)
class Protection:
    """What protects, where it stands, what stands there without it, and the test that notices."""

    name: str
    file: str
    line: str
    without: str
    test: str


def protections() -> list[Protection]:
    """Return those of ``scripts/protections.toml``."""
    with (ROOT / "scripts" / "protections.toml").open("rb") as file:
        return [Protection(**entry) for entry in tomllib.load(file)["protection"]]


def main() -> int:
    """Print a row a protection; the exit code is the number of mutants that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="words of the names to try")
    options = parser.parse_args()
    survived = 0
    print("| protection | file | without it |\n|---|---|---|")
    for protection in protections():
        if options.only in protection.name:
            verdict = try_without(protection)
            survived += not verdict.startswith("fails")
            print(f"| {protection.name} | `{protection.file}` | {verdict} |", flush=True)
    return survived


def try_without(protection: Protection) -> str:
    """Return what the test says of a copy of the project without the protection."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "embedlab")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                copy.mkdir(exist_ok=True)
                shutil.copy(source, copy / name)
        if not passes(protection.test, copy):
            return "**the test fails with it, too**"
        file = copy / protection.file
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(protection.line, protection.without, 1), encoding="utf-8")
        return "**no test fails**" if passes(protection.test, copy) else f"fails: `{protection.test}`"


def passes(test: str, folder: Path) -> bool:
    """Return whether a test passes in a copy of the project; one that is skipped says nothing and does not count."""
    command = [sys.executable, "-m", "pytest", "-x", "-rs", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "SKIPPED" not in done.stdout


if __name__ == "__main__":
    sys.exit(main())
