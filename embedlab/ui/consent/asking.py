"""The question before anything is sent: what, to whom, for how much; and what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.hosted import server_budget
from embedlab.ui.consent.agreements import NotAgreedError, Sending, agree, session_budget

if TYPE_CHECKING:
    from embedlab.hosted import Budget, Offer

Asked = Sequence[tuple[Sending, "Offer"]]

TYPED = "What you type beside these texts, such as a query, then goes there too."
TOKENS_HELP = (
    "Pieces of words, which providers count and bill. An upper estimate where the model's tokenizer is not here."
)


def ask(error: NotAgreedError) -> None:
    """Ask the person whether texts may be sent; nothing is sent before she agrees."""
    offers = _by_model(error.asked)
    hosts = " and ".join(dict.fromkeys(offer.host for offer in offers))
    n_sent, dollars = sum(offer.n_sent for offer in offers), _total(offers)
    with st.container(border=True):
        st.markdown(f":material/outbound: **Nothing has been sent yet.** {_what(error.asked, offers)}")
        if len(offers) == 1:
            _show_one(offers[0])
        else:
            _show_several(offers)
        refused = _too_much(dollars)
        if refused:
            st.warning(escape_markdown(refused), icon=":material/savings:")
        label = f"Send {n_sent:,} {_texts(n_sent)} to {hosts}{_for(dollars, offers)}"
        st.button(
            escape_markdown(label),
            key=f"agree-{hash(tuple(sending.key for sending, _ in error.asked))}",
            type="primary",
            icon=":material/send:",
            disabled=bool(refused),
            on_click=agree,
            args=(error.asked,),
        )
        say_spent()


def _by_model(asked: Asked) -> list[Offer]:
    """Return the offers, those of one model as one."""
    offers: dict[str, Offer] = {}
    for _, offer in asked:
        offers[offer.model] = offers[offer.model] + offer if offer.model in offers else offer
    return list(offers.values())


def _what(asked: Asked, offers: Sequence[Offer]) -> str:
    names = ", ".join(f"**{escape_markdown(offer.model)}**" for offer in offers)
    verb = "does not run on this machine" if len(offers) == 1 else "do not run on this machine"
    if all(sending.store is None for sending, _ in asked):
        return f"{names} {verb}: what you type would leave it."
    return f"{names} {verb}: the texts would leave it. {TYPED}"


def _texts(n: int) -> str:
    return "text" if n == 1 else "texts"


def _show_one(offer: Offer) -> None:
    facts = {
        "To": offer.host,
        "Texts to send": f"{offer.n_sent:,}",
        "Kept here already": f"{offer.n_cached:,}",
        "Tokens": _tokens(offer),
        "Price": _price(offer.dollars, offer.is_counted),
    }
    with st.container(horizontal=True, gap="large"):
        for label, fact in facts.items():
            st.metric(label, fact, help=TOKENS_HELP if label == "Tokens" else None, width="content")
    _say_rest([offer])


def _show_several(offers: Sequence[Offer]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Model": [offer.model for offer in offers],
                "To": [offer.host for offer in offers],
                "Texts to send": [offer.n_sent for offer in offers],
                "Kept here already": [offer.n_cached for offer in offers],
                "Tokens": [_tokens(offer) for offer in offers],
                "Price": [_price(offer.dollars, offer.is_counted) for offer in offers],
            }
        ),
        hide_index=True,
        width="content",
        column_config={"Tokens": st.column_config.TextColumn(help=TOKENS_HELP)},
        alt="What would be sent to each model, and its price",
    )
    _say_rest(offers)


def _say_rest(offers: Sequence[Offer]) -> None:
    """Say how many texts are cut, and where prices are from."""
    said = [
        f"Of {offer.n_cut:,} {_texts(offer.n_cut)} only the beginning: {offer.model} reads no further."
        for offer in offers
        if offer.n_cut
    ]
    sources = dict.fromkeys(f"by {offer.price_source}, {offer.price_date}" for offer in offers if offer.price_source)
    said += [f"Price {source}." for source in sources]
    if said:
        st.caption(escape_markdown(" ".join(said)))


def _tokens(offer: Offer) -> str:
    return f"{offer.n_tokens:,}" if offer.is_counted else f"≤ {offer.n_tokens:,}"


def _price(dollars: float | None, is_counted: bool) -> str:
    if dollars is None:
        return "not known"
    return f"{'' if is_counted else '≤ '}{amount(dollars)}"


def amount(dollars: float) -> str:
    """Return an amount as people say it, with two digits that tell something.

    Examples
    --------
    >>> amount(12.5), amount(0.000312), amount(0)
    ('$12.50', '$0.00031', '$0.00')
    """
    if dollars >= 0.01 or not dollars:
        return f"${dollars:,.2f}"
    return f"${float(f'{dollars:.2g}'):.10f}".rstrip("0")


def _total(offers: Sequence[Offer]) -> float | None:
    """Return what some offers cost together; None where the price of one is not known."""
    dollars = [offer.dollars for offer in offers]
    return None if None in dollars else sum(each or 0.0 for each in dollars)


def _for(dollars: float | None, offers: Sequence[Offer]) -> str:
    if dollars is None:
        return ", at a price that is not known"
    return f" for {'about' if all(offer.is_counted for offer in offers) else 'at most'} {amount(dollars)}"


def _too_much(dollars: float | None) -> str:
    """Say that a budget does not reach; empty where it does."""
    for budget in (session_budget(), server_budget()):
        if budget.left_dollars is not None and (dollars or 0.0) > budget.left_dollars:
            return (
                f"{amount(budget.dollars or 0.0)} may be spent for {budget.name}, and {amount(budget.left_dollars)} of "
                "it are left: less than this costs. Take fewer texts, or a model that runs on this machine."
            )
    return ""


def say_spent() -> None:
    """Say what was sent and spent, and what may be; nothing where nothing was and there is no limit."""
    ours, every = session_budget(), server_budget()
    said = [_spent(ours)] if ours.spent.n_texts or ours.dollars is not None else []
    # What others send is nobody's business, unless it is what is left for all.
    said += [_spent(every)] if every.dollars is not None else []
    if said:
        st.caption(f":material/savings: {escape_markdown(' '.join(said))}")


def _spent(budget: Budget) -> str:
    limit = "" if budget.dollars is None else f" of {amount(budget.dollars)}"
    spent = budget.spent
    return f"{budget.name.capitalize()}: {spent.n_texts:,} texts sent, {amount(spent.dollars)}{limit} spent."
