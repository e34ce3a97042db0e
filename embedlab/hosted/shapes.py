"""What requests for embeddings look like, and what their answers have to be: OpenAI's form, Voyage's and Cohere's."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import HostedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.hosted.names import HostedModel

# How far the length of an embedding may be from 1 where it is said to be 1.
_UNIT = 1e-2
# Characters of a number in JSON at most, and what stands around the vectors.
_NUMBER, _AROUND = 26, 1 << 16


@dataclass(frozen=True)
class Shape:
    """How requests look.

    Parameters
    ----------
    service : str
        Behind the path of the address.
    body : callable
        From model, texts and input type to what is sent.
    vectors : callable
        From what the server said to its vectors, each a list of numbers or a text in base64, in the order of the texts.
    n_tokens : callable
        From what the server said to the tokens it counted.
    """

    service: str
    body: Callable[[HostedModel, Sequence[str], str | None], dict[str, Any]]
    vectors: Callable[[Any], list[Any]]
    n_tokens: Callable[[Any], Any]


def _openai_body(model: HostedModel, texts: Sequence[str], input_type: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model.model, "input": list(texts), "encoding_format": "base64"}
    body |= {"dimensions": model.dimensions} if model.dimensions else {}
    return body | ({"input_type": input_type} if input_type else {})


def _voyage_body(model: HostedModel, texts: Sequence[str], input_type: str | None) -> dict[str, Any]:
    body = {"model": model.model, "input": list(texts), "truncation": False, "encoding_format": "base64"}
    body |= {"output_dimension": model.dimensions} if model.dimensions else {}
    return body | ({"input_type": input_type} if input_type else {})


def _cohere_body(model: HostedModel, texts: Sequence[str], input_type: str | None) -> dict[str, Any]:
    body = {"model": model.model, "texts": list(texts), "input_type": input_type}
    body |= {"truncate": "NONE", "embedding_types": ["float"]}
    return body | ({"output_dimension": model.dimensions} if model.dimensions else {})


def _by_index(content: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return the vectors in the order of their numbers; servers that number none keep the order of the texts."""
    data = content["data"]
    if all("index" not in each for each in data):
        return [each["embedding"] for each in data]
    placed = {each["index"]: each["embedding"] for each in data}
    if set(placed) != set(range(len(data))):
        raise ValueError("numbered otherwise than the texts")
    return [placed[number] for number in range(len(data))]


_OPENAI = Shape("embeddings", _openai_body, _by_index, lambda content: content["usage"]["total_tokens"])
_SHAPES = {
    "openai": _OPENAI,
    "voyage": Shape("embeddings", _voyage_body, _by_index, _OPENAI.n_tokens),
    "cohere": Shape(
        "embed",
        _cohere_body,
        lambda content: content["embeddings"]["float"],
        lambda content: content["meta"]["billed_units"]["input_tokens"],
    ),
}


def shape_of(model: HostedModel) -> Shape:
    """Return how requests for a model look."""
    return _SHAPES[model.shape]


def most_bytes(n_texts: int, n_dimensions: int) -> int:
    """Return the size of the largest answer that makes sense."""
    return n_texts * (n_dimensions * _NUMBER + 200) + _AROUND


def read_vectors(model: HostedModel, content: object, n_texts: int) -> NDArray[np.float32]:
    """Return the vectors of an answer, each checked.

    Returns
    -------
    float32 array of shape (n_texts, d)

    Raises
    ------
    HostedError
        For too many or too few, another order, another length, or what is no number.
    """
    try:
        listed = shape_of(model).vectors(content)
        rows = [_numbers(each) for each in listed]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise _wrong(model, "answered in a form that is not the protocol's, or with numbers that are none") from None
    if len(rows) != n_texts:
        raise _wrong(model, f"answered {n_texts:,} texts with {len(rows):,} embeddings")
    wanted = model.embedding_dimension or (len(rows[0]) if rows else 0)
    if other := next((len(row) for row in rows if len(row) != wanted), None):
        raise _wrong(model, f"answered with embeddings of {other:,} numbers instead of {wanted:,}")
    found = np.stack(rows) if rows else np.zeros((0, wanted), dtype=np.float32)
    if not np.isfinite(found).all() or not wanted:
        raise _wrong(model, "answered with numbers that are none")
    if model.card and model.card.provider.is_unit:
        lengths = np.linalg.norm(found, axis=1)
        if np.abs(lengths - 1).max(initial=0.0) > _UNIT:
            raise _wrong(model, "answered with embeddings whose length is not 1, as it should be")
    return found


def counted_tokens(model: HostedModel, content: object) -> int | None:
    """Return the tokens that the server says it counted; None where it says nothing that makes sense."""
    try:
        found = shape_of(model).n_tokens(content)
    except (KeyError, TypeError, IndexError):
        return None
    is_count = isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < 1e12
    return round(found) if is_count else None


def _numbers(vector: object) -> NDArray[np.float32]:
    if isinstance(vector, str):
        return np.frombuffer(base64.b64decode(vector, validate=True), "<f4").astype(np.float32)
    if not isinstance(vector, list) or not all(type(number) in (int, float) for number in vector):
        raise TypeError("no vector")
    with np.errstate(over="ignore"):  # what is too large is told apart as infinite
        return np.array(vector, dtype=np.float64).astype(np.float32)


def _wrong(model: HostedModel, what: str) -> HostedError:
    return HostedError(f"{model.host} {what}, for {model.model}. Nothing of the answer is used.")
