"""Browsers that vanish in the middle of an upload: a request that ends there, not a fault of the server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOG = logging.getLogger(__name__)


class Hangups:
    """Let a request end in silence whose sender has gone; it would stand in the log as an error with a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, unless nobody waits for the answer any more."""
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            _LOG.info("A browser has gone before all it was sending had come.")
