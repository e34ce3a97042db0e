"""What can be asked of the server: embeddings, which models there are, whether it lives, and what it has done."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from embedlab.encoders import say_cut, shrink
from embedlab.errors import InvalidInputError
from embedlab.serving.asking import MAX_TOKENS, answer_or_gone, check_lengths, prompt_of
from embedlab.serving.counts import Counts
from embedlab.serving.guard import Guard, read_body
from embedlab.serving.lanes import Lanes, Work
from embedlab.serving.protocol import MAX_INPUTS, EmbeddingRequest, RequestError, read_request, write_answer

if TYPE_CHECKING:
    from starlette.requests import Request

    from embedlab.encoders import Encoder

_LOG = logging.getLogger(__name__)

LONG_TEXTS = ("refuse", "cut", "mean")
"""What becomes of a text that is longer than the model reads, where the request does not say."""

MAX_WAITING_TEXTS = 20_000
"""Texts that may wait; more are turned away, and their senders told to come again."""

_MAX_WAITING_BYTES = 256 << 20
# Numbers of an answer from which they are written by another thread.
_MANY_NUMBERS = 65_536


class Service:
    """Models behind an address.

    Parameters
    ----------
    encoders : mapping of str to Encoder
    long_texts : str
        One of ``LONG_TEXTS``.
    max_waiting_texts : int
    """

    def __init__(self, encoders: Mapping[str, Encoder], *, long_texts: str, max_waiting_texts: int) -> None:
        self.lanes = {name: Lanes(encoder) for name, encoder in encoders.items()}
        self.counts, self._long_texts, self._max_waiting = Counts(), long_texts, max_waiting_texts
        self._warned: set[str] = set()

    async def embeddings(self, request: Request) -> Response:
        """Answer ``POST /v1/embeddings``."""
        try:
            response = await self._embeddings(request)
        except RequestError as refused:
            response = refusal(refused)
        except ClientDisconnect:
            response = Response(status_code=499)  # nobody reads it
        self.counts.requests[response.status_code] += 1
        return response

    async def models(self, _: Request) -> Response:
        """Answer ``GET /v1/models``."""
        data = [_facts(name, lanes.encoder) for name, lanes in self.lanes.items()]
        return JSONResponse({"object": "list", "data": data})

    async def health(self, _: Request) -> Response:
        """Answer ``GET /health``."""
        return JSONResponse({"status": "ok"})

    async def metrics(self, _: Request) -> Response:
        """Answer ``GET /metrics``."""
        return PlainTextResponse(self.counts.lines())

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """End the threads when the server stops."""
        yield
        for lanes in self.lanes.values():
            await asyncio.to_thread(lanes.close)

    async def _embeddings(self, request: Request) -> Response:
        body = await read_body(request)
        asked = read_request(body)
        lanes = self._find(asked.model)
        encoder = lanes.encoder
        self._check_dimensions(encoder, asked)
        self._check_room(len(asked.texts), len(body))
        prompt_name, long_texts = prompt_of(encoder, asked.input_type), self._way_with_long_texts(asked)
        with self.counts.waiting(len(asked.texts), len(body)):
            read = await asyncio.to_thread(check_lengths, encoder, asked.texts, prompt_name, long_texts)
            work = Work(asked.texts, prompt_name, "mean" if long_texts == "mean" else "cut")
            lanes.add(work)
            found = await answer_or_gone(request, work.answer)
        self.counts.count(len(asked.texts), read.n_tokens, read.n_cut)
        vectors = shrink(found, asked.dimensions, None, True)
        written = asked, encoder.revision, vectors, read.n_tokens
        is_many = asked.encoding_format == "float" and vectors.size > _MANY_NUMBERS
        content = await asyncio.to_thread(write_answer, *written) if is_many else write_answer(*written)
        return Response(content, media_type="application/json")

    def _find(self, model: str) -> Lanes:
        if model not in self.lanes:
            raise RequestError(
                HTTPStatus.NOT_FOUND,
                f"There is no model {model[:80]!r} here. There are: {', '.join(self.lanes)}.",
                param="model",
                code="model_not_found",
            )
        return self.lanes[model]

    def _way_with_long_texts(self, asked: EmbeddingRequest) -> str:
        if asked.truncate is None:
            return self._long_texts
        return "cut" if asked.truncate else "refuse"

    def _check_dimensions(self, encoder: Encoder, asked: EmbeddingRequest) -> None:
        dimensions = asked.dimensions
        if dimensions is None:
            return
        if dimensions > encoder.embedding_dimension:
            raise RequestError(
                HTTPStatus.BAD_REQUEST,
                f"{asked.model} has {encoder.embedding_dimension} dimensions, not {dimensions}.",
                param="dimensions",
            )
        said = say_cut(encoder, dimensions)
        if said and said not in self._warned:
            self._warned.add(said)
            _LOG.warning("%s", said)

    def _check_room(self, n_texts: int, n_bytes: int) -> None:
        counts = self.counts
        if not counts.waiting_texts:
            return  # nobody is before it, so it is taken however long it is
        # A request larger than all that may wait is taken once nothing does.
        texts_over = counts.waiting_texts + n_texts - self._max_waiting
        bytes_over = counts.waiting_bytes + n_bytes - _MAX_WAITING_BYTES
        if texts_over > 0 or bytes_over > 0:
            share = min(1.0, max(texts_over / counts.waiting_texts, bytes_over / counts.waiting_bytes))
            seconds = counts.seconds_until_left(math.ceil(share * counts.waiting_texts))
            raise RequestError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{counts.waiting_texts:,} texts wait already. Try again in a moment.",
                code="too_many_waiting",
                headers={"Retry-After": str(seconds)},
            )


def make_app(
    encoders: Mapping[str, Encoder],
    *,
    key: str | None = None,
    long_texts: str = "refuse",
    max_waiting_texts: int = MAX_WAITING_TEXTS,
    hosts: Sequence[str] = ("*",),
) -> Starlette:
    """Return the server as an ASGI application.

    Parameters
    ----------
    encoders : mapping of str to Encoder
        The models by the names they are asked for.
    key : str, optional
        What requests have to bring along as ``Authorization: Bearer``; all but ``/health`` are refused without it.
    long_texts : {"refuse", "cut", "mean"}, default="refuse"
        What becomes of texts that are longer than a model reads, where a request does not say ``truncate``.
    max_waiting_texts : int, default=20,000
        Texts that may wait; further ones get status 429.
    hosts : sequence of str, default=("*",)
        Names under which the server may be asked; ``"*"`` for any.

    Raises
    ------
    InvalidInputError
        For a way with long texts there is not, or no model.
    """
    if long_texts not in LONG_TEXTS:
        raise InvalidInputError(f"long_texts={long_texts!r} is not one of: {', '.join(LONG_TEXTS)}.")
    if not encoders:
        raise InvalidInputError("There is no model to serve. Name one.")
    service = Service(encoders, long_texts=long_texts, max_waiting_texts=max_waiting_texts)
    return Starlette(
        routes=[
            Route("/v1/embeddings", service.embeddings, methods=["POST"]),
            Route("/v1/models", service.models),
            Route("/health", service.health),
            Route("/metrics", service.metrics),
        ],
        middleware=[Middleware(Guard, key=key, hosts=tuple(hosts))],
        exception_handlers={HTTPException: _say_status},
        lifespan=service.lifespan,
    )


def refusal(refused: RequestError) -> Response:
    """Return the answer that says why a request was refused."""
    return JSONResponse(refused.body, refused.status, headers=refused.headers)


def _facts(name: str, encoder: Encoder) -> dict[str, object]:
    """Return what is said of a model: in the protocol's words, in vLLM's, and in our own."""
    own = {
        "embedding_dimension": encoder.embedding_dimension,
        "revision": encoder.revision,
        "prompts": list(encoder.prompts),
        "default_prompt_name": encoder.default_prompt_name,
        "orders_dimensions": encoder.orders_dimensions,
        "max_inputs": MAX_INPUTS,
        "max_tokens": MAX_TOKENS,
    }
    known = {"id": name, "object": "model", "created": 0, "owned_by": "embedlab"}
    return {**known, "max_model_len": encoder.max_seq_length, "embedlab": own}


async def _say_status(_: Request, error: Exception) -> Response:
    """Say in the protocol's own shape that there is no such page or method."""
    assert isinstance(error, HTTPException)
    return refusal(RequestError(HTTPStatus(error.status_code), error.detail, headers=error.headers))
