"""A process of its own for a file that may do harm: it has so much memory and time, writes so much, and may die."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.tables import say_unpacked

MEMORY_BYTES = 3 << 30
TIMEOUT_S = 120
# What the system says where a file would become larger than it may (EFBIG).
_TOO_MUCH = os.strerror(errno.EFBIG)
_LIMITED = Path(__file__).with_name("_limited.py")
# Arrow's own allocators reserve far more than they use, which counts here; times are said in no zone of the machine's.
_ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "TZ": "UTC"}


@contextmanager
def run_apart(
    program: Path,
    files: Sequence[bytes],
    arguments: Sequence[object],
    name: str,
    advice: str,
    reasons: Mapping[str, str] | None = None,
) -> Iterator[IO[bytes]]:
    """Run a program over files in a process of its own, and give what it wrote.

    Parameters
    ----------
    program : Path
        A file of Python that imports nothing of ours; it is told ``arguments`` and then the paths of the files.
    files : sequence of bytes
        Their contents.
    arguments : sequence
        Written as texts.
    name : str
        Of the file that is read, for messages.
    advice : str
        What to do when it cannot be read: a sentence.
    reasons : mapping of str to str, optional
        Words in what the program says when it fails, and what is then said of the file: the rest of a sentence and
        what to do.

    Yields
    ------
    file
        What the program wrote, from its beginning; it goes when the block ends.

    Raises
    ------
    TableError
        When the program fails, takes too much memory or time, or writes more than a file may unpack to.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as written:
        paths = [Path(folder) / f"{number}.bin" for number in range(len(files))]
        for path, content in zip(paths, files, strict=True):
            path.write_bytes(content)
        most_bytes = limits().max_unpacked_mib << 20
        # -I: the process sees neither the current folder nor the environment's Python settings.
        command = [sys.executable, "-I", _LIMITED, MEMORY_BYTES, most_bytes, program, *arguments, *paths]
        try:
            done = subprocess.run(
                list(map(str, command)),
                stdout=written,
                stderr=subprocess.PIPE,
                timeout=TIMEOUT_S,
                check=False,
                cwd=folder,
                env=os.environ | _ENVIRONMENT,
            )
        except subprocess.TimeoutExpired:
            raise TableError(f"{name} takes longer than {TIMEOUT_S} s to read. {advice}") from None
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace")
            known = {_TOO_MUCH: say_unpacked(), **(reasons or {})}
            reason = next((reason for word, reason in known.items() if word in said), None)
            raise TableError(
                f"{name} {reason}"
                if reason
                else f"{name} cannot be read: it is damaged, or far larger inside than it looks. {advice}"
            )
        written.seek(0)
        yield written
