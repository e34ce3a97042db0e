"""Long texts as passages that a model can read whole: by sentences where that is possible, with exact places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.datasets import passage_corpus
from embedlab.encoders.preparing.prompts import choose_prompt
from embedlab.encoders.preparing.splitting import Splitter, TokenCounter
from embedlab.encoders.running import check_texts
from embedlab.limits import check_memory
from embedlab.rows import normalize_rows
from embedlab.texts import Passages, Splitting

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

# Texts between two reports of progress: some seconds where they are books.
_CHUNK = 64


@dataclass(frozen=True, eq=False)
class Pieces:
    """Different texts as a model reads all of them: whole where they fit, else their passages.

    Parameters
    ----------
    texts : list of str of length n
    starts : int64 array of shape (m,)
        The first piece of each of the m texts.
    weights : int64 array of shape (n,)
        Tokens of each piece, 1 at least, those of the prompt and those around every text left out: the last passage of
        a text is often a short rest, and would count as much as a full one.
    """

    texts: list[str]
    starts: NDArray[np.int64]
    weights: NDArray[np.int64]

    @classmethod
    def of(cls, encoder: TokenCounter, texts: list[str], prompt_name: str | None) -> Pieces:
        """Split the texts that are too long for an encoder behind a prompt."""
        name = choose_prompt(encoder.name, encoder.prompts, prompt_name, encoder.default_prompt_name)
        prompt = encoder.prompts[name] if name else ""
        limit = encoder.max_seq_length
        is_long = encoder.count_tokens([prompt + text for text in texts]) > (np.inf if limit is None else limit)
        if not is_long.any():
            return cls(texts, np.arange(len(texts)), np.ones(len(texts), dtype=np.int64))
        splitter = Splitter(encoder, Splitting(), [prompt])
        found = [
            [piece for _, piece in splitter.split(text)] if cut else [text]
            for text, cut in zip(texts, is_long.tolist(), strict=True)
        ]
        pieces = [piece for each in found for piece in each]
        check_memory("embedding", len(pieces), encoder.embedding_dimension)
        n_tokens = encoder.count_tokens([prompt + piece for piece in pieces]) - encoder.count_tokens([prompt])
        starts = np.cumsum([0, *map(len, found[:-1])])
        return cls(pieces, starts, np.maximum(n_tokens, 1))

    def n_whole(self, n_pieces: int) -> int:
        """Return about how many texts so many pieces are."""
        return round(n_pieces / max(len(self.texts), 1) * len(self.starts))

    def mean(self, rows: NDArray[np.float32], normalize: bool) -> NDArray[np.float32]:
        """Return the embeddings of the texts, shape (m, d), from those of the pieces, shape (n, d)."""
        embeddings = rows[self.starts]
        split = np.flatnonzero(np.diff(self.starts, append=len(self.texts)) > 1)
        if len(split):
            sums = np.add.reduceat(self.weights[:, None] * rows.astype(np.float64), self.starts)[split]
            means = (sums / np.add.reduceat(self.weights, self.starts)[split, None]).astype(np.float32)
            embeddings[split] = normalize_rows(means) if normalize else means
        return embeddings


def split_passages(
    texts: str | Sequence[str],
    encoder: TokenCounter,
    *,
    max_tokens: int | None = None,
    overlap: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Passages:
    """Split texts into passages that an encoder reads whole.

    A passage holds as many sentences as fit. A sentence that is too long itself is cut between words, and what has
    neither, between the signs a reader sees.

    Parameters
    ----------
    texts : sequence of str
    encoder : Encoder
        Its tokens are counted.
    max_tokens : int, optional
        Tokens of a passage at most, with those the model sets around it and the prompts for texts, of which it makes
        most; ``encoder.max_seq_length`` when not given.
    overlap : int, default=0
        Tokens at the end of a passage that may come again at the beginning of the next, in whole sentences or words.
    progress : callable, optional
        Called as ``progress(done, total)`` in texts now and then; what it raises ends the work.

    Returns
    -------
    Passages
        A text that fits is one passage; a blank one has none.

    Raises
    ------
    InvalidInputError
        For more tokens than the model reads, too few for any text, an overlap that leaves no room, or where the encoder
        has no limit and none is given.
    """
    texts = check_texts(texts)
    names = dict.fromkeys((encoder.default_prompt_name, encoder.document_prompt_name))
    prompts = dict.fromkeys(encoder.prompts[name] if name else "" for name in names)
    splitter = Splitter(encoder, Splitting(max_tokens, overlap), list(prompts))
    places: list[tuple[int, int, str]] = []
    for begin in range(0, len(texts), _CHUNK):
        # White space around a text is not part of any passage.
        chunk = [(len(text) - len(text.lstrip()), text.strip()) for text in texts[begin : begin + _CHUNK]]
        is_long = splitter.are_long([text for _, text in chunk]).tolist()
        for row, ((start, text), cut) in enumerate(zip(chunk, is_long, strict=True), begin):
            found = splitter.split(text) if cut else [(0, text)] if text else []
            places += [(row, start + place, passage) for place, passage in found]
        if progress is not None:
            progress(begin + len(chunk), len(texts))
    document, start_of, passages = (list(column) for column in zip(*places, strict=True)) if places else ([], [], [])
    starts = np.array(start_of, dtype=np.int64)
    lengths = np.array(list(map(len, passages)), dtype=np.int64)
    return Passages(passages, np.array(document, dtype=np.int64), starts, starts + lengths)


def split_corpus(
    corpus: Corpus,
    encoder: TokenCounter,
    *,
    max_tokens: int | None = None,
    overlap: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    """Split the texts of a corpus into passages: a corpus with a row for each, with the cells of its document.

    Parameters
    ----------
    corpus : Corpus
    encoder, max_tokens, overlap, progress
        As for :func:`split_passages`.

    Returns
    -------
    Corpus
        Each text is a passage, and ``documents`` are the texts it was made from. Its table has further columns:
        ``document``, the row of the table counted from 1; ``passage`` and ``passages``, which of how many; ``start``
        and ``end`` in the document's text, in characters; ``passage_text``.

    Raises
    ------
    InvalidInputError
        As for :func:`split_passages`.
    """
    found = split_passages(corpus.texts, encoder, max_tokens=max_tokens, overlap=overlap, progress=progress)
    return passage_corpus(corpus, found)
