"""An answer by a language model that somebody has agreed to ask, with the passages it cites."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedlab.chat import ChatEndpoint, offer_of, request_digest, said_by, send
from embedlab.errors import HostedError
from embedlab.escape import printable
from embedlab.hosted import Offer, agreed_to

if TYPE_CHECKING:
    from embedlab.retrieval.prompts import Prompt

# [2], [2, 5], [2][5], [2-4]; models write any of them.
_CITED = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_MAX_RANGE, _MAX_KEPT = 20, 200
_kept: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """What a language model has answered. Made by :func:`answer`.

    Parameters
    ----------
    text : str
    model : str
    n_passages : int
        That it was given.
    """

    text: str
    model: str
    n_passages: int

    @property
    def parts(self) -> list[tuple[str, tuple[int, ...]]]:
        """The text in pieces, each with the numbers that are cited behind it; those of no passage, too.

        Examples
        --------
        >>> Answer("It is late [1, 3]. It comes soon [7].", "m", 3).parts
        [('It is late ', (1, 3)), ('. It comes soon ', (7,)), ('.', ())]
        """
        found, begin = [], 0
        for match in _CITED.finditer(self.text):
            found.append((self.text[begin : match.start()], _numbers(match[1])))
            begin = match.end()
        return [*found, (self.text[begin:], ())] if begin < len(self.text) or not found else found

    @property
    def cited(self) -> list[int]:
        """The numbers of the passages that are cited, rising."""
        return sorted({number for number in self._numbers if 1 <= number <= self.n_passages})

    @property
    def unknown(self) -> list[int]:
        """The numbers that are cited and are those of no passage, rising: the model has made them up."""
        return sorted({number for number in self._numbers if not 1 <= number <= self.n_passages})

    @property
    def _numbers(self) -> list[int]:
        return [number for _, numbers in self.parts for number in numbers]


def request_of(endpoint: ChatEndpoint, prompt: Prompt) -> dict[str, Any]:
    """Return the exact request, as JSON has it: all that leaves the machine, but for the key."""
    return {"model": endpoint.model, "messages": prompt.messages, "max_tokens": max(prompt.answer_tokens, 1)}


def answer_offer(endpoint: ChatEndpoint, prompt: Prompt) -> Offer:
    """Return what :func:`answer` would send, for whoever is to agree to it."""
    body = request_of(endpoint, prompt)
    n_texts = len(prompt.placed) + 1  # the question
    return offer_of(endpoint, n_texts, [] if request_digest(endpoint, body) in _kept else [(n_texts, body)])


def answer(endpoint: ChatEndpoint, prompt: Prompt) -> Answer:
    """Have a language model answer a question from the passages of a prompt.

    What was answered before is not asked again while the process runs.

    Parameters
    ----------
    endpoint : ChatEndpoint
        A server that is not on this machine is asked only where somebody agrees; see :mod:`embedlab.hosted`.
    prompt : Prompt

    Raises
    ------
    BudgetError
        When nobody has agreed to it, or not to so much.
    HostedError
        When the server cannot be reached, refuses, or answers with nothing.
    ModelLoadError
        When hosted models are switched off.
    """
    body = request_of(endpoint, prompt)
    digest = request_digest(endpoint, body)
    with agreed_to(answer_offer(endpoint, prompt)) as budgets:
        with _lock:
            text = _kept.get(digest)
        if text is None:
            text = said_by(send(endpoint, body, len(prompt.placed) + 1, budgets))
            if text is None or not text.strip():
                raise HostedError(f"{endpoint.model} answered with nothing. Ask it again, or another model.")
            with _lock:
                _kept[digest] = text
                while len(_kept) > _MAX_KEPT:
                    _kept.popitem(last=False)
    return Answer("\n".join(map(printable, text.strip().splitlines())), endpoint.model, len(prompt.placed))


def _numbers(cited: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"[,;]", cited):
        ends = _RANGE.fullmatch(part.strip())
        # A range of numbers that nobody has counted is none.
        between = range(int(ends[1]), int(ends[2]) + 1) if ends else range(int(part), int(part) + 1)
        found += between if 0 < len(between) <= _MAX_RANGE else map(int, re.findall(r"\d+", part))
    return tuple(found)
