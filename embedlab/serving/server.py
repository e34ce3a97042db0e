"""Listening, and stopping in good order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

# Seconds in which what was taken on is answered after somebody stops the server.
_GRACE = 60
# Seconds a connection rests before it is closed: longer than clients keep theirs, or a request and the end would cross.
_KEEP_ALIVE = 75


def serve(app: Starlette, host: str, port: int) -> None:
    """Answer requests until the server is stopped; those under way are answered then, and new ones refused.

    Parameters
    ----------
    app : Starlette
        Of :func:`make_app`.
    host : str
    port : int
    """
    import uvicorn

    uvicorn.Server(configure(app, host, port)).run()


def configure(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """Return how the server listens."""
    import uvicorn

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
