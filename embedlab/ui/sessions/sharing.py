"""Who else may be looking, and what this server offers them."""

from __future__ import annotations

import os

import streamlit as st

from embedlab.hosted import HostedCard, enforce, hosted_catalog, hosted_policy, read_hosted_policy
from embedlab.models import ModelCard, Policy, catalog, read_policy

NOTICE = "Others use this server too. Whoever has the link of a file can see it."


def policy() -> Policy:
    """Return what this server allows; a proxy that passes on the requests of others makes it a shared one."""
    is_passed_on = {name.lower() for name in st.context.headers} & {"forwarded", "x-forwarded-for"}
    return read_policy(os.environ, None if is_passed_on else st.get_option("server.address"))


def offered_cards() -> dict[str, ModelCard]:
    """Return the models of the catalog that this server offers, by name."""
    allows = policy().allows
    return {name: card for name, card in catalog().items() if allows(name)}


def enforce_hosted() -> None:
    """Put in force what this server allows to be sent elsewhere; as soon as one request was passed on, it is shared."""
    _was_shared().add(policy().is_shared)
    enforce(read_hosted_policy(os.environ, is_shared=True in _was_shared()))


@st.cache_resource(show_spinner=False)
def _was_shared() -> set[bool]:
    return set()


def offered_hosted() -> dict[str, HostedCard]:
    """Return the hosted models of the catalog that this server offers, by name; none where they are switched off."""
    allows = policy().allows
    return {name: card for name, card in hosted_catalog().items() if hosted_policy().is_on and allows(name)}


def usable_hosted() -> list[str]:
    """Return the names of those of the hosted models whose key is here."""
    return [name for name, card in offered_hosted().items() if any(map(os.environ.get, card.provider.keys))]
