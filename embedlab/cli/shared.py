"""What commands share: the table, the model, the bar, what is said beside the result."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders import Encoder


def load(options: argparse.Namespace) -> tuple[Dataset, Corpus, Encoder]:
    """Read the table, take its texts and load the model, with the cheap checks first."""
    dataset, corpus = read(options)
    encoder = load_model(options)
    return dataset, split(corpus, encoder, options), encoder


def split(corpus: Corpus, encoder: Encoder, options: argparse.Namespace) -> Corpus:
    """Split long texts into passages where that is asked for; else say how many the model cuts."""
    from embedlab.datasets import passage_corpus
    from embedlab.encoders import split_passages

    if options.passages is None:
        if options.overlap:
            raise InvalidInputError("--overlap is that of passages. Ask for these, too, with --passages.")
        limit = encoder.max_seq_length
        n_cut = 0 if limit is None else int((encoder.count_tokens(corpus.texts) > limit).sum())
        if n_cut:
            are = "text is" if n_cut == 1 else "texts are"
            say(f"{n_cut:,} {are} longer than the {limit} tokens the model reads, and cut; --passages splits them")
        return corpus
    found = split_passages(corpus.texts, encoder, max_tokens=options.passages or None, overlap=options.overlap)
    say(f"{len(found.texts):,} passages of {len(corpus.texts):,} texts")
    return passage_corpus(corpus, found)


def read(options: argparse.Namespace) -> tuple[Dataset, Corpus]:
    """Read the table and take its texts."""
    from embedlab.datasets import Dataset, Preparation, ReadOptions, select_texts
    from embedlab.reading import read_table
    from embedlab.tables import guess_text_column, sample_table

    table = read_table(options.table, repair=options.repair)
    if options.sample is not None:
        table = sample_table(table, options.sample)
    for note in table.report.notes:
        say(note)
    dataset = Dataset(options.table.name, options.table.name, table, options=ReadOptions(repair=options.repair))
    columns = tuple(options.text or [guess_text_column(table.frame)])
    return dataset, select_texts(table, Preparation(columns, options.clean))


def load_model(options: argparse.Namespace) -> Encoder:
    """Load the model, and say how it runs."""
    from embedlab.encoders import load_encoder

    encoder = load_encoder(options.model, device=options.device, precision=options.precision)
    say(f"{encoder.name} runs on {encoder.device} with {encoder.backend} in {encoder.precision}")
    return encoder


def embed(
    encoder: Encoder, corpus: Corpus, options: argparse.Namespace, prompt_name: str | None = None
) -> NDArray[np.float32]:
    """Embed the texts, those that are kept on disk left out."""
    from embedlab.store import EmbeddingStore

    with embedding_bar() as progress:
        ways = {"pooling_mode": options.pooling, "prompt_name": prompt_name, "progress": progress}
        if options.no_cache:
            return encoder.encode(corpus.texts, **ways)
        return EmbeddingStore().encode(encoder, corpus.texts, **ways)


@contextmanager
def embedding_bar() -> Iterator[Callable[[int, int], None]]:
    """Show a bar, and yield what moves it."""
    from tqdm import tqdm

    with tqdm(unit="texts", desc="embedding", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


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
