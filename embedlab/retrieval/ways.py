"""The whole way from a question to a prompt: what is chosen on it, and how it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args
from urllib.parse import quote, unquote

from embedlab.comparison import Candidate
from embedlab.errors import InvalidInputError
from embedlab.models import DEFAULT_MODEL
from embedlab.search import By
from embedlab.texts import Splitting

Order = Literal["best-first", "best-last", "ends"]
ORDERS: dict[Order, str] = {
    "best-first": "Best first",
    "best-last": "Best last",
    "ends": "Best at both ends",
}
"""How passages stand in a prompt. ``ends`` puts the best first, the second best last, and the weakest in the middle."""

MAX_PASSAGES = 100


def in_order(n: int, order: Order) -> list[int]:
    """Return the ranks of ``n`` passages, from 0, as they stand in a prompt.

    Examples
    --------
    >>> in_order(5, "best-last"), in_order(5, "ends")
    ([4, 3, 2, 1, 0], [0, 2, 4, 3, 1])
    """
    ranks = list(range(n))
    if order == "best-last":
        return ranks[::-1]
    return ranks if order == "best-first" else ranks[::2] + ranks[1::2][::-1]


@dataclass(frozen=True)
class Way:
    """How passages are found for a question, and how they are put into a prompt.

    Parameters
    ----------
    candidate : Candidate
        The model that embeds, and how it is read.
    splitting : Splitting or None
        How long texts are split into passages; None for whole texts.
    by : {"meaning", "words", "both"}
    weight : float, default=0.5
        Share of the meaning where both ways are fused, in [0, 1].
    top_k : int, default=5
        Passages that are wanted in the prompt, 1 to 100.
    reranker : str, default=""
        A cross-encoder that orders what was found anew; none for an empty string.
    depth : int, default=50
        Passages that are found for it to read.
    order : {"best-first", "best-last", "ends"}
    distinct : bool, default=False
        Whether a passage that is nearly the same as a better one is left out, and the next one taken.
    context : int, default=8192
        Tokens that the language model reads and writes.
    answer_tokens : int, default=512
        Those of them that are kept free for the answer.

    Examples
    --------
    >>> Way(by="both", splitting=Splitting(128, 16), top_k=3).key
    'all-MiniLM-L6-v2~by=both~split=128+16~k=3'
    >>> Way.parse("all-MiniLM-L6-v2~by=both~split=128+16~k=3").title
    'all-MiniLM-L6-v2 · words and meaning · passages of 128 tokens, 16 again · 3 passages'
    """

    candidate: Candidate = field(default_factory=lambda: Candidate(DEFAULT_MODEL))
    splitting: Splitting | None = None
    by: By = "meaning"
    weight: float = 0.5
    top_k: int = 5
    reranker: str = ""
    depth: int = 50
    order: Order = "best-first"
    distinct: bool = False
    context: int = 8192
    answer_tokens: int = 512

    def __post_init__(self) -> None:
        """Refuse what no search or prompt can be made of."""
        if self.by not in get_args(By) or self.order not in ORDERS:
            raise InvalidInputError(
                f"by={self.by!r} and order={self.order!r}: choose from {', '.join(get_args(By))}, and from "
                f"{', '.join(ORDERS)}."
            )
        if not 0 <= self.weight <= 1:
            raise InvalidInputError(f"weight={self.weight} is not in [0, 1]; 0 is words alone, 1 is meaning alone.")
        if not 1 <= self.top_k <= MAX_PASSAGES:
            raise InvalidInputError(f"k={self.top_k} passages; choose from 1 to {MAX_PASSAGES}.")
        if not 1 <= self.depth <= 1000 or (self.reranker and self.depth < self.top_k):
            raise InvalidInputError(
                f"depth={self.depth}: choose from 1 to 1,000, and at least the {self.top_k} passages that are wanted."
            )
        if not 0 <= self.answer_tokens < self.context:
            raise InvalidInputError(
                f"{self.answer_tokens:,} tokens for the answer leave nothing of a context of {self.context:,}. Choose "
                "fewer."
            )
        if not self.candidate.compression.is_full or not self.candidate.normalize_embeddings:
            raise InvalidInputError(
                f"{self.candidate.title}: passages are compared by the cosine of full vectors here. What smaller "
                "vectors cost is judged on the Dimensions page, or by embedlab compare."
            )

    @property
    def n_found(self) -> int:
        """Passages that are looked for: more than are wanted where some will be left out."""
        if self.reranker:
            return self.depth
        return min(4 * self.top_k, MAX_PASSAGES) if self.distinct else self.top_k

    @property
    def title(self) -> str:
        """The way in words, what is as usual left out."""
        splitting = self.splitting or Splitting()
        length = f"{splitting.max_tokens} tokens" if splitting.max_tokens else "what the model reads"
        again = f", {splitting.overlap} again" if splitting.overlap else ""
        said = {
            self.candidate.title: True,
            {"meaning": "meaning", "words": "words", "both": "words and meaning"}[self.by]: True,
            f"meaning counts {self.weight:g}": self.by == "both" and self.weight != 0.5,
            f"passages of {length}{again}": self.splitting is not None,
            f"reranked by {self.reranker} of {self.depth}": bool(self.reranker),
            f"{self.top_k} {'passage' if self.top_k == 1 else 'passages'}": True,
            "near-duplicates left out": self.distinct,
            ORDERS[self.order].lower(): self.order != "best-first",
            f"context of {self.context:,} tokens": self.context != 8192,
            f"{self.answer_tokens:,} for the answer": self.answer_tokens != 512,
        }
        return " · ".join(words for words, is_said in said.items() if is_said)

    @property
    def key(self) -> str:
        """The way as a short string, for an address or a command line; :meth:`parse` reads it."""
        usual = {each.name: each.default for each in fields(self)}
        parts = [
            f"{name}={write(getattr(self, attribute))}"
            for name, (attribute, write, _) in _PARTS.items()
            if getattr(self, attribute) != usual[attribute]
        ]
        return "~".join([self.candidate.key, *parts])

    @classmethod
    def parse(cls, key: str) -> Way:
        """Return the way of a :attr:`key`: a candidate as of a comparison, and what differs behind it.

        Raises
        ------
        InvalidInputError
            For a part that means nothing.
        """
        first, *parts = key.split("~")
        mine: dict[str, Any] = {}
        others = [first]
        for part in parts:
            name, sign, value = part.partition("=")
            if not sign or name not in _PARTS:
                others.append(part)
                continue
            attribute, _, read = _PARTS[name]
            try:
                mine[attribute] = read(value)
            except (ValueError, KeyError) as error:
                raise InvalidInputError(f"{part!r} in {key!r} says nothing. {_HOW}") from error
        return replace(cls(Candidate.parse("~".join(others))), **mine)


_HOW = (
    "Write model~by=both~split=128+16~k=5~rerank=cross-encoder/ms-marco-MiniLM-L6-v2~depth=50~order=ends~distinct=1, "
    "as much of it as differs from what is usual."
)


def _write_splitting(splitting: Splitting | None) -> str:
    if splitting is None:
        return "no"
    overlap = f"+{splitting.overlap}" if splitting.overlap else ""
    return f"{splitting.max_tokens or 0}{overlap}"


def _read_splitting(value: str) -> Splitting | None:
    if value == "no":
        return None
    length, _, overlap = value.partition("+")
    return Splitting(int(length) or None, int(overlap or 0))


def _quoted(value: str) -> str:
    return quote(value, safe="/:\\").replace("~", "%7E")


# What each part of a key is called there, where it is kept, how it is written, and how it is read.
_PARTS: dict[str, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    "by": ("by", str, str),
    "weight": ("weight", "{:g}".format, float),
    "split": ("splitting", _write_splitting, _read_splitting),
    "k": ("top_k", str, int),
    "rerank": ("reranker", _quoted, unquote),
    "depth": ("depth", str, int),
    "order": ("order", str, str),
    "distinct": ("distinct", lambda value: str(int(value)), lambda value: {"0": False, "1": True}[value]),
    "context": ("context", str, int),
    "answer": ("answer_tokens", str, int),
}
