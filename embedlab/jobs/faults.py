"""What nobody foresaw: the way to it in the log, and a short code for the person who saw it happen."""

from __future__ import annotations

import logging
import secrets
import traceback

NO_MEMORY = "There is too little free memory. Take fewer texts, or close what else uses memory, and try again."

_LOG = logging.getLogger(__name__)


def record(error: BaseException, where: str) -> str:
    """Log an error once, and return the short code that stands beside it in the log.

    Parameters
    ----------
    error : BaseException
        What it says is left out of the log, because it may quote a text; the lines of code that led to it are not.
    where : str
        What was being done.
    """
    code = getattr(error, "embedlab_code", None)
    if code is None:
        code = error.embedlab_code = secrets.token_hex(3)  # type: ignore[attr-defined]
        _LOG.error("error %s in %s, a bug:\n%s", code, where, _way_to(error))
    return str(code)


def _way_to(error: BaseException | None) -> str:
    """Return the frames and names of an error and of those it came from, as a traceback without what they say."""
    parts = []
    while error is not None:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        error = error.__cause__ or error.__context__
    return "\nwhich came after:\n".join(parts)
