"""What can be done to a vector so that it takes fewer bytes: a choice, its key and its price."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from embedlab.errors import InvalidInputError
from embedlab.validation import check_integer

REDUCTIONS = {"dim": "first {} dimensions", "pca": "PCA to {}", "random": "random projection to {}"}
"""Ways to fewer dimensions, in words."""
VECTOR_PRECISIONS = {"float32": 32, "float16": 16, "int8": 8, "uint8": 8, "binary": 1, "ubinary": 1}
"""What a number of a vector is kept in, with its bits; beside them ``pq`` and the bytes of a whole vector."""

# The codes of a product quantisation name one of so many.
N_CENTROIDS = 256
# Calibrated on fewer texts, sentence-transformers warns.
_FEWEST_CALIBRATED = 100
# Words that a candidate's key also has for the arithmetic of its model.
_ALSO_ARITHMETIC = ("int8", "float32")
_REDUCED = re.compile(rf"({'|'.join(REDUCTIONS)})([1-9][0-9]*)")
_PRODUCT = re.compile(r"pq([1-9][0-9]*)")


@dataclass(frozen=True)
class Compression:
    """Fewer dimensions, then fewer bits a dimension. What is not given is as it was.

    Parameters
    ----------
    reduction : {"dim", "pca", "random"} or None
        The first dimensions, as ``truncate_dim`` of sentence-transformers does; the principal axes of some texts; or
        random directions, which is what any choice of directions has to beat.
    n_dimensions : int or None
        How many are left; with a reduction alone.
    precision : str, default="float32"
        A key of ``VECTOR_PRECISIONS``, or ``"pq16"`` for a product quantisation to 16 bytes. This is what the vectors
        are kept in, as ``precision`` of ``SentenceTransformer.encode``; not the arithmetic of the model.
    rescore : bool, default=False
        Whether the best by these codes are ordered again by the full vectors, which are kept beside them.

    Raises
    ------
    InvalidInputError
        For a reduction, number or precision there is not, or nothing to rescore.

    Examples
    --------
    >>> Compression("pca", 128, "int8").key
    'pca128~int8'
    >>> Compression.parse("binary~rescore").bytes_per_vector(384)
    48
    """

    reduction: str | None = None
    n_dimensions: int | None = None
    precision: str = "float32"
    rescore: bool = False

    def __post_init__(self) -> None:
        if self.reduction is not None and self.reduction not in REDUCTIONS:
            raise InvalidInputError(f"reduction={self.reduction!r} is not one of: {', '.join(REDUCTIONS)}.")
        if self.reduction is not None:
            check_integer(self.n_dimensions, "n_dimensions", 1)  # type: ignore[arg-type]
        elif self.n_dimensions is not None:
            raise InvalidInputError(f"n_dimensions={self.n_dimensions} says not how. Give reduction, such as 'pca'.")
        if self.precision not in VECTOR_PRECISIONS and not self.n_codes:
            known = ", ".join([*VECTOR_PRECISIONS, "pq16"])
            raise InvalidInputError(f"precision={self.precision!r} is none that vectors are kept in: {known}.")
        if self.rescore and replace(self, rescore=False) == Compression():
            raise InvalidInputError(
                "The full vectors need no rescoring. Choose what they are compressed to, or leave it."
            )

    @property
    def is_full(self) -> bool:
        """Whether the vectors stay what they are."""
        return self == FULL

    @property
    def is_fitted(self) -> bool:
        """Whether it depends on the texts it is fitted to."""
        return self.n_texts_needed > 0

    @property
    def n_codes(self) -> int:
        """Bytes of a product quantisation; 0 for every other precision."""
        found = _PRODUCT.fullmatch(self.precision)
        return int(found[1]) if found else 0

    @property
    def n_texts_needed(self) -> int:
        """Texts it takes to fit it; 0 where nothing is fitted."""
        # Around their mean, n texts lie in n - 1 dimensions.
        needed = 1 + (self.n_dimensions or 0) if self.reduction == "pca" else 0
        if self.precision in ("int8", "uint8"):
            needed = max(needed, _FEWEST_CALIBRATED)
        return max(needed, N_CENTROIDS) if self.n_codes else needed

    def bytes_per_vector(self, n_dimensions: int) -> int:
        """Return the bytes a query reads of each text, of embeddings of so many dimensions."""
        bits = VECTOR_PRECISIONS.get(self.precision, 0) * (self.n_dimensions or n_dimensions)
        return self.n_codes or -(-bits // 8)

    def rescoring_bytes(self, n_dimensions: int) -> int:
        """Return the bytes of each text that are kept beside them, for rescoring, and seldom read."""
        return 4 * n_dimensions if self.rescore else 0

    @property
    def title(self) -> str:
        """The compression in words, short; ``"full vectors"`` for none."""
        said = {
            REDUCTIONS.get(self.reduction or "", "").format(self.n_dimensions): self.reduction is not None,
            f"product quantisation to {self.n_codes} bytes": self.n_codes > 0,
            f"{self.precision} vectors": self.precision != "float32" and not self.n_codes,
            "rescored": self.rescore,
        }
        return " · ".join(words for words, is_said in said.items() if is_said) or "full vectors"

    @property
    def key(self) -> str:
        """The compression as a short string, which :meth:`parse` reads; empty for none.

        Eight bits without a reduction are ``vectors=int8``: ``int8`` alone is the arithmetic of a model.
        """
        kept = "" if self.precision == "float32" else self.precision
        if kept in _ALSO_ARITHMETIC and self.reduction is None:
            kept = f"vectors={kept}"
        parts = [f"{self.reduction}{self.n_dimensions}" if self.reduction else "", kept, "rescore" * self.rescore]
        return "~".join(filter(None, parts))

    @classmethod
    def parse(cls, key: str) -> Compression:
        """Return the compression of a :attr:`key`.

        Raises
        ------
        InvalidInputError
            For a part that means nothing, or that says again what another has said.
        """
        said: dict[str, Any] = {}
        for part in filter(None, key.split("~")):
            setting = cls.setting(part)
            if not setting:
                raise InvalidInputError(f"{part!r} in {key!r} is no way to compress. Write such as pca128~int8.")
            if said.keys() & setting.keys():
                raise InvalidInputError(f"{part!r} in {key!r} says again what another part has said. Keep one of them.")
            said |= setting
        return cls(**said)

    @staticmethod
    def setting(part: str) -> dict[str, Any]:
        """Return what one part of a key sets, as arguments; nothing for one that is of something else.

        Examples
        --------
        >>> Compression.setting("dim64"), Compression.setting("cls")
        ({'reduction': 'dim', 'n_dimensions': 64}, {})
        """
        if reduced := _REDUCED.fullmatch(part):
            return {"reduction": reduced[1], "n_dimensions": int(reduced[2])}
        name = part.removeprefix("vectors=")
        if name in VECTOR_PRECISIONS or _PRODUCT.fullmatch(name):
            return {"precision": name}
        return {"rescore": True} if part == "rescore" else {}


FULL = Compression()
"""Vectors as the model gives them."""
