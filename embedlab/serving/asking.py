"""From a request to the model's own words, and from what the model says to an answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from embedlab.errors import EmbedLabError, NotEnoughMemoryError
from embedlab.serving.lanes import Answer, TooLongError
from embedlab.serving.protocol import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request

    from embedlab.encoders import Encoder


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


async def answer_or_gone(request: Request, answer: Future[Answer]) -> Answer:
    """Wait for an answer, or until nobody waits for it any more: then the texts are not read.

    Raises
    ------
    RequestError
        When the model cannot answer.
    ClientDisconnect
        When whoever asked has gone.
    """
    waiting: asyncio.Future[Any] = asyncio.wrap_future(answer)
    gone: asyncio.Future[Any] = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientDisconnect
        return waiting.result()
    except TooLongError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, str(error), param="input", code="context_length_exceeded") from error
    except NotEnoughMemoryError as error:
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, str(error), headers={"Retry-After": "10"}) from error
    except EmbedLabError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except Exception as error:
        # The lane has said in the log what it is.
        said = "Something went wrong here; the log of the server says what."
        raise RequestError(HTTPStatus.INTERNAL_SERVER_ERROR, said) from error
    finally:
        waiting.cancel()
        gone.cancel()
