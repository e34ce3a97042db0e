"""Requests that wait are joined: a model reads forty texts of forty people as fast as forty of one."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from embedlab.device import SHORT_REQUEST
from embedlab.errors import EmbedLabError, InvalidInputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder

_LOG = logging.getLogger(__name__)

JOINED = 256
"""Texts up to which long requests are joined; more make no model faster, and all would wait for the last."""


class Answer(NamedTuple):
    """What a model makes of the texts of a request.

    Parameters
    ----------
    vectors : float32 array of shape (n, d)
        Of length 1.
    n_tokens : int
        Tokens that were read.
    n_cut : int
        Texts of which the model read the beginning only.
    """

    vectors: NDArray[np.float32]
    n_tokens: int
    n_cut: int


class TooLongError(InvalidInputError):
    """A text is longer than the model reads, and nobody said that it may be cut."""


@dataclass(frozen=True)
class Work:
    """The texts of a request, and who waits for them.

    Parameters
    ----------
    texts : sequence of str
    prompt_name : str
        Empty for none.
    long_texts : str
        ``"refuse"``, or as for :meth:`embedlab.encoders.Encoder.encode`.
    """

    texts: Sequence[str]
    prompt_name: str
    long_texts: str
    answer: Future[Answer] = field(default_factory=Future)

    def goes_with(self, other: Work) -> bool:
        """Return whether one call of the encoder can answer both."""
        return (self.prompt_name, self.long_texts) == (other.prompt_name, other.long_texts)


class Lane:
    """Answers requests with one thread, in the order they came, those that wait together.

    Nobody is waited for: while a batch is read, the next one gathers. So one person alone is answered at once, and the
    more ask, the larger the batches.

    Parameters
    ----------
    encoder : Encoder
    joined : int
        Texts up to which requests are joined.
    """

    def __init__(self, encoder: Encoder, joined: int) -> None:
        self._encoder, self._joined = encoder, joined
        self._waiting: deque[Work] = deque()
        self._changed = threading.Condition()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name=f"embedlab-lane-{joined}", daemon=True)
        self._thread.start()

    def add(self, work: Work) -> None:
        """Put a request behind the others."""
        with self._changed:
            self._waiting.append(work)
            self._changed.notify()

    def close(self) -> None:
        """Answer what waits, take nothing more, and end the thread."""
        with self._changed:
            self._is_open = False
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            answer(self._encoder, batch)

    def _next(self) -> list[Work]:
        """Wait for requests and return the first with those that go with it; none when the lane is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or not self._is_open)
            if not self._waiting:
                return []
            batch = [self._waiting.popleft()]
            n_texts = len(batch[0].texts)
            while self._waiting and self._waiting[0].goes_with(batch[0]):
                n_texts += len(self._waiting[0].texts)
                if n_texts > self._joined:
                    break
                batch.append(self._waiting.popleft())
            return batch


class Lanes:
    """Two lanes to one model, so that a question need not wait for somebody's whole archive.

    Requests of few texts have a lane of their own. Both meet at the gate of the device, where short calls go before
    long ones between two batches.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._short, self._long = Lane(encoder, SHORT_REQUEST), Lane(encoder, JOINED)

    def add(self, work: Work) -> None:
        """Put a request into its lane."""
        (self._short if len(work.texts) <= SHORT_REQUEST else self._long).add(work)

    def close(self) -> None:
        """Answer what waits and end."""
        for lane in (self._short, self._long):
            lane.close()


def answer(encoder: Encoder, batch: Sequence[Work]) -> None:
    """Answer requests that go together; where one of them makes the model fail, it fails alone."""
    batch = [work for work in batch if work.answer.set_running_or_notify_cancel()]
    _answer(encoder, batch)


def _answer(encoder: Encoder, batch: Sequence[Work]) -> None:
    try:
        found = _encode(encoder, batch)
    except Exception as error:
        if len(batch) > 1:
            for work in batch:
                _answer(encoder, [work])
            return
        if not isinstance(error, EmbedLabError):
            _LOG.exception("A request failed")
        for work in batch:
            work.answer.set_exception(error)
        return
    for work, answered in zip(batch, found, strict=True):
        work.answer.set_result(answered)


def _encode(encoder: Encoder, batch: Sequence[Work]) -> list[Answer]:
    """Encode the texts of all requests in one call and deal the vectors out again."""
    if not batch:
        return []
    first, texts = batch[0], [text for work in batch for text in work.texts]
    prompt = encoder.prompts[first.prompt_name] if first.prompt_name else ""
    limit = encoder.max_seq_length
    n_tokens = encoder.count_tokens([prompt + text for text in texts])
    is_cut = n_tokens > (limit or n_tokens.max())
    if first.long_texts == "refuse" and is_cut.any():
        longest = int(n_tokens.max())
        raise TooLongError(
            f'A text has {longest:,} tokens; the model reads {limit:,}. Shorten it, or send "truncate": true.'
        )
    if first.long_texts != "mean" and limit is not None:
        n_tokens = n_tokens.clip(max=limit)
    long_texts = "cut" if first.long_texts == "refuse" else first.long_texts
    vectors = encoder.encode(texts, prompt_name=first.prompt_name, long_texts=long_texts)
    found, start = [], 0
    for work in batch:
        rows = slice(start, start + len(work.texts))
        found.append(Answer(vectors[rows], int(n_tokens[rows].sum()), int(is_cut[rows].sum())))
        start = rows.stop
    return found
