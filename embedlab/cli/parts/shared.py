"""What commands share: the table, the model, the bar, what is said beside the result."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import BudgetError, InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus
    from embedlab.encoders import Encoder, Unread
    from embedlab.hosted import Offer


# Texts that are looked at for what the model does not read, where nothing else rests on it.
_LOOKED_AT = 50_000


def load_model(options: argparse.Namespace) -> Encoder:
    """Load the model onto the device that was asked for, where all else runs, too, and say how it runs."""
    from embedlab.device import prefer_device
    from embedlab.encoders import load_encoder
    from embedlab.encoders.running import product_speeds, why_not_int8

    if options.device != "auto":
        prefer_device(options.device)
    encoder = load_encoder(options.model, device=options.device, precision=options.precision)
    if options.precision == "int8" and why_not_int8(product_speeds()):
        say("8-bit integers are no faster than --precision auto on this processor, and less exact.")
    say(f"{encoder.name} runs on {encoder.device} with {encoder.backend} in {encoder.precision}")
    return encoder


def embed(
    encoder: Encoder, corpus: Corpus, options: argparse.Namespace, prompt_name: str | None = None
) -> NDArray[np.float32]:
    """Embed the texts, those that are kept on disk left out."""
    from embedlab.store import EmbeddingStore

    with bar("embedding") as progress:
        ways = {"pooling_mode": options.pooling, "prompt_name": prompt_name, "progress": progress}
        if options.no_cache:
            return encoder.encode(corpus.texts, **ways)
        return EmbeddingStore().encode(encoder, corpus.texts, **ways)


def agree(offer: Offer, *, is_agreed: bool) -> bool:
    """Say what would leave the machine, and ask the person at the terminal whether it may.

    Parameters
    ----------
    offer : Offer
    is_agreed : bool
        Whether ``--yes`` has said so beforehand.

    Raises
    ------
    BudgetError
        Where nobody can be asked.
    """
    say(offer.sentence)
    if is_agreed:
        return True
    if not sys.stdin.isatty():
        raise BudgetError(f"Nothing was sent to {offer.host}: nobody is here to agree. Say --yes to agree beforehand.")
    print("Send them? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long a step took."""
    start = time.perf_counter()
    yield
    say(f"{what}: {time.perf_counter() - start:.1f} s")


@contextmanager
def bar(what: str, unit: str = "texts") -> Iterator[Callable[[int, int], None]]:
    """Show a bar, and yield what moves it."""
    from tqdm import tqdm

    with tqdm(unit=unit, desc=what, disable=None) as shown:

        def progress(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield progress


def look_at_unread(
    encoder: Encoder, corpus: Corpus, prompt_name: str | None = None, *, most: int | None = _LOOKED_AT
) -> Unread:
    """Say what the model was not trained for, cuts or cannot read, and return what it does not read.

    Of ``most`` texts, drawn at random and the same every time; to find places in all of a million takes longer than to
    embed them on a graphics card.
    """
    from embedlab.checks import check_unread, say_not_trained
    from embedlab.rows import sample_positions
    from embedlab.texts import find_languages

    if said := say_not_trained(find_languages(corpus.texts), encoder.name):
        say(said)
    rows = sample_positions(len(corpus.texts), most or len(corpus.texts), random_state=0)
    texts = [corpus.texts[row] for row in rows.tolist()]
    unread = encoder.unread(texts, prompt_name=prompt_name)
    for finding in check_unread(encoder, texts, unread, corpus.table_rows[rows] + 1):
        say(finding.line if len(texts) == len(corpus.texts) else f"{finding.line} Only these were looked at.")
    return unread


def set_aside(corpus: Corpus) -> str:
    """Say how many texts are blank, if any."""
    blank = corpus.summary.n_blank
    return f"; {blank:,} blank {'text' if blank == 1 else 'texts'} set aside" if blank else ""


def check_ending(output: Path, endings: Sequence[str]) -> None:
    """Refuse a file name with another ending before anything is computed."""
    if output.suffix not in endings:
        raise InvalidInputError(
            f"{output} ends in none of {', '.join(endings)}; the ending says which format is written."
        )


def write(output: Path, content: bytes) -> None:
    """Write a file whole or not at all: what stood there before stays until the new one is complete.

    Raises
    ------
    InvalidInputError
        When it cannot be written.
    """
    # A link stays a link, and a pipe or a device is no file to be replaced.
    target = output.resolve()
    part = target.with_name(f".embedlab-{os.getpid()}.part")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        try:
            part.write_bytes(content)
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInputError(
            f"{output} could not be written: {error.strerror or error}. Choose another place, or make room there."
        ) from error


def say(sentence: str) -> None:
    """Say something that is not the result."""
    print(f"embedlab: {printable(sentence)}", file=sys.stderr)
