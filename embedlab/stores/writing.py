"""Many rows into a collection: in batches, going on where it was stopped, writing only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.spec import EmbeddingSpec
from embedlab.stores.contract import DIGEST, Collection, check_records, check_same_space
from embedlab.texts import is_blank
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Written:
    """What a write has done.

    Parameters
    ----------
    n_new, n_changed, n_unchanged : int
        Rows that were not there, that were there with something else, and that were left alone as they are the same.
    n_others : int
        Rows of the collection that are not among those given: they stay.
    """

    n_new: int
    n_changed: int
    n_unchanged: int
    n_others: int


def write(
    collection: Collection,
    ids: Sequence[str],
    embeddings: ArrayLike,
    documents: Sequence[str],
    metadatas: Sequence[Mapping[str, Any]] | None = None,
    *,
    spec: EmbeddingSpec | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write rows in batches; those that are there as they are given are left alone.

    A write that was stopped or killed is gone on with by calling it again.

    Parameters
    ----------
    collection : Collection
    ids, embeddings, documents, metadatas, spec
        As for :meth:`Collection.upsert`; :func:`stable_ids` makes ids.
    progress : callable, optional
        Called with the number of rows that are written, and of all, after each batch. What it raises stops the write.

    Returns
    -------
    Written

    Raises
    ------
    InvalidInputError, SpecError, StoreError
        As for :meth:`Collection.upsert`. All rows are checked before the first is written.
    """
    check_same_space(collection.spec, spec, collection.name)
    records = check_records(ids, embeddings, documents, metadatas, collection.dimension).signed()
    n_new = n_changed = 0
    for start in range(0, len(records), collection.batch_rows):
        stop = min(start + collection.batch_rows, len(records))
        kept = collection.digests(records.ids[start:stop])
        changed = [i for i in range(start, stop) if kept.get(records.ids[i]) != records.metadatas[i][DIGEST]]
        collection.upsert_checked(records.take(changed))
        were_there = sum(records.ids[i] in kept for i in changed)
        n_new, n_changed = n_new + len(changed) - were_there, n_changed + were_there
        if progress is not None:
            progress(stop, len(records))
    n_others = collection.count() - len(records)
    return Written(n_new, n_changed, len(records) - n_new - n_changed, n_others)


def stable_ids(documents: Sequence[str], keys: Sequence[object] | None = None) -> list[str]:
    """Return ids that a second write of the same rows has again.

    Parameters
    ----------
    documents : sequence of str of length n
    keys : sequence of length n, optional
        The column of the table that names each row.

    Returns
    -------
    list of str
        The keys as texts; without keys 32 hexadecimal digits by the text, for its second appearance others.

    Raises
    ------
    InvalidInputError
        When a key is blank or comes twice.

    Examples
    --------
    >>> first, again, other = stable_ids(["late", "late", "blue"])
    >>> first == stable_ids(["late"])[0], first == again
    (True, False)
    """
    if keys is not None:
        check_same_length("documents", len(documents), "keys", len(keys))
        named = [str(key) for key in keys]
        if any(is_blank(key) for key in named) or len(set(named)) < len(named):
            raise InvalidInputError(
                "The column of ids has a blank cell, or one that comes twice. Choose another column, or none: then the "
                "texts name the rows."
            )
        return named
    seen: dict[str, int] = {}
    ids = []
    for document in documents:
        seen[document] = seen.get(document, 0) + 1
        said = f"{seen[document]}\n{document}".encode("utf-8", "surrogatepass")
        ids.append(blake2b(said, digest_size=16).hexdigest())
    return ids
