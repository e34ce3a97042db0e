"""What some work would send, and what a person has agreed to: for these texts and this model, while her session lasts.

The encoders refuse to send what nobody has agreed to (:mod:`embedlab.hosted`). Here the work of a page is done within
what its session has agreed to; what has none to speak for it, such as the warm-up, can send nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from embedlab.comparison import lists_to_embed
from embedlab.encoders import HostedEncoder
from embedlab.errors import EmbedLabError
from embedlab.hosted import Budget, Offer, allowed, hosted_policy
from embedlab.jobs import Report, Task

if TYPE_CHECKING:
    from embedlab.comparison import Candidate
    from embedlab.encoders import Encoder
    from embedlab.gold import Gold
    from embedlab.store import EmbeddingStore

T = TypeVar("T")

_AGREED, _BUDGET = "agreed-to-send", "budget-of-session"


@dataclass(frozen=True, eq=False)
class Sending:
    """What some work would send to a model server.

    Parameters
    ----------
    encoder : HostedEncoder
    scope : str
        Names the texts that a person is asked about: whoever has agreed to them has agreed for this model, too, to
        what she types beside them.
    lists : tuple of (sequence of str, dict)
        Texts, and how they are embedded: arguments of :meth:`embedlab.Encoder.encode`.
    store : EmbeddingStore or None
        Where embeddings are kept: what it holds is not sent. None for what is typed, which is kept nowhere.
    """

    encoder: HostedEncoder
    scope: str
    lists: tuple[tuple[Sequence[str], dict[str, Any]], ...]
    store: EmbeddingStore | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What an agreement is kept by."""
        return self.encoder.name, self.scope

    def offer(self) -> Offer:
        """Return what would be sent, counted now."""
        first, *others = (self.encoder.offer(texts, store=self.store, **ways) for texts, ways in self.lists)
        return sum(others, first)


class NotAgreedError(EmbedLabError):
    """Texts would be sent that the person has not been asked about.

    Parameters
    ----------
    asked : sequence of (Sending, Offer)
        All that the work would send and she has not agreed to.
    """

    def __init__(self, asked: Sequence[tuple[Sending, Offer]]) -> None:
        super().__init__(" ".join(offer.sentence for _, offer in asked))
        self.asked = tuple(asked)


def sending_of(
    encoder: Encoder, scope: str, *lists: tuple[Sequence[str], dict[str, Any]], store: EmbeddingStore | None = None
) -> list[Sending]:
    """Return what work with an encoder would send elsewhere: nothing, where its model or server is on this machine."""
    if not isinstance(encoder, HostedEncoder) or encoder.model.address.is_loopback:
        return []
    return [Sending(encoder, scope, lists, store)]


def sent_by(gold: Gold, candidate: Candidate, encoder: Encoder, store: EmbeddingStore) -> list[Sending]:
    """Return what embedding the texts and the queries of a comparison by one candidate would send."""
    return sending_of(encoder, gold.digest, *lists_to_embed(gold, candidate, encoder), store=store)


def allow(task: Task[T], sends: Sequence[Sending]) -> Task[T]:
    """Return a task that may send what the person has agreed to.

    Raises
    ------
    NotAgreedError
        When it would send anything else.
    """
    with st.spinner("Counting what would be sent …"):
        offers = [(sending, sending.offer()) for sending in sends]
    wanted = [(sending, offer) for sending, offer in offers if offer.n_sent]
    asked = [(sending, offer) for sending, offer in wanted if not _covers(sending, offer)]
    if asked:
        raise NotAgreedError(asked)
    if not wanted:
        return task
    budget = Budget.of(*(offer for _, offer in wanted))
    for sending, _ in wanted:
        if sending.store is not None:
            _agreements()[sending.key] = budget
    return within(task, [budget])


def within(task: Task[T], agreed: Sequence[Offer | Budget]) -> Task[T]:
    """Return a task that may send what was agreed to, and what this session may spend."""
    ours = session_budget()

    def work(report: Report) -> T:
        with allowed(*agreed, ours):
            return task.work(report)

    return replace(task, work=work)


def agree(asked: Sequence[tuple[Sending, Offer]]) -> None:
    """Keep that the person has agreed to some offers: to what they say, and no more."""
    budget = Budget.of(*(offer for _, offer in asked))
    for sending, _ in asked:
        _agreements()[sending.key] = budget


def _covers(sending: Sending, offer: Offer) -> bool:
    """Return whether an offer is within what was agreed to; what is typed is, as soon as the texts beside it are."""
    agreed = _agreements().get(sending.key)
    if agreed is None or agreed.n_characters is None:
        return False
    return sending.store is None or offer.n_characters <= agreed.n_characters - agreed.spent.n_characters


def _agreements() -> dict[tuple[str, str], Budget]:
    found: dict[tuple[str, str], Budget] = st.session_state.setdefault(_AGREED, {})
    return found


def session_budget() -> Budget:
    """Return what this session may spend, as ``EMBEDLAB_HOSTED_SESSION_DOLLARS`` says."""
    made: Budget = st.session_state.setdefault(_BUDGET, Budget(hosted_policy().session_dollars, name="this session"))
    return made
