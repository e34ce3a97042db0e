"""What the embedding of files costs, before it begins: by some of their rows, done as all would be."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from embedlab.bulk.pieces import PieceEncoder
from embedlab.bulk.plan import Piece, Plan, Way
from embedlab.checks import check_unread, say_not_trained
from embedlab.encoders import Encoder
from embedlab.texts import find_languages

# Pieces from all over the files of which rows are taken: twice as many rows as before until they take long enough.
_PIECES, _FEWEST, _SECONDS = 8, 16, 2.0
_MOST = 4_096


@dataclass(frozen=True)
class Estimate:
    """What a plan costs on one worker.

    Parameters
    ----------
    n_rows : int
        Of all files.
    n_texts, n_tokens : float
        Texts that are not blank, and tokens that the model reads of them.
    seconds : float
        To read, embed and write all of them; to look the files through and to load the model not counted.
    nbytes : float
        Of all pieces.
    n_sampled : int
        Rows by which the others are judged; all of them where they are few.
    said : tuple of str
        What of the sampled texts the model cuts, cannot read, or was not trained for.
    """

    n_rows: int
    n_texts: float
    n_tokens: float
    seconds: float
    nbytes: float
    n_sampled: int
    said: tuple[str, ...]

    def sentences(self, n_workers: int = 1) -> list[str]:
        """Say it.

        Parameters
        ----------
        n_workers : int, default=1

        Examples
        --------
        >>> for said in Estimate(3_000_000, 2_994_000, 41e6, 5_400, 3.4e9, 8_192, ()).sentences(4):
        ...     print(said)
        3,000,000 rows, about 2,990,000 texts and 41,000,000 tokens, by 8,192 rows from all over the files
        about 22 min on 4 workers (1 h 30 min on one), and 3.2 GiB to write
        """
        texts, tokens = (int(float(f"{number:.3g}")) for number in (self.n_texts, self.n_tokens))
        several = f" on {n_workers} workers ({_duration(self.seconds)} on one)" if n_workers > 1 else ""
        return [
            f"{self.n_rows:,} rows, about {texts:,} texts and {tokens:,} tokens, by {self.n_sampled:,} rows from all "
            "over the files",
            f"about {_duration(self.seconds / n_workers)}{several}, and {_size(self.nbytes)} to write",
        ]


def estimate(plan: Plan, way: Way, encoder: Encoder) -> Estimate:
    """Embed some rows as all would be, and say what all cost.

    Parameters
    ----------
    plan : Plan
    way : Way
    encoder : Encoder
        As ``way`` loads it.

    Returns
    -------
    Estimate

    Raises
    ------
    TableError
        When a file is damaged where it was looked at.
    """
    work = PieceEncoder(plan, way, encoder, way.spec(encoder).digest)
    places = np.unique(np.linspace(0, len(plan.pieces) - 1, _PIECES).round().astype(int)).tolist()
    n_each = _FEWEST
    while True:
        # The first rows of a piece only: those before others in it would be read as well, and counted.
        pieces = [_beginning(plan.pieces[place], n_each) for place in places]
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            written = [work.write(piece, Path(folder)) for piece in pieces]
        seconds = time.perf_counter() - start
        n_rows = sum(piece.stretch.n_rows for piece in pieces)
        if seconds >= _SECONDS or n_each >= _MOST or n_rows == plan.n_rows:
            break
        n_each *= 4
    texts = [text for piece in pieces for text in work.read(piece)[1]]
    n_tokens = encoder.count_tokens(texts) if texts else np.zeros(0)
    most = encoder.max_seq_length or np.inf
    share = plan.n_rows / max(1, n_rows)
    return Estimate(
        plan.n_rows, share * len(texts), share * float(np.minimum(n_tokens, most).sum()), share * seconds,
        share * sum(record.nbytes for record in written), n_rows, tuple(_unread(encoder, texts)),
    )  # fmt: skip


def _beginning(piece: Piece, n_rows: int) -> Piece:
    stretch = replace(piece.stretch, n_rows=min(n_rows, piece.stretch.n_rows))
    return replace(piece, stretch=stretch)


def _unread(encoder: Encoder, texts: Sequence[str]) -> list[str]:
    """Say what of some texts the model was not trained for, cuts or cannot read."""
    if not texts:
        return []
    said = [say_not_trained(find_languages(texts), encoder.name)]
    found = check_unread(encoder, texts, encoder.unread(texts))
    said += [f"{finding.line} Only these were looked at." for finding in found]
    return [each for each in said if each]


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60:,} h {minutes % 60} min"


def _size(nbytes: float) -> str:
    return f"{nbytes / 2**30:,.1f} GiB" if nbytes >= 1 << 30 else f"{nbytes / 2**20:,.1f} MiB"
