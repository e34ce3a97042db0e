"""What every vector store is: named collections of rows with an id, an embedding, a text and metadata.

Read ``collection.py`` first; ``store.py`` is where collections lie, ``filters.py`` the conditions all stores answer
alike, ``records.py`` what a row may hold. A store is added as a ``VectorStore`` with its ``Rows`` (``rows.py``).
"""

from embedlab.stores.contract.addresses import Address, parse_address
from embedlab.stores.contract.collection import Collection
from embedlab.stores.contract.credentials import find_secret, where_keys_stand
from embedlab.stores.contract.filters import (
    Combination,
    Comparison,
    Condition,
    Kind,
    Metadata,
    Scalar,
    kind_of,
    matches,
    parse_where,
)
from embedlab.stores.contract.foreign import scalars, text_field
from embedlab.stores.contract.keys import check_length, row_key
from embedlab.stores.contract.marks import MARK, Mark, check_same_space
from embedlab.stores.contract.records import DIGEST, Match, Records, check_records
from embedlab.stores.contract.rows import CollectionInfo, IndexSettings, Rows
from embedlab.stores.contract.store import VectorStore
from embedlab.stores.contract.waiting import wait_until

__all__ = [
    "text_field",
    "scalars",
    "where_keys_stand",
    "find_secret",
    "Address",
    "Collection",
    "CollectionInfo",
    "Combination",
    "Comparison",
    "Condition",
    "DIGEST",
    "IndexSettings",
    "Kind",
    "MARK",
    "Mark",
    "Match",
    "Metadata",
    "Records",
    "Rows",
    "Scalar",
    "VectorStore",
    "check_length",
    "check_records",
    "check_same_space",
    "kind_of",
    "matches",
    "parse_address",
    "parse_where",
    "row_key",
    "wait_until",
]
