"""The passages that a question finds: in the local index or in a store, in one of three ways, and reranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.reranking import Reranker
from embedlab.search import LexicalIndex, SearchIndex, search_by
from embedlab.texts import Passages

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from embedlab.datasets import Corpus
    from embedlab.retrieval.ways import Way

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Passage:
    """A passage that was found.

    Parameters
    ----------
    text : str
    document : str
        Names the document it is from.
    start, end : int
        Where it stands in the document, in characters.
    score : float
        As the search has it: a cosine in [-1, 1], BM25 above 0, or a fused score.
    place : str, default=""
        Where it stands, in words.
    rerank_score : float or None
        What the cross-encoder says; None where there was none.
    is_cut : bool, default=False
        Whether the cross-encoder did not read its end.
    """

    text: str
    document: str
    start: int
    end: int
    score: float
    place: str = ""
    rerank_score: float | None = None
    is_cut: bool = False


@dataclass(frozen=True, eq=False)
class PassageIndex:
    """Passages of documents, ready to be searched.

    Parameters
    ----------
    passages : Passages
    documents : sequence of str
        A name for each document.
    meaning : SearchIndex or None
    words : LexicalIndex or None
        Of ``passages.texts``; the one that no way needs may be None.

    Examples
    --------
    >>> index = PassageIndex(whole_texts(["north", "east"]), ["a", "b"], SearchIndex(["north", "east"], np.eye(2)))
    >>> from embedlab.retrieval.ways import Way
    >>> [(each.text, each.document, each.score) for each in index.find("where?", [1.0, 0.0], Way(top_k=1))]
    [('north', 'a', 1.0)]
    """

    passages: Passages
    documents: Sequence[str]
    meaning: SearchIndex | None = None
    words: LexicalIndex | None = None

    @classmethod
    def of(
        cls, corpus: Corpus, meaning: SearchIndex | None = None, words: LexicalIndex | None = None,
        documents: Sequence[str] | None = None,
    ) -> PassageIndex:  # fmt: skip
        """Return the texts of a corpus with their indexes; documents are named by the row of the table, from 1."""
        whole = corpus.documents or corpus
        names = [str(row + 1) for row in whole.table_rows.tolist()] if documents is None else documents
        return cls(corpus.passages or whole_texts(corpus.texts), names, meaning, words)

    def find(
        self, question: str, embedding: ArrayLike, way: Way, rows: NDArray[np.int64] | None = None
    ) -> list[Passage]:
        """Return the passages that fit a question, best first, as many as ``way.n_found``.

        Unlike a search for documents, several passages of one document may be among them, as a language model gets
        them.

        Parameters
        ----------
        question : str
        embedding : array-like of shape (d,)
            Not looked at by words alone.
        way : Way
            Its ``reranker`` is not asked; see :func:`rerank`.
        rows : int64 array, optional
            The passages to search among; all when not given.

        Raises
        ------
        InvalidInputError
            When the search refuses, or lacks an index.
        """
        n_rows = len(self.passages.texts) if rows is None else len(rows)
        if not n_rows:
            return []
        hits = search_by(
            way.by, self.words, self.meaning, question, embedding, min(way.n_found, n_rows),
            weight=way.weight, rows=rows,
        )  # fmt: skip
        return [self._passage(hit.index, hit.score) for hit in hits]

    def _passage(self, row: int, score: float) -> Passage:
        found = self.passages
        document = self.documents[int(found.document[row])]
        place = f"document {document}"
        if (n_siblings := int(self._siblings[1][row])) > 1:
            place = f"{place}, passage {int(self._siblings[0][row])} of {n_siblings}"
        return Passage(found.texts[row], document, int(found.start[row]), int(found.end[row]), float(score), place)

    @cached_property
    def _siblings(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which passage of its document each is, from 1, and of how many."""
        return self.passages.number, self.passages.n_siblings


def whole_texts(texts: Sequence[str]) -> Passages:
    """Return texts as passages that are whole documents."""
    every = list(texts)
    starts = np.zeros(len(every), dtype=np.int64)
    return Passages(every, np.arange(len(every)), starts, np.array([len(text) for text in every], dtype=np.int64))


def rerank(
    question: str, passages: Sequence[Passage], reranker: Reranker, progress: Progress | None = None
) -> list[Passage]:
    """Order passages by what a cross-encoder says, best first; equals keep their order.

    Parameters
    ----------
    question : str
    passages : sequence of Passage
    reranker : Reranker
    progress : callable, optional
        Called as ``progress(done, total)`` in passages.
    """
    if not passages:
        return []
    found = reranker.score(question, [each.text for each in passages], progress=progress)
    scored = [
        replace(each, rerank_score=score, is_cut=is_cut)
        for each, score, is_cut in zip(passages, found.scores.tolist(), found.is_cut.tolist(), strict=True)
    ]
    return sorted(scored, key=lambda each: -(each.rerank_score or 0.0))


def reranked(
    question: str, passages: Sequence[Passage], way: Way, reranker: Reranker | None, progress: Progress | None = None
) -> list[Passage]:
    """Return passages as a way has them: ordered anew where it names a cross-encoder.

    Raises
    ------
    InvalidInputError
        When it names one, and none is given.
    """
    if not way.reranker:
        return list(passages)
    if reranker is None:
        raise InvalidInputError(
            f"The way reranks by {way.reranker}, and no cross-encoder is given. Load it with load_reranker."
        )
    return rerank(question, passages, reranker, progress)
