"""What a folder takes on disk."""

from contextlib import suppress
from pathlib import Path


def folder_bytes(folder: Path) -> int:
    """Return the bytes of all files below a folder; those that go meanwhile are left out."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total
