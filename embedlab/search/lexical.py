"""Search by words: the texts that hold what was typed, ranked by BM25. Finds exact ids, which embeddings blur."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from math import log
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import top_positions
from embedlab.search.dense import Hit
from embedlab.texts import UNSPACED, fold, in_pairs, is_blank, word_spans
from embedlab.validation import check_integer, check_rows, check_texts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

K1, B = 1.5, 0.75
"""How soon more of the same word stops to count, and how far the length of a text does: the usual values."""

# One of them between two words makes both one name: LABO-288-PRO, A4/2021, anna@example.com, order_id, customer's.
_LINKS = frozenset("-‐‑/._@:+#&'’")
# One of their characters alone stands in no pair, and is looked up in the texts themselves: 물 in 물이 샌다.
_IS_SIGN = re.compile(rf"[{UNSPACED}\uac00-\ud7a3]")


class LexicalIndex:
    """Texts ready to be searched by their words.

    Parameters
    ----------
    texts : sequence of str of length n
    progress : callable, optional
        Called as ``progress(done, total)`` in texts now and then; what it raises ends the work.

    Notes
    -----
    The score of a text is the sum over the words of the query of ``idf * tf / (tf + k1 * (1 - b + b * length / mean))``
    with ``idf = log(1 + (n - df + 0.5) / (df + 0.5))``, where ``tf`` is how often the word stands in the text, ``df``
    in how many texts it stands, and ``length`` the number of words; ``k1 = 1.5``, ``b = 0.75``. This is BM25 as Lucene
    computes it. What counts as a word is said at :func:`search_words`.

    References
    ----------
    S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. C. Kamphuis et al.,
    "Which BM25 Do You Mean?", ECIR 2020, for the variants. X. H. Lù, "BM25S", 2024, for the library.

    Examples
    --------
    >>> index = LexicalIndex(["Spare door for LABO-288-PRO", "Spare door for LABO-288-GLASS", "Where is my parcel?"])
    >>> [hit.index for hit in index.search("labo-288-pro")]
    [0, 1]
    """

    def __init__(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        # Imported here: it brings numba along.
        import bm25s

        self._texts = check_texts(texts)
        if not self._texts:
            raise InvalidInputError("There are no texts to search among. Give at least one.")
        numbers: dict[str, int] = {}
        documents = []
        for row, text in enumerate(self._texts):
            if progress is not None and row % 1000 == 0:
                progress(row, len(self._texts))
            documents.append([numbers.setdefault(word, len(numbers)) for word in search_words(text)])
        self._lengths = np.array([len(words) for words in documents], dtype=np.float32)
        self._numbers, self._index = numbers, bm25s.BM25(k1=K1, b=B, method="lucene")
        if numbers:
            self._index.index((documents, numbers), create_empty_token=False, show_progress=False)

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def nbytes(self) -> int:
        """Rough memory of the index beside the texts, in bytes: the scores, and the words with their numbers."""
        scores = self._index.scores.values() if self._numbers else ()
        return sum(part.nbytes for part in scores) + sum(map(sys.getsizeof, self._numbers))

    def search(self, query: str, top_k: int = 10, rows: ArrayLike | None = None) -> list[Hit]:
        """Return the texts that hold words of a query.

        Parameters
        ----------
        query : str
        top_k : int, default=10
            How many at most.
        rows : int array-like of shape (m,), optional
            Positions of the texts to search among, in any order; all texts when not given. The frequencies of words
            stay those of all texts, so a text has the same score in both.

        Returns
        -------
        list of Hit
            Best first, equal scores by position. Fewer than ``top_k``, or none, where fewer texts hold a word of the
            query: only scores above 0 count.

        Raises
        ------
        InvalidInputError
            When the query is blank, ``top_k`` is below 1, or ``rows`` are not positions of texts.
        """
        check_integer(top_k, "top_k", 1)
        chosen = np.arange(len(self)) if rows is None else check_rows(rows, len(self))
        if is_blank(query):
            raise InvalidInputError("The query is blank. Type what you are looking for.")
        words = search_words(query)
        known = [self._numbers[word] for word in words if word in self._numbers and not _IS_SIGN.fullmatch(word)]
        scores = self._index.get_scores_from_ids(known)[chosen] if known else np.zeros(len(chosen), dtype=np.float32)
        for sign in filter(_IS_SIGN.fullmatch, words):
            scores = scores + self._score_sign(sign)[chosen]
        found = np.flatnonzero(scores > 0)
        best = found[top_positions(scores[found], top_k)]
        return [
            Hit(row, score, self._texts[row])
            for row, score in zip(chosen[best].tolist(), scores[best].tolist(), strict=True)
        ]

    def _score_sign(self, sign: str) -> NDArray[np.float32]:
        """Return the score of each text for one character of a script that is indexed in pairs."""
        tf = np.array([fold(text).count(sign) for text in self._texts], dtype=np.float32)
        df = np.count_nonzero(tf)
        idf = log(1 + (len(tf) - df + 0.5) / (df + 0.5))
        return idf * tf / (tf + K1 * (1 - B + B * self._lengths / max(self._lengths.mean(), 1)))


def search_words(text: str) -> list[str]:
    """Return the words by which a text is found.

    Words without case; names joined by a sign, such as ``LABO-288-PRO``, whole and in their parts; and scripts without
    spaces between words, such as Chinese, in overlapping pairs of characters, as Lucene's CJKAnalyzer has it.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        In the order of the text, a name before its parts; repeated as often as they stand there.

    Examples
    --------
    >>> search_words("Is LABO-288 in stock?")
    ['is', 'labo-288', 'labo', '288', 'in', 'stock']
    >>> search_words("냉장고는")
    ['냉장', '장고', '고는']
    """
    words: list[str] = []
    name: list[tuple[int, int]] = []
    for span in [*word_spans(text), None]:
        if name and (span is None or not _are_linked(text, name[-1][1], span[0])):
            if len(name) > 1:
                words.append(fold(text[name[0][0] : name[-1][1]]))
            for start, end in name:
                words += in_pairs(fold(text[start:end]))
            name = []
        if span is not None:
            name.append(span)
    return words


def _are_linked(text: str, end: int, start: int) -> bool:
    """Whether a word that ends and one that starts there are parts of one name, or of one number with a comma."""
    if start != end + 1:
        return False
    return text[end] in _LINKS or (text[end] == "," and text[end - 1].isdigit() and text[start].isdigit())
