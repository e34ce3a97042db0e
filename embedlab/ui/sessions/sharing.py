"""Who else may be looking, and what this server offers them."""

from __future__ import annotations

import os

import streamlit as st

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
