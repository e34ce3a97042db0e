"""The embeddings protocol of OpenAI: what a request may say, and what an answer looks like."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.encoders.running import check_texts
from embedlab.errors import EmbedLabError, InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_INPUTS = 2_048
"""Texts of a request, as with OpenAI."""

_FIELDS = ("model", "input", "dimensions", "encoding_format", "input_type", "truncate", "user")
_FORMATS = ("float", "base64")
_TYPES = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "server_error",
}


class RequestError(EmbedLabError):
    """A request is refused.

    Parameters
    ----------
    status : HTTPStatus
    message : str
    param : str, optional
        The field that is wrong.
    code : str, optional
        What a program can go by.
    headers : mapping of str to str, optional
        Further headers of the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})
        self.body = {
            "error": {
                "message": message,
                "type": _TYPES.get(status, "invalid_request_error"),
                "param": param,
                "code": code,
            }
        }


@dataclass(frozen=True)
class EmbeddingRequest:
    """What somebody asks for.

    Parameters
    ----------
    model : str
    texts : list of str
        At least one, none of them empty.
    dimensions : int or None
        How many of the first dimensions are wanted.
    encoding_format : str
        ``"float"`` or ``"base64"``.
    input_type : str or None
        ``"query"``, ``"document"`` or the name of a prompt; not in OpenAI's protocol.
    truncate : bool or None
        Whether texts may be cut that are longer than the model reads; not in OpenAI's protocol.
    """

    model: str
    texts: list[str]
    dimensions: int | None
    encoding_format: str
    input_type: str | None
    truncate: bool | None


def read_request(body: bytes) -> EmbeddingRequest:
    """Read the body of a request.

    Raises
    ------
    RequestError
        For what is no JSON, a field there is not, or a value that does not fit.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _wrong("The body is not valid JSON.") from error
    if not isinstance(asked, dict):
        raise _wrong("The body is not a JSON object.")
    # What is not understood is refused: an ignored wish would be a wrong answer without a word.
    for field in asked:
        if field not in _FIELDS:
            raise _wrong(f"Unknown field {field[:40]!r}. There are: {', '.join(_FIELDS)}.", field[:40])
    return EmbeddingRequest(
        model=_text(asked, "model") or "",
        texts=_texts(asked.get("input")),
        dimensions=_dimensions(asked.get("dimensions")),
        encoding_format=_format(asked),
        input_type=_text(asked, "input_type"),
        truncate=_truth(asked.get("truncate")),
    )


def write_answer(model: str, vectors: NDArray[np.float32], encoding_format: str, n_tokens: int) -> bytes:
    """Return the body of an answer.

    Parameters
    ----------
    model : str
    vectors : float32 array of shape (n, d)
    encoding_format : str
        ``"base64"`` gives the bytes of little-endian float32; ``"float"`` the shortest numbers that are read as the
        same float32.
    n_tokens : int
    """
    written = _as_base64(vectors) if encoding_format == "base64" else _as_numbers(vectors)
    data = ",".join(
        f'{{"object":"embedding","index":{row},"embedding":{vector}}}' for row, vector in enumerate(written)
    )
    usage = f'{{"prompt_tokens":{n_tokens},"total_tokens":{n_tokens}}}'
    return f'{{"object":"list","data":[{data}],"model":{json.dumps(model)},"usage":{usage}}}'.encode()


def _as_base64(vectors: NDArray[np.float32]) -> list[str]:
    little = np.ascontiguousarray(vectors, dtype="<f4")
    return [f'"{base64.b64encode(row).decode()}"' for row in little]


def _as_numbers(vectors: NDArray[np.float32]) -> list[str]:
    """Write rows of numbers; by Arrow in a sixth of the time that ``json`` takes, and in half the bytes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    n_rows, width = vectors.shape
    ends = pa.array(np.arange(0, n_rows * width + 1, width, dtype=np.int32))
    rows = pa.ListArray.from_arrays(ends, pa.array(vectors.reshape(-1)).cast(pa.string()))
    return [f"[{row}]" for row in pc.binary_join(rows, ",").to_pylist()]


def _texts(given: object) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts:
        raise _wrong("'input' has to be a text or a list of texts, at least one.", "input")
    if len(texts) > MAX_INPUTS:
        raise _wrong(f"{len(texts):,} texts in one request; send at most {MAX_INPUTS:,}.", "input")
    if any(isinstance(text, (int, list)) for text in texts):
        raise _wrong(
            "'input' holds token ids, which mean something in the tokenizer of another model only. Send texts "
            "(LangChain: check_embedding_ctx_length=False).",
            "input",
        )
    try:
        texts = check_texts(texts)
    except InvalidInputError as error:
        raise _wrong(str(error), "input") from error
    empty = next((row for row, text in enumerate(texts) if not text), None)
    if empty is not None:
        raise _wrong(f"Text {empty} is empty. Leave it out.", "input")
    return texts


def _text(asked: dict[str, Any], field: str) -> str | None:
    value = asked.get(field)
    if value is not None and not isinstance(value, str):
        raise _wrong(f"{field!r} has to be a text.", field)
    return value


def _format(asked: dict[str, Any]) -> str:
    value = _text(asked, "encoding_format") or _FORMATS[0]
    if value not in _FORMATS:
        raise _wrong(f"'encoding_format' has to be one of: {', '.join(_FORMATS)}.", "encoding_format")
    return value


def _dimensions(value: object) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise _wrong("'dimensions' has to be a whole number above 0.", "dimensions")
    return value


def _truth(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise _wrong("'truncate' has to be true or false.", "truncate")
    return value


def _wrong(message: str, param: str | None = None) -> RequestError:
    return RequestError(HTTPStatus.BAD_REQUEST, message, param=param)
