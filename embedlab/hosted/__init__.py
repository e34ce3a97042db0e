"""Models that answer over the network: their names, what sending texts to them costs, who has agreed, and the requests.

Read ``consent.py`` first: nothing is sent that nobody has agreed to. ``names.py`` reads a name, ``addresses.py`` says
which machines may be reached, ``asking.py`` sends one request, ``embedding.py`` many. The encoder made of it is in
``embedlab.encoders``.
"""

from embedlab.hosted.addresses import Address, key_names, parse_address
from embedlab.hosted.asking import ask
from embedlab.hosted.cards import HostedCard, find_hosted_card, hosted_catalog
from embedlab.hosted.consent import Budget, agreed_to, allowed, ask_first, server_budget
from embedlab.hosted.embedding import Answered, embed_texts, plan_requests
from embedlab.hosted.lookup import look_up, models_at
from embedlab.hosted.names import HostedModel, is_hosted, own_length, read_name
from embedlab.hosted.offers import Offer, TokenCounts
from embedlab.hosted.policy import HostedPolicy, enforce, hosted_policy, read_hosted_policy

__all__ = [
    "Address",
    "Answered",
    "Budget",
    "HostedCard",
    "HostedModel",
    "HostedPolicy",
    "Offer",
    "TokenCounts",
    "agreed_to",
    "allowed",
    "ask",
    "ask_first",
    "embed_texts",
    "enforce",
    "find_hosted_card",
    "hosted_catalog",
    "hosted_policy",
    "is_hosted",
    "key_names",
    "look_up",
    "models_at",
    "own_length",
    "parse_address",
    "plan_requests",
    "read_hosted_policy",
    "read_name",
    "server_budget",
]
