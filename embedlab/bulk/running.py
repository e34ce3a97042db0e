"""All pieces on this machine, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.bulk.folder import PieceFolder
from embedlab.bulk.pieces import PieceEncoder
from embedlab.bulk.plan import Plan, Way, total_rows

if TYPE_CHECKING:
    from embedlab.encoders import Encoder


def encode_files(
    plan: Plan, way: Way, encoder: Encoder, output: Path, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Embed the files of a plan into a folder of pieces; what an earlier run has finished stays.

    Parameters
    ----------
    plan : Plan
    way : Way
    encoder : Encoder
        As ``way`` loads it.
    output : Path
        The folder.
    progress : callable, optional
        Called with the rows that are done and all of them; what it raises ends the work.

    Returns
    -------
    dict
        The manifest, as :func:`embedlab.bulk.make_manifest` makes it.

    Raises
    ------
    InvalidInputError
        When the folder holds something else.
    TableError
        When a file was changed meanwhile, or is damaged.
    OSError
        When it cannot be read or written.
    """
    folder = PieceFolder(output, plan, way.spec(encoder))
    work = PieceEncoder(plan, way, encoder, folder.spec.digest)
    n_done, n_rows = plan.n_rows - total_rows(folder.missing), plan.n_rows

    def report(done: int) -> None:
        if progress is not None:
            progress(n_done + done, n_rows)

    report(0)
    for piece in folder.missing:
        folder.note(work.write(piece, output, report))
        n_done += piece.stretch.n_rows
        report(0)
    return folder.complete()
