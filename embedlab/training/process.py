"""A process of its own for a training: nothing else draws its random numbers, and its memory comes back.

The examples go through a pipe, so they lie in no file. It ends at once when somebody stops it, and with this process.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import embedlab.errors as errors
from embedlab.errors import NotEnoughMemoryError, TrainingError
from embedlab.training.running import Assignment, Event, Failed, Working

# How often whoever waits is asked whether she still does, in seconds.
_ASKED_EVERY = 0.2

_one_at_a_time = threading.Lock()

NO_MEMORY = (
    "The training needs more memory than is free. Take smaller batches (per_device_train_batch_size), shorter texts, a "
    "smaller model, or freeze some layers."
)


def train_apart(assignment: Assignment, tell: Callable[[Event], None]) -> None:
    """Train in a process of its own; one training at a time, the others wait.

    Parameters
    ----------
    assignment : Assignment
    tell : callable
        Told every event, and at least five times a second what is done; what it raises ends the process at once.

    Raises
    ------
    EmbedLabError
        What the process says; TrainingError when it is ended from outside.
    """
    while not _one_at_a_time.acquire(timeout=_ASKED_EVERY):
        tell(Working("Waiting for another training to end"))
    try:
        with tempfile.TemporaryFile() as said, _started(assignment, said) as process:
            for event in _events(process, pickle.dumps(assignment), tell):
                if isinstance(event, Failed):
                    raise _error_of(event)
                tell(event)
            if process.wait():
                raise TrainingError(_ended(process.returncode, said))
    finally:
        _one_at_a_time.release()


@contextmanager
def _started(assignment: Assignment, said: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    n_threads = str(assignment.settings.n_threads)
    own = {"OMP_NUM_THREADS": n_threads, "MKL_NUM_THREADS": n_threads, "OPENBLAS_NUM_THREADS": n_threads}
    # Threads that spin while they wait for one another hold up everybody else; torch wants the last one on a card.
    own |= {"OMP_WAIT_POLICY": "passive", "TOKENIZERS_PARALLELISM": "false", "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
    # The library as it is imported here, and nothing from the current folder (-P).
    places = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "embedlab.training.running"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env=os.environ | own | {"PYTHONPATH": os.pathsep.join(places), "HF_HUB_OFFLINE": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _events(
    process: subprocess.Popen[bytes], pickled: bytes, tell: Callable[[Event], None]
) -> Iterator[Event | Failed]:
    """Give what the process says, and meanwhile tell what it does."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):  # It has ended already, which is seen below.
        process.stdin.write(len(pickled).to_bytes(8, "big") + pickled)
        process.stdin.flush()
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(process.stdout, waiting), daemon=True).start()
    doing = Working("Starting")
    while True:
        try:
            event = waiting.get(timeout=_ASKED_EVERY)
        except queue.Empty:
            tell(doing)
            continue
        if event is None:
            return
        doing = event if isinstance(event, Working) else Working("Training")
        yield event


def _listen(stdout: IO[bytes], waiting: queue.SimpleQueue[Any]) -> None:
    # A process that was killed may have said half of an event.
    with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
        while True:
            waiting.put(pickle.load(stdout))
    waiting.put(None)


def _error_of(failed: Failed) -> Exception:
    if failed.kind == "NotEnoughMemoryError":
        return NotEnoughMemoryError(failed.said or NO_MEMORY, 0)
    return getattr(errors, failed.kind)(failed.said) if failed.kind else RuntimeError(failed.said)


def _ended(returncode: int, said: IO[bytes]) -> str:
    """Say how a process has ended that said nothing itself."""
    if returncode < 0:
        name = signal.Signals(-returncode).name
        why = " Where memory is short the system ends the largest process." if name == "SIGKILL" else ""
        return f"The process that trains was ended from outside ({name}).{why} Nothing of it is left: train again."
    said.seek(0)
    last = said.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"The process that trains has ended early: {last or returncode}. Nothing of it is left: train again."
