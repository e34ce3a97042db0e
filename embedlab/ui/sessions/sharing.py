"""Who else may be looking, and what this server offers them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from hashlib import blake2b

import streamlit as st

from embedlab.hosted import HostedCard, enforce, hosted_catalog, hosted_policy, read_hosted_policy
from embedlab.models import ModelCard, Policy, catalog, read_policy
from embedlab.models.kept import KeptModel, find_kept, kept_models, touch_kept
from embedlab.store import EmbeddingStore, remove_model

NOTICE = "Others use this server too. Whoever has the link of a file can see it."
SOMEBODY = "somebody"
"""Owns what is kept on a shared server that knows nobody: whoever has its name may use it."""
_KNOWN = "known-kept"


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


def usable_hosted(asked: Iterable[str | None] = ()) -> list[str]:
    """Return the names of those of the hosted models whose key is here, and of those asked for a length (``@256``)."""
    usable = [name for name, card in offered_hosted().items() if any(map(os.environ.get, card.provider.keys))]
    lengths = {f"{name}@{n}" for name in usable for n in hosted_catalog()[name].dimensions}
    return [*usable, *sorted(lengths.intersection(filter(None, asked)))]


def owner() -> str:
    """Return whose a model is that is kept in this session: nobody's in particular where the server is one person's."""
    if not policy().is_shared:
        return ""
    if st.user.get("is_logged_in") is True:
        person = repr((st.user.get("iss"), st.user.get("sub") or st.user.get("email")))
        return blake2b(person.encode(), digest_size=16).hexdigest()
    return SOMEBODY


def kept_here(asked: Iterable[str | None] = ()) -> dict[str, KeptModel]:
    """Return the kept models that this session may see and open, by name.

    Parameters
    ----------
    asked : iterable of str or None
        Names that a link has brought, or that were kept in this session. A server that knows nobody gives a model to
        whoever has its name, which nobody can guess; one that people sign in to, to her alone who has kept it.
    """
    allowed, me = policy(), owner()
    if not allowed.is_shared:
        return kept_models()
    known: set[str] = st.session_state.setdefault(_KNOWN, set())
    for name in asked:
        kept = find_kept(name or "")
        if kept is not None and kept.owner == me == SOMEBODY:
            known.add(kept.name)
    for name in known:
        touch_kept(name)
    return {
        name: kept
        for name, kept in kept_models().items()
        if name in known or (kept.owner == me != SOMEBODY) or (not kept.owner and name in allowed.models)
    }


def forget_kept(seconds: float) -> int:
    """Remove the kept models of people nobody knows that have not been used for so many seconds, and say how many."""
    before = time.time() - seconds
    unused = [name for name, kept in kept_models().items() if kept.owner == SOMEBODY and kept.last_used < before]
    for name in unused:
        remove_model(name, EmbeddingStore())
    return len(unused)
