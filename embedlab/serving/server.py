"""Listening, and stopping in good order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

_GRACE = 60
# Seconds in which what was taken on is answered after somebody stops the server.
_KEEP_ALIVE = 75
# Seconds a connection rests before it is closed: longer than the clients keep theirs, or the two would cross.


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

    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
