"""What goes into a collection and comes out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.stores.contract.filters import Metadata, check_scalar, check_text
from embedlab.validation import as_embeddings, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DIGEST = "embedlab_digest"
"""The field of a row's metadata that says what was written, by which a second write finds what has changed."""
RESERVED = "embedlab_"
"""How the fields begin that are not a person's own."""
# Characters that every store takes for an id or the name of a field.
_LONGEST_ID, _LONGEST_FIELD = 512, 200


@dataclass(frozen=True)
class Match:
    """A row that was found.

    Parameters
    ----------
    id : str
    score : float
        Its cosine with the query, in [-1, 1].
    document : str
        Its text.
    metadata : dict of str to str, int, float or bool
    """

    id: str
    score: float
    document: str
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Records:
    """Some rows of a collection.

    Parameters
    ----------
    ids, documents, metadatas : list of length n
    embeddings : float32 array of shape (n, d) or None
        Of length 1 in a collection that EmbedLab made; None where they were not asked for.
    """

    ids: list[str]
    documents: list[str]
    metadatas: list[Metadata]
    embeddings: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, positions: Sequence[int]) -> Records:
        """Return some of the rows, in the order of the positions."""
        return Records(
            [self.ids[i] for i in positions],
            [self.documents[i] for i in positions],
            [self.metadatas[i] for i in positions],
            None if self.embeddings is None else self.embeddings[list(positions)],
        )

    def in_order_of(self, ids: Sequence[str]) -> Records:
        """Return the rows in the order of some ids; those that are not here are left out."""
        place = {id: position for position, id in enumerate(self.ids)}
        return self.take([place[id] for id in ids if id in place])

    def without_own(self) -> Records:
        """Return the rows without the fields that EmbedLab keeps for itself."""
        return replace(self, metadatas=[own_left_out(metadata) for metadata in self.metadatas])

    def signed(self) -> Records:
        """Return the rows with what was written said in their metadata, as a digest of all of it."""
        if self.embeddings is None:
            raise ValueError("Rows without embeddings are not written.")
        rows = zip(self.documents, self.metadatas, self.embeddings, strict=True)
        return replace(self, metadatas=[{**row[1], DIGEST: _digest(*row)} for row in rows])


def check_records(
    ids: Sequence[str],
    embeddings: ArrayLike,
    documents: Sequence[str],
    metadatas: Sequence[Mapping[str, Any]] | None,
    dimension: int,
) -> Records:
    """Return rows as they are kept: embeddings of length 1, metadata in Python's own types, nothing that says nothing.

    Raises
    ------
    InvalidInputError
        When the lengths differ, an id comes twice, or a row holds what no store could keep: a vector of another
        dimension, of zeros, or with NaN or infinity; an id that is empty or longer than 512 characters; metadata that
        is neither text, number nor truth value.
    """
    ids, documents = list(ids), list(documents)
    given = [{} for _ in ids] if metadatas is None else list(metadatas)
    for name, rows in (("documents", documents), ("metadatas", given)):
        check_same_length("ids", len(ids), name, len(rows))
    if not ids:
        return Records([], [], [], np.zeros((0, dimension), dtype=np.float32))
    vectors = check_vectors(embeddings, dimension)
    check_same_length("ids", len(ids), "embeddings", len(vectors))
    _check_ids(ids)
    for id, document in zip(ids, documents, strict=True):
        if not isinstance(document, str):
            raise InvalidInputError(f"The document of {id!r} is {type(document).__name__}; needed is its text.")
        check_text(document, f"The document of {id!r}")
    return Records(ids, documents, [_checked(one, id) for one, id in zip(given, ids, strict=True)], vectors)


def check_vectors(embeddings: ArrayLike, dimension: int, name: str = "embeddings") -> NDArray[np.float32]:
    """Return vectors of length 1; raise ``InvalidInputError`` for another dimension, zeros, NaN or infinity."""
    vectors = as_embeddings(embeddings, name)
    if vectors.shape[1] != dimension:
        raise InvalidInputError(
            f"{name} have {vectors.shape[1]} dimensions, and the collection has {dimension}. Take the model that the "
            "collection was made with."
        )
    zeros = np.flatnonzero(~vectors.any(axis=1))
    if len(zeros):
        raise InvalidInputError(
            f"{name} hold {len(zeros):,} rows of nothing but zeros, the first is row {zeros[0]}: they have no cosine "
            "with anything. Leave them out."
        )
    return normalize_rows(vectors)


def best_first(found: list[Match]) -> list[Match]:
    """Return matches best first, with scores that rounding has not put beyond 1 or -1."""
    clean = [
        replace(match, score=min(1.0, max(-1.0, float(match.score))), metadata=own_left_out(match.metadata))
        for match in found
    ]
    return sorted(clean, key=lambda match: (-match.score, match.id))


def join_records(parts: Sequence[Records], dimension: int, with_embeddings: bool) -> Records:
    """Return the rows of several parts as one."""
    filled = [part.embeddings for part in parts if part.embeddings is not None and len(part)]
    empty = np.zeros((0, dimension), dtype=np.float32)
    return Records(
        [id for part in parts for id in part.ids],
        [document for part in parts for document in part.documents],
        [metadata for part in parts for metadata in part.metadatas],
        (np.concatenate(filled) if filled else empty) if with_embeddings else None,
    )


def own_left_out(metadata: Mapping[str, Any]) -> Metadata:
    """Return metadata without the fields that EmbedLab keeps for itself."""
    return {name: value for name, value in metadata.items() if not name.startswith(RESERVED)}


def _check_ids(ids: list[str]) -> None:
    for id in ids:
        if not isinstance(id, str) or not id or len(id) > _LONGEST_ID:
            raise InvalidInputError(f"{str(id)[:80]!r} is no id; needed is a text of 1 to {_LONGEST_ID} characters.")
        check_text(id, f"The id {id!r}")
    if len(set(ids)) < len(ids):
        seen = set[str]()
        twice = next(id for id in ids if id in seen or seen.add(id))  # type: ignore[func-returns-value]
        raise InvalidInputError(f"The id {twice!r} comes twice. Give each row an id of its own.")


def _checked(metadata: Mapping[str, Any], id: str) -> Metadata:
    checked: Metadata = {}
    for name, value in metadata.items():
        if not isinstance(name, str) or not name or len(name) > _LONGEST_FIELD or name.startswith(RESERVED):
            raise InvalidInputError(
                f"The metadata of {id!r} has a field {str(name)[:80]!r}; a field has a name of 1 to {_LONGEST_FIELD} "
                f"characters that does not begin with {RESERVED!r}. Rename it."
            )
        check_text(name, f"The name of the field {name!r}")
        if value is not None:
            checked[name] = check_scalar(value, f"{name!r} in the metadata of {id!r}")
    return checked


def _digest(document: str, metadata: Metadata, embedding: NDArray[np.float32]) -> str:
    said = json.dumps([document, metadata], sort_keys=True).encode()
    return blake2b(said + embedding.tobytes(), digest_size=16).hexdigest()
