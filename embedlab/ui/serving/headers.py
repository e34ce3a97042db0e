"""What every answer tells the browser to keep to, and which requests of other sites are turned away."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@cache
def headers() -> dict[str, str]:
    """Return the headers of every answer.

    The browser runs scripts of this server only: files, the one that stands in Streamlit's page, known by its digest,
    and the ``blob:`` of our map, which only a script that runs already can make. Scripts that run may
    make code of words: without that, Plotly cannot draw with WebGL, and the matrix stays grey. Nothing is loaded from
    elsewhere, so a picture in a text of somebody else's tells nobody that it was looked at. Styles are set by Streamlit
    as it goes.
    """
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' blob: 'unsafe-eval' {' '.join(_inline_scripts())}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in rules.items()),
        "X-Content-Type-Options": "nosniff",
        # An address holds the id of an upload, which is all one needs to see it.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _inline_scripts() -> list[str]:
    """Return the digests of the scripts that stand in Streamlit's page."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class Guard:
    """Put the headers on every answer, and turn away a page of another site that would open a session.

    Streamlit refuses foreign sites as well, but asks a server on the internet for this machine's address first, and
    lets any page of this machine in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers())
            await send(message)

        if scope["type"] == "websocket" and _is_foreign(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send_guarded)


def _is_foreign(request: Headers) -> bool:
    """Return whether a browser says that a page of another site asks; other programs say nothing."""
    origin = request.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.get("host")
