"""Nothing is sent that nobody has agreed to: an offer says what would be, a budget how much of it may.

An encoder makes the offer (``encoder.offer(texts)``). Whoever agrees wraps the work::

    offer = encoder.offer(texts, store=store)
    print(offer.sentence)
    with allowed(offer):
        store.encode(encoder, texts)

Servers on this machine need no leave: nothing leaves it. What is agreed to holds in the thread that says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from embedlab.errors import BudgetError
from embedlab.folders import data_folder
from embedlab.hosted.ledger import Ledger, Spent
from embedlab.hosted.offers import Offer
from embedlab.hosted.policy import hosted_policy

_LOG = logging.getLogger(__name__)


class Budget:
    """How much may be sent: to whom, how many characters, for how many dollars. It may be shared between threads.

    Parameters
    ----------
    dollars : float or None
        Where no price is known it allows nothing: that takes an offer, or a budget that names the host.
    n_characters : int or None
    hosts : iterable of str, optional
        Those who may get texts; anybody when not given.
    name : str
        Whose budget it is, for the sentence: "this job", "this session", "this server today".
    ledger : Ledger, optional
        Where it is written down what was spent; in memory when not given.
    """

    def __init__(
        self,
        dollars: float | None = None,
        n_characters: int | None = None,
        hosts: frozenset[str] | None = None,
        name: str = "this job",
        ledger: Ledger | None = None,
    ) -> None:
        self.dollars, self.n_characters, self.hosts, self.name = dollars, n_characters, hosts, name
        self._ledger = Ledger() if ledger is None else ledger

    @classmethod
    def of(cls, *offers: Offer) -> Budget:
        """Return the budget of those who agree to some offers: what they say, to those they name, and no more."""
        total = sum(offer.n_characters for offer in offers)
        return cls(n_characters=total, hosts=frozenset(offer.host for offer in offers))

    @property
    def spent(self) -> Spent:
        """What was sent and spent: by the tokens that servers counted, by the estimate for requests under way."""
        return self._ledger.read()

    @property
    def left_dollars(self) -> float | None:
        """What may still be spent; None for no limit."""
        return None if self.dollars is None else max(0.0, self.dollars - self.spent.dollars)

    def _check(self, host: str, n_characters: int, dollars: float | None, spent: Spent) -> None:
        if self.hosts is not None and host not in self.hosts:
            raise BudgetError(f"Nobody has agreed to sending texts to {host} for {self.name}.")
        if self.n_characters is not None and spent.n_characters + n_characters > self.n_characters:
            raise BudgetError(
                f"{self.n_characters:,} characters may be sent for {self.name}, and {spent.n_characters:,} were; "
                f"{n_characters:,} more would be too many. Look at the offer again, and agree to what is left."
            )
        if self.dollars is not None and spent.dollars + (dollars or 0.0) > self.dollars:
            raise BudgetError(
                f"${self.dollars:,.2f} may be spent for {self.name}, and ${spent.dollars:,.4f} are; "
                f"${dollars or 0.0:,.4f} more would be too much. Take fewer texts, or ask for more."
            )

    def spend(self, host: str, n_texts: int, n_characters: int, dollars: float | None) -> None:
        """Count what is about to be sent, where it is agreed to.

        Raises
        ------
        BudgetError
            Nothing is counted then.
        """
        more = Spent(n_texts, n_characters, dollars or 0.0)
        self._ledger.add(more, lambda spent: self._check(host, n_characters, dollars, spent))

    def correct(self, n_texts: int, n_characters: int, dollars: float) -> None:
        """Correct what was counted by what turned out: nothing was billed, or other tokens were."""
        try:
            self._ledger.add(Spent(n_texts, n_characters, dollars))
        except BudgetError as error:
            # An answer is not lost for that: it is paid for. What was counted before stands.
            _LOG.warning("%s", error)


@cache
def server_budget() -> Budget:
    """Return what all sessions may spend together in a day, as ``EMBEDLAB_HOSTED_DOLLARS`` says.

    Where that is limited, what was spent stands in the data folder: a restart, or another process beside this one, has
    no more to spend.
    """
    dollars = hosted_policy().server_dollars
    ledger = None if dollars is None else Ledger(data_folder() / "spent.sqlite")
    return Budget(dollars, name="this server today", ledger=ledger)


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


_asker: ContextVar[Callable[[Offer], bool] | None] = ContextVar("asker", default=None)


@contextmanager
def ask_first(ask: Callable[[Offer], bool]) -> Iterator[None]:
    """Ask somebody in this block, and in this thread, each time texts are to be sent that nothing allows.

    Parameters
    ----------
    ask : callable
        Given the offer; says whether it is agreed to.
    """
    token = _asker.set(ask)
    try:
        yield
    finally:
        _asker.reset(token)


@contextmanager
def agreed_to(offer: Offer) -> Iterator[tuple[Budget, ...]]:
    """Give what holds for an offer that is about to be carried out: what was agreed to before, or is agreed to now.

    Raises
    ------
    BudgetError
        Where nobody agreed, and nobody does.
    """
    if not offer.leaves_machine or not offer.n_sent:
        yield ()
    elif agreed := _agreed.get():
        if offer.dollars is None and all(budget.hosts is None for budget in agreed):
            raise BudgetError(
                f"What {offer.host} costs is not known, so no amount of dollars covers it. Agree to its offer."
            )
        yield *agreed, server_budget()
    elif (ask := _asker.get()) and ask(offer):
        yield Budget.of(offer), server_budget()
    else:
        raise BudgetError(
            f"Nobody has agreed to sending texts to {offer.host}. Look at what would be sent and what it costs "
            "(offer), and agree to it (allowed)."
        )
