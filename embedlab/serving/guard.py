"""Who may ask, how much at once, and what every answer tells a browser."""

from __future__ import annotations

import asyncio
import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from embedlab.serving.protocol import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 8 << 20
"""Bytes of a request: 2,048 texts of some pages each."""

# Seconds in which the body of a request has to have come.
_PATIENCE = 60.0
# What answers without a key: a machine that watches over servers has none.
_OPEN = "/health"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Ask for the key, turn away names that are not ours, and put the headers on every answer.

    Parameters
    ----------
    app : ASGIApp
    key : str or None
        What has to be brought along; None where nothing is asked for.
    hosts : sequence of str
        Names under which the server may be asked: a page elsewhere can give its own name to this machine's address.
    """

    def __init__(self, app: ASGIApp, key: str | None, hosts: Sequence[str]) -> None:
        self._app, self._hosts = app, {host.lower() for host in hosts}
        self._expected = None if key is None else f"Bearer {key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refused = self._refuse(scope)
        if refused is not None:
            await JSONResponse(refused.body, refused.status, headers=refused.headers)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _refuse(self, scope: Scope) -> RequestError | None:
        request = Headers(scope=scope)
        if "*" not in self._hosts and _host_of(request) not in self._hosts:
            return RequestError(HTTPStatus.FORBIDDEN, "This server is not asked under that name.")
        given = request.get("authorization", "").encode("latin-1")
        # Compared in the same time wherever they differ, so that no letter can be guessed by the clock.
        if self._expected is None or scope["path"] == _OPEN or hmac.compare_digest(given, self._expected):
            return None
        return RequestError(
            HTTPStatus.UNAUTHORIZED,
            "This server asks for a key: Authorization: Bearer KEY.",
            code="invalid_api_key",
            headers={"WWW-Authenticate": "Bearer"},
        )


async def read_body(request: Request) -> bytes:
    """Return the body of a request, unless it is too large, too slow or no JSON.

    A page elsewhere can send a form here without asking; JSON it cannot, as long as we do not say that it may.

    Raises
    ------
    RequestError
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json.")
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MAX_BODY:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise _too_large()
    except TimeoutError as error:
        raise RequestError(HTTPStatus.REQUEST_TIMEOUT, "The request did not come to its end.") from error
    return bytes(body)


def _too_large() -> RequestError:
    return RequestError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The request is larger than {MAX_BODY >> 20} MiB. Send fewer texts.",
    )


def _host_of(request: Headers) -> str:
    """Return the name a request was sent to, without its port."""
    host = request.get("host", "").lower()
    return host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
