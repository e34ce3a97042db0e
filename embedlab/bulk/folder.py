"""The folder of pieces: what is being made in it, what is finished, and the manifest at the end.

``plan.json`` says at the beginning what is made, and ``finished.jsonl`` which pieces are, a line each as they come.
When all are there, ``manifest.json`` says what they hold.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from embedlab.bulk.pieces import UNFINISHED, Finished, as_line, found_on_disk
from embedlab.bulk.plan import Piece, Plan
from embedlab.errors import InvalidInputError
from embedlab.spec import EmbeddingSpec

_FORMAT = 1
_PLAN, _FINISHED, MANIFEST = "plan.json", "finished.jsonl", "manifest.json"


class PieceFolder:
    """A folder that pieces are written into, now or by several runs one after the other.

    Parameters
    ----------
    path : Path
        Made where it is not there.
    plan : Plan
    spec : EmbeddingSpec
        Which embeddings.

    Attributes
    ----------
    done : dict of int to Finished
        The pieces that are finished.

    Raises
    ------
    InvalidInputError
        When something else stands in it, or pieces of other files or another model.
    """

    def __init__(self, path: Path, plan: Plan, spec: EmbeddingSpec) -> None:
        self.path, self.plan, self.spec = path, plan, spec
        path.mkdir(parents=True, exist_ok=True)
        begun = read_json(path / _PLAN)
        if begun is None:
            if others := sorted(each.name for each in path.iterdir()):
                raise InvalidInputError(f"{path} holds other files, such as {others[0]}. Name an empty folder.")
        elif (begun.get("plan"), begun.get("spec")) != (plan.digest, spec.digest):
            what = "of another model" if begun.get("plan") == plan.digest else "of other files, columns or settings"
            raise InvalidInputError(f"{path} holds pieces {what} ({begun.get('embeddings')}). Name an empty folder.")
        # Written anew each time: files may lie elsewhere now, or be written anew with the same content.
        whole = {"format": _FORMAT, "plan": plan.digest, "spec": spec.digest, **_said(spec), "whole_plan": asdict(plan)}
        _write_json(path / _PLAN, whole)
        self.done = self._finished_before()

    @property
    def missing(self) -> list[Piece]:
        """The pieces that are not finished, in order."""
        return [piece for piece in self.plan.pieces if piece.number not in self.done]

    def note(self, record: Finished) -> None:
        """Note that a piece is finished."""
        with (self.path / _FINISHED).open("a", encoding="utf-8") as file:
            file.write(as_line(record))
        self.done[record.number] = record

    def complete(self) -> dict[str, Any]:
        """Write the manifest when all pieces are there, and return it."""
        records = [self.done[piece.number] for piece in self.plan.pieces]
        manifest = make_manifest(self.plan, self.spec, records)
        _write_json(self.path / MANIFEST, manifest)
        for left in (*self.path.glob(UNFINISHED), self.path / _FINISHED):
            left.unlink(missing_ok=True)
        return manifest

    def _finished_before(self) -> dict[int, Finished]:
        """Return the pieces that earlier runs have finished, those among them that their end kept from being noted."""
        noted: dict[int, Finished] = {}
        for record in [*_records_in(read_json(self.path / MANIFEST)), *_lines_of(self.path / _FINISHED)]:
            with suppress(OSError):
                if (self.path / record.file).stat().st_size == record.nbytes:
                    noted[record.number] = record
        known = {record.file for record in noted.values()}
        there = {path.name for path in self.path.glob("piece-*.parquet")} - known
        found = {
            piece.number: it
            for piece in self.plan.pieces
            if piece.file_name in there and (it := found_on_disk(piece, self.path, self.plan.digest, self.spec.digest))
        }
        return noted | found


def plan_in(path: Path, plan_digest: str) -> Plan:
    """Return the plan of a folder, as another process has written it.

    Parameters
    ----------
    path : Path
    plan_digest : str

    Raises
    ------
    InvalidInputError
        When that plan is not there.
    """
    written = read_json(path / _PLAN) or {}
    if written.get("plan") != plan_digest:
        raise InvalidInputError(
            f"{socket.gethostname()} does not see the pieces in {path}. Files and pieces must lie where all machines "
            "of the cluster find them under one path."
        )
    return Plan.from_dict(written["whole_plan"])


def make_manifest(plan: Plan, spec: EmbeddingSpec, records: Sequence[Finished]) -> dict[str, Any]:
    """Return what the pieces hold: the embeddings, the files they come from, rows, and a checksum for each.

    Parameters
    ----------
    plan : Plan
    spec : EmbeddingSpec
    records : sequence of Finished
        Of all pieces, in order.
    """
    return {
        "format": _FORMAT,
        "plan": plan.digest,
        "spec": spec.digest,
        **_said(spec),
        "text_columns": plan.text.columns,
        "cleaning": plan.text.cleaning,
        "rows": sum(record.n_written for record in records),
        "texts": sum(record.n_texts for record in records),
        "nbytes": sum(record.nbytes for record in records),
        "controls": len({record.control for record in records}),
        "files": [
            {"name": each.name, "rows": each.n_rows, "nbytes": each.n_bytes, "fingerprint": each.fingerprint}
            for each in plan.streams
        ],
        "pieces": [asdict(record) for record in records],
    }


def _said(spec: EmbeddingSpec) -> dict[str, Any]:
    return {"embeddings": spec.description, "spec_fields": asdict(spec)}


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what a file of JSON says; None where there is none, or it says nothing of the kind.

    Parameters
    ----------
    path : Path
    """
    with suppress(FileNotFoundError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else None
    return None


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _records_in(manifest: dict[str, Any] | None) -> list[Finished]:
    with suppress(KeyError, TypeError):
        return [Finished(**record) for record in (manifest or {"pieces": []})["pieces"]]
    return []


def _lines_of(path: Path) -> list[Finished]:
    """Return the records of a file of lines; the last may be half a line."""
    found = []
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8").split("\n"):
            with suppress(ValueError, TypeError):
                found.append(Finished(**json.loads(line)))
    return found
