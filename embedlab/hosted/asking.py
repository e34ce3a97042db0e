"""One request to a model server, tried again where that helps, and an answer that is nobody's to trust.

An answer is other people's data: JSON of a bounded size, from the host that was asked and from no other.
"""

from __future__ import annotations

import json
import logging
import math
import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from embedlab.errors import HostedError
from embedlab.escape import printable
from embedlab.hosted.addresses import Address, find_key
from embedlab.hosted.policy import hosted_policy
from embedlab.hosted.reaching import Deadline, client_for, pace_of, rest

if TYPE_CHECKING:
    import httpx2

_LOG = logging.getLogger(__name__)

# Times a request is sent, and seconds: waited after the first failure, at most between two, and at most for a server
# that says how long it wants to be left alone.
TRIES, _FIRST_WAIT, _LONGEST_WAIT, _PATIENCE = 6, 0.5, 30.0, 120.0
# Seconds from a request to the last byte of its answer, however slowly that drips.
_WHOLE = 900.0
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504, 529}
# What of an error is read, and how much of it is said.
_ERROR_BYTES, _ERROR_CHARACTERS = 1 << 16, 200


class RefusedError(HostedError):
    """The server does not take what it was sent: too long a text, say."""


@dataclass(frozen=True)
class Answer:
    """What a server said.

    Parameters
    ----------
    content : object
        As JSON has it.
    seconds : float
        From the request, the one that was answered, to the end of the answer.
    """

    content: Any
    seconds: float


class _PassingError(Exception):
    """Something that may be over soon: what happened, and how many seconds the server asks for."""

    def __init__(self, said: str, seconds: float | None = None) -> None:
        super().__init__(said)
        self.seconds = seconds


def ask(
    address: Address,
    service: str,
    body: dict[str, Any] | None = None,
    *,
    max_bytes: int = 1 << 20,
    tries: int = TRIES,
    stop: threading.Event | None = None,
) -> Answer:
    """Ask a server for something and return what it says.

    What may pass (429, 500 and the like, a cut connection) is tried again, after as long as the server says, or a
    little longer each time. Whether somebody has agreed to what is sent is the caller's to see to.

    Parameters
    ----------
    address : Address
    service : str
        Behind the path of the address, such as ``"embeddings"``.
    body : dict, optional
        What is sent, as JSON; nothing is, and the server only asked, without.
    max_bytes : int, default=1,048,576
        A longer answer is refused while it is read.
    tries : int, default=6
        How often it is sent at most.
    stop : threading.Event, optional
        Ends the waiting, but no request that is under way.

    Raises
    ------
    HostedError
        When it cannot be reached, refuses, fails again and again, leads elsewhere, or answers something else than JSON.
    InvalidInputError
        When the host wants a key that is not there.
    ModelLoadError
        When hosted models are switched off.
    Cancelled
        When ``stop`` is set.
    """
    hosted_policy().check_is_on()
    stop, pace = stop or threading.Event(), pace_of(address.origin)
    for number in range(tries):
        pace.wait(stop)
        try:
            return _once(address, service, body, max_bytes)
        except _PassingError as error:
            if (error.seconds or 0.0) > _PATIENCE:
                raise HostedError(
                    f"{address.origin} {error}, and wants to be left alone for {error.seconds:,.0f} seconds. "
                    "What came before is kept; try again then."
                ) from None
            said = str(error)
            if number + 1 < tries:
                _LOG.info("%s %s; asked again soon", address.origin, said)
                # Those who failed together do not come back together.
                longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2**number)
                wait = random.uniform(longest / 2, longest)
                if error.seconds is not None:
                    pace.pause(error.seconds)
                    wait = error.seconds + min(wait, 1.0)
                rest(wait, stop)
    often = f", {tries} times" if tries > 1 else ""
    raise HostedError(f"{address.origin} {said}{often}. What came before is kept; try again later.")


def _once(address: Address, service: str, body: dict[str, Any] | None, max_bytes: int) -> Answer:
    import httpx2

    content = None if body is None else json.dumps(body).encode()
    key, began = find_key(address), time.perf_counter()
    failed: Exception
    try:
        with Deadline(_WHOLE) as deadline:
            client, ways = client_for(address), {"trace": deadline}
            method = "GET" if body is None else "POST"
            request = client.build_request(method, address.url(service), content=content, extensions=ways)
            request.headers.update({"Content-Type": "application/json"} if body else {})
            request.headers.update(key.header() if key else {})
            response = client.send(request, stream=True)
            try:
                if response.status_code != 200:
                    raise _failure(address, response, key.hide if key else str)
                found = _read(address, response, max_bytes)
            finally:
                response.close()
        return Answer(found, time.perf_counter() - began)
    except httpx2.TimeoutException:
        failed = _PassingError("did not answer in time")
    except httpx2.ConnectError:
        failed = _PassingError("cannot be reached")
    except httpx2.TransportError:
        failed = _PassingError("did not answer in time" if deadline.has_passed else "cut the connection")
    except (httpx2.InvalidURL, httpx2.HTTPError, httpx2.StreamError):
        failed = HostedError(f"{address.origin} could not be asked. Check the address.")
    # Raised out here: the library's error holds the request, and with it the key.
    raise failed


def _read(address: Address, response: httpx2.Response, max_bytes: int) -> Any:  # noqa: ANN401 - any JSON
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or response.headers.get("content-encoding", "identity") != "identity":
        raise HostedError(
            f"{address.origin} did not answer with JSON but with {printable(kind[:60]) or 'something else'}. Is the "
            "address that of a model server? It usually ends in /v1."
        )
    raw = bytearray()
    for part in response.iter_raw():
        raw += part
        if len(raw) > max_bytes:
            raise HostedError(
                f"{address.origin} answered with more than {max_bytes >> 10:,} KiB, more than there is to say. It was "
                "not read further."
            )
    try:
        return json.loads(bytes(raw))
    except (ValueError, RecursionError):
        raise HostedError(f"{address.origin} answered with something that is not JSON, though it says so.") from None


def _failure(address: Address, response: httpx2.Response, hide: Any) -> Exception:  # noqa: ANN401 - a function
    """Return what to raise for an answer that is none."""
    status, host = response.status_code, address.origin
    if 300 <= status < 400:
        return HostedError(f"{host} sends on to another address, where nothing is sent. Write that one.")
    if status in (401, 403):
        return HostedError(f"{host} refuses the key, or wants one ({status}). See docs/hosted.md for where it stands.")
    code, words = _said(response, hide)
    said = f" It says: {words}" if words else ""
    if status == 429 and "quota" in code:
        return HostedError(f"{host} says that nothing is left to spend with this key.{said}")
    if status in _PASSING or status >= 500:
        return _PassingError(f"answered {status}", _retry_after(response))
    if status == 404:
        return HostedError(f"{host} has nothing there, or does not know the model (404).{said}")
    return RefusedError(f"{host} does not take what it was sent ({status}).{said}")


def _said(response: httpx2.Response, hide: Any) -> tuple[str, str]:  # noqa: ANN401 - a function
    """Return the code and the words of an error, both as short as can be, and no key in them, nor a part of it."""
    raw = bytearray()
    for part in response.iter_raw():
        raw += part
        if len(raw) > _ERROR_BYTES:
            break
    try:
        found = json.loads(bytes(raw[:_ERROR_BYTES]))
    except (ValueError, RecursionError):
        return "", ""
    inner = found.get("error", found) if isinstance(found, dict) else found
    if not isinstance(inner, dict):
        return "", _short(inner, hide)
    words = next((inner[name] for name in ("message", "detail", "error") if inner.get(name)), "")
    return f"{inner.get('code')} {inner.get('type')}", _short(words, hide)


def _short(words: object, hide: Any) -> str:  # noqa: ANN401 - a function
    flat = hide(printable(" ".join(str(words).split())))
    return flat if len(flat) <= _ERROR_CHARACTERS else flat[: _ERROR_CHARACTERS - 1] + "…"


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds a server asks for, as a number or a date; None where it says nothing that makes sense."""
    said = response.headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
