"""Pieces on a cluster: an actor loads the model once and writes pieces, and Ray Data hands them out and tries again."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from embedlab.bulk import (
    Estimate,
    Finished,
    Piece,
    PieceEncoder,
    PieceFolder,
    Plan,
    Way,
    estimate,
    found_on_disk,
    plan_in,
    total_rows,
)
from embedlab.bulk.ray.starting import import_ray
from embedlab.bulk.ray.workers import Workers
from embedlab.errors import EmbedLabError, InvalidInputError, first_line
from embedlab.spec import EmbeddingSpec

# How often a piece is tried that fails by an error; where an actor dies Ray tries again by itself.
_ROUNDS = 3
# Pieces are handed out in so many blocks at most: each is a task that the driver keeps in mind.
_MOST_BLOCKS = 2_000


def look_on_ray(plan: Plan, way: Way, workers: Workers) -> tuple[EmbeddingSpec, Estimate]:
    """Load the model on one worker, and return which embeddings it gives and what all of them cost on one.

    Parameters
    ----------
    plan : Plan
    way : Way
    workers : Workers

    Raises
    ------
    InvalidInputError
        When the model cannot be loaded there, or the files cannot be read.
    """
    ray = import_ray()
    look = ray.remote(max_retries=0, **workers.needs)(_look)
    try:
        found, why = ray.get(look.remote(plan, _way_on(way, workers)))
    except ray.exceptions.RayError as error:
        raise InvalidInputError(f"A worker has ended: {first_line(error)}. Give each more memory.") from error
    if found is None:
        raise InvalidInputError(why)
    return found


def encode_on_ray(
    plan: Plan,
    way: Way,
    spec: EmbeddingSpec,
    output: Path,
    workers: Workers,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Embed the files of a plan on a cluster, with the bits that :func:`embedlab.bulk.encode_files` gives.

    Parameters
    ----------
    plan : Plan
    way : Way
    spec : EmbeddingSpec
        Which embeddings, as :func:`look_on_ray` has found.
    output : Path
        The folder, which all machines find under this path, as they do the files.
    workers : Workers
    progress : callable, optional
        Called with the rows that are done and all of them.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    InvalidInputError
        When the folder holds something else, or a worker does not see it or gives other embeddings.
    EmbedLabError
        When pieces fail again and again; those that are finished stay.
    """
    folder = PieceFolder(output, plan, spec)
    job = {"folder": str(output.absolute()), "plan": plan.digest, "spec": spec.digest, "way": _way_on(way, workers)}
    failed: dict[int, str] = {}
    for _ in range(_ROUNDS):
        if not folder.missing:
            break
        failed = {}
        for number, record, why, is_fatal in _handed_out(job, folder.missing, workers):
            if is_fatal:
                raise InvalidInputError(why)
            if record:
                folder.note(Finished(**json.loads(record)))
            else:
                failed[number] = why
            if progress is not None:
                progress(plan.n_rows - total_rows(folder.missing), plan.n_rows)
    if failed:
        raise EmbedLabError(
            f"{len(failed):,} of {len(plan.pieces):,} pieces failed {_ROUNDS} times, the first with: "
            f"{failed[min(failed)]} The others are kept; run the same command again when that is mended."
        )
    return folder.complete()


def _way_on(way: Way, workers: Workers) -> Way:
    """Return how workers load the model: on a card where they have one, and only there."""
    if way.device == "auto":
        return replace(way, device="cuda" if workers.gpus else "cpu")
    if (way.device == "cuda") != bool(workers.gpus):
        raise InvalidInputError(f"--device {way.device} with {workers.gpus} cards a worker. Say how many with --gpus.")
    return way


def _look(plan: Plan, way: Way) -> tuple[tuple[EmbeddingSpec, Estimate] | None, str]:
    try:
        encoder = way.load()
        return (way.spec(encoder), estimate(plan, way, encoder)), ""
    except (EmbedLabError, OSError) as error:
        return None, _sentence(error)


def _handed_out(job: dict[str, Any], pieces: Sequence[Piece], workers: Workers) -> Iterator[tuple[int, str, str, bool]]:
    """Hand pieces out to workers, and yield what becomes of each: its record, or why there is none."""
    ray = import_ray()
    items = [{"number": piece.number} for piece in pieces]
    with _quiet(ray):
        given = ray.data.from_items(items, override_num_blocks=min(len(items), _MOST_BLOCKS))
        found = given.map_batches(
            _Worker,
            fn_constructor_kwargs={"job": job},
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=min(workers.number, len(items))),
            **workers.needs,
        )
        try:
            for row in found.iter_rows():
                yield int(row["number"]), row["record"], row["why"], bool(row["is_fatal"])
        except ray.exceptions.RayError as error:
            raise EmbedLabError(
                f"The cluster ended the work: {first_line(error)}. What is finished is kept; run the same command "
                "again."
            ) from error


class _Worker:
    """Writes pieces, with the model loaded once. What is wrong travels as words: errors are not the same elsewhere."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._job, self._folder, self._why = job, Path(job["folder"]), ""
        try:
            self._plan = plan_in(self._folder, job["plan"])
            self._work = PieceEncoder(self._plan, job["way"], job["way"].load(), job["spec"])
        except (EmbedLabError, OSError) as error:
            self._why = _sentence(error)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        number = int(batch["number"][0])
        record, why = ("", self._why) if self._why else self._write(self._plan.pieces[number])
        return {"number": [number], "record": [record], "why": [why], "is_fatal": [bool(self._why)]}

    def _write(self, piece: Piece) -> tuple[str, str]:
        try:
            # Whoever had it before may have died between writing it and saying so.
            found = found_on_disk(piece, self._folder, self._job["plan"], self._job["spec"])
            return json.dumps(asdict(found or self._work.write(piece, self._folder))), ""
        except (EmbedLabError, OSError, MemoryError) as error:
            return "", _sentence(error)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'file'}: {error.strerror or error}."
    return str(error) or type(error).__name__


@contextmanager
def _quiet(ray: Any) -> Iterator[None]:  # noqa: ANN401
    """Leave the one line of progress to us."""
    context, log = ray.data.DataContext.get_current(), logging.getLogger("ray.data")
    before = context.enable_progress_bars, log.level
    context.enable_progress_bars = False
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.enable_progress_bars = before[0]
        log.setLevel(before[1])
