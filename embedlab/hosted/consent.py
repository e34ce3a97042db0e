"""Nothing is sent that nobody has agreed to: an offer says what would be, a budget how much of it may.

An encoder makes the offer (``encoder.offer(texts)``). Whoever agrees wraps the work::

    offer = encoder.offer(texts, store=store)
    print(offer.sentence)
    with allowed(offer):
        store.encode(encoder, texts)

Servers on this machine need no leave: nothing leaves it. What is agreed to holds in the thread that says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from embedlab.errors import BudgetError, InvalidInputError
from embedlab.hosted.policy import hosted_policy


@dataclass(frozen=True)
class Offer:
    """What would be sent for some texts, before any of it is.

    Parameters
    ----------
    model : str
        As :func:`embedlab.load_encoder` takes it.
    host : str
        Who would get the texts.
    n_texts : int
        Different texts that are asked for.
    n_cached : int
        Those of them that are kept here, and not sent.
    n_characters : int
        Characters of those to be sent, as they would be sent.
    n_tokens : int
        Their tokens; see ``is_counted``.
    is_counted : bool
        Whether the model's own tokenizer counted them; an upper estimate otherwise.
    n_cut : int
        Texts of which only the beginning would be sent, since the model reads no further.
    dollars : float or None
        What the tokens cost; None where no price is known.
    price_date, price_source : str
        When and where the price was read; empty where there is none.
    leaves_machine : bool
        False for a server on this machine.
    """

    model: str
    host: str
    n_texts: int
    n_cached: int
    n_characters: int
    n_tokens: int
    is_counted: bool
    n_cut: int
    dollars: float | None
    price_date: str
    price_source: str
    leaves_machine: bool

    @property
    def n_sent(self) -> int:
        """Number of texts that would be sent."""
        return self.n_texts - self.n_cached

    @property
    def sentence(self) -> str:
        """The offer in words."""
        if not self.n_sent:
            return f"Nothing is sent to {self.host}: all {self.n_texts:,} texts are kept here."
        place = self.host if self.leaves_machine else f"{self.host}, on this machine"
        cached = f" ({self.n_cached:,} more are kept here)" if self.n_cached else ""
        about = "" if self.is_counted else "at most about "
        cut = f" Of {self.n_cut:,} only the beginning: the model reads no further." if self.n_cut else ""
        return (
            f"{self.n_sent:,} texts are sent to {place}{cached}: {self.n_characters:,} characters, "
            f"{about}{self.n_tokens:,} tokens.{cut} {self._price}"
        )

    @property
    def _price(self) -> str:
        if self.dollars is None:
            return "What it costs is not known." if self.leaves_machine else "It costs nothing."
        amount = f"${self.dollars:,.2f}" if self.dollars >= 0.01 else f"${self.dollars:.6f}"
        about = "" if self.is_counted else "at most about "
        return f"That costs {about}{amount} by {self.price_source}, {self.price_date}."

    def __add__(self, other: Offer) -> Offer:
        """Return both as one, for the same model: documents and queries, say.

        Raises
        ------
        InvalidInputError
            For another model.
        """
        if (self.model, self.host) != (other.model, other.host):
            raise InvalidInputError(f"The offers of {self.model} and {other.model} cannot be added: say both.")
        return Offer(
            self.model,
            self.host,
            self.n_texts + other.n_texts,
            self.n_cached + other.n_cached,
            self.n_characters + other.n_characters,
            self.n_tokens + other.n_tokens,
            self.is_counted and other.is_counted,
            self.n_cut + other.n_cut,
            None if self.dollars is None or other.dollars is None else self.dollars + other.dollars,
            self.price_date,
            self.price_source,
            self.leaves_machine,
        )


class Budget:
    """How much may be sent: to whom, how many characters, for how many dollars. It may be shared between threads.

    Parameters
    ----------
    dollars : float or None
        Where no price is known nothing counts towards it.
    n_characters : int or None
    hosts : iterable of str, optional
        Those who may get texts; anybody when not given.
    name : str
        Whose budget it is, for the sentence: "this job", "this session", "this server".

    Attributes
    ----------
    spent_dollars : float
        By the tokens that the servers counted, where they say so; by the estimate for requests under way.
    sent_characters, sent_texts : int
    """

    def __init__(
        self,
        dollars: float | None = None,
        n_characters: int | None = None,
        hosts: frozenset[str] | None = None,
        name: str = "this job",
    ) -> None:
        self.dollars, self.n_characters, self.hosts, self.name = dollars, n_characters, hosts, name
        self.spent_dollars, self.sent_characters, self.sent_texts = 0.0, 0, 0
        self._lock = threading.Lock()

    @classmethod
    def of(cls, *offers: Offer) -> Budget:
        """Return the budget of those who agree to some offers: what they say, to those they name, and no more."""
        total = sum(offer.n_characters for offer in offers)
        return cls(n_characters=total, hosts=frozenset(offer.host for offer in offers))

    @property
    def left_dollars(self) -> float | None:
        """What may still be spent; None for no limit."""
        return None if self.dollars is None else max(0.0, self.dollars - self.spent_dollars)

    def check(self, host: str, n_characters: int, dollars: float | None) -> None:
        """Raise where so much more is not agreed to.

        Raises
        ------
        BudgetError
        """
        if self.hosts is not None and host not in self.hosts:
            raise BudgetError(f"Nobody has agreed to sending texts to {host} for {self.name}.")
        if self.n_characters is not None and self.sent_characters + n_characters > self.n_characters:
            raise BudgetError(
                f"{self.n_characters:,} characters may be sent for {self.name}, and {self.sent_characters:,} were; "
                f"{n_characters:,} more would be too many. Look at the offer again, and agree to what is left."
            )
        if self.dollars is not None and self.spent_dollars + (dollars or 0.0) > self.dollars:
            raise BudgetError(
                f"${self.dollars:,.2f} may be spent for {self.name}, and ${self.spent_dollars:,.4f} are; "
                f"${dollars:,.4f} more would be too much. Take fewer texts, or ask for more."
            )

    def spend(self, host: str, n_texts: int, n_characters: int, dollars: float | None) -> None:
        """Count what is about to be sent, where it is agreed to.

        Raises
        ------
        BudgetError
            Nothing is counted then.
        """
        with self._lock:
            self.check(host, n_characters, dollars)
            self._count(n_texts, n_characters, dollars or 0.0)

    def correct(self, n_texts: int, n_characters: int, dollars: float) -> None:
        """Correct what was counted by what turned out: nothing was billed, or other tokens were."""
        with self._lock:
            self._count(n_texts, n_characters, dollars)

    def _count(self, n_texts: int, n_characters: int, dollars: float) -> None:
        self.sent_texts += n_texts
        self.sent_characters += n_characters
        self.spent_dollars += dollars


@cache
def server_budget() -> Budget:
    """Return what all sessions of this process may spend together, as ``EMBEDLAB_HOSTED_DOLLARS`` says."""
    return Budget(hosted_policy().server_dollars, name="this server")


_agreed: ContextVar[tuple[Budget, ...]] = ContextVar("agreed", default=())


@contextmanager
def allowed(*agreed: Offer | Budget) -> Iterator[None]:
    """Let texts be sent in this block, and in this thread, within what somebody has agreed to.

    Parameters
    ----------
    *agreed : Offer or Budget
        Offers allow what they say, all of them together; budgets, such as that of a session, hold beside them. A block
        within another is held to both.
    """
    offers = [each for each in agreed if isinstance(each, Offer)]
    budgets = [each for each in agreed if isinstance(each, Budget)]
    token = _agreed.set((*_agreed.get(), *([Budget.of(*offers)] if offers else []), *budgets))
    try:
        yield
    finally:
        _agreed.reset(token)


def agreed_budgets() -> tuple[Budget, ...]:
    """Return what holds in this thread: empty where nobody has agreed to anything."""
    return _agreed.get()
