"""From a request to the model's own words, and from what the model says to an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from embedlab.errors import EmbedLabError, NotEnoughMemoryError
from embedlab.jobs import record
from embedlab.serving.protocol import RequestError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request

    from embedlab.encoders import Encoder

MAX_TOKENS = 300_000
"""Tokens of a request that are read, as with OpenAI."""


def prompt_of(encoder: Encoder, input_type: str | None) -> str:
    """Return the name of the prompt for a kind of text; empty for none.

    Raises
    ------
    RequestError
        For a kind that is neither query nor document nor a prompt of the model.
    """
    default = encoder.default_prompt_name or ""
    if input_type is None:
        return default
    if input_type in ("query", "search_query"):
        return encoder.query_prompt_name or default
    if input_type in ("document", "search_document"):
        return encoder.document_prompt_name or default
    if input_type in encoder.prompts:
        return input_type
    named = ", ".join(dict.fromkeys(["query", "document", *encoder.prompts]))
    raise RequestError(HTTPStatus.BAD_REQUEST, f"'input_type' has to be one of: {named}.", param="input_type")


@dataclass(frozen=True)
class Read:
    """How much of the texts of a request the model reads.

    Parameters
    ----------
    n_tokens : int
    n_cut : int
        Texts of which it reads the beginning only.
    """

    n_tokens: int
    n_cut: int


def check_lengths(encoder: Encoder, texts: Sequence[str], prompt_name: str, long_texts: str) -> Read:
    """Count what the model would read of texts behind a prompt.

    Raises
    ------
    RequestError
        When a text is too long and ``long_texts`` is ``"refuse"``, or all of them together are.
    """
    prompt = encoder.prompts[prompt_name] if prompt_name else ""
    counts = encoder.count_tokens([prompt + text for text in texts])
    limit = encoder.max_seq_length or int(counts.max())
    is_long = counts > limit
    if long_texts == "refuse" and is_long.any():
        row = int(is_long.argmax())
        raise _too_long(f"Text {row} has {counts[row]:,} tokens; the model reads {limit:,}")
    read = counts if long_texts == "mean" else counts.clip(max=limit)
    if read.sum() > MAX_TOKENS:
        raise _too_long(f"The texts have {read.sum():,} tokens together; a request may have {MAX_TOKENS:,}")
    return Read(int(read.sum()), 0 if long_texts == "mean" else int(is_long.sum()))


def _too_long(what: str) -> RequestError:
    said = f'{what}. Send less, or "truncate": true to have the beginning read.'
    return RequestError(HTTPStatus.BAD_REQUEST, said, param="input", code="context_length_exceeded")


async def answer_or_gone(request: Request, answer: Future[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Wait for an answer, or until nobody waits for it any more: then the texts are not read.

    Raises
    ------
    RequestError
        When the model cannot answer.
    ClientDisconnect
        When whoever asked has gone.
    """
    waiting = asyncio.wrap_future(answer)
    gone: asyncio.Future[Any] = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            return waiting.result()
    except NotEnoughMemoryError as error:
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": "10"}) from error
    except EmbedLabError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except Exception as error:
        code = record(error, "a request")
        said = f"Something went wrong here that EmbedLab did not foresee. It stands in the server's log under {code}."
        raise RequestError(HTTPStatus.INTERNAL_SERVER_ERROR, said) from error
    finally:
        waiting.cancel()
        gone.cancel()
    raise ClientDisconnect  # out here: it is nobody's mistake
