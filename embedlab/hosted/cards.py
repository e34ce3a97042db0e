"""The hosted models EmbedLab knows by name, read from ``catalog.toml`` beside this file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

MOST_DIMENSIONS = 16_384
"""The longest embeddings that are read: what a server says of itself bounds how much is read of its answers."""

_DIMENSIONS = re.compile(r"(.+)@([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class Provider:
    """Who answers, and how requests look.

    Parameters
    ----------
    name : str
        As in ``openai/text-embedding-3-small``.
    title : str
    shape : {"openai", "voyage", "cohere"}
    address : str
    keys : tuple of str
        Variables of the environment that may hold the key.
    is_unit : bool
        Whether its documentation says that embeddings have length 1.
    documentation : str
        What the requests were built from.
    """

    name: str
    title: str
    shape: str
    address: str
    keys: tuple[str, ...]
    is_unit: bool
    documentation: str


@dataclass(frozen=True)
class HostedCard:
    """What is known of a hosted model before anything is sent.

    Parameters
    ----------
    name : str
        Provider and model, such as ``"openai/text-embedding-3-small"``.
    provider : Provider
    embedding_dimension : int
        Length of an embedding.
    dimensions : tuple of int
        Shorter lengths it can be asked for; empty where there are none.
    max_seq_length : int
        Longest text in tokens.
    max_inputs, max_tokens : int
        Texts, and tokens of all of them, in one request.
    dollars_per_million : float
        Price of a million tokens.
    price_date, price_source : str
        When and where the price was read.
    languages, good_for : str
        In plain words.
    tokenizer : str or None
        Where on the hub its tokenizer is; tokens are counted by it where it is on this machine.
    input_types : dict of str to str
        What the provider calls queries, documents and other uses, by the name of the prompt here.
    default_input_type : str or None
        The prompt name for texts that are neither query nor document.
    """

    name: str
    provider: Provider
    embedding_dimension: int
    max_seq_length: int
    max_inputs: int
    max_tokens: int
    dollars_per_million: float
    price_date: str
    price_source: str
    languages: str
    good_for: str
    dimensions: tuple[int, ...] = ()
    tokenizer: str | None = None
    input_types: dict[str, str] = field(default_factory=dict)
    default_input_type: str | None = None

    @property
    def model(self) -> str:
        """What the provider calls it."""
        return self.name.partition("/")[2]


@cache
def providers() -> dict[str, Provider]:
    """Return those who answer, by name."""
    return {
        name: Provider(name, **{**facts, "keys": tuple(facts["keys"])}) for name, facts in _read()["providers"].items()
    }


@cache
def hosted_catalog() -> dict[str, HostedCard]:
    """Return the hosted models known by name."""
    every = {}
    for name, facts in _read()["models"].items():
        provider = providers()[name.partition("/")[0]]
        every[name] = HostedCard(name=name, provider=provider, **{**facts, "dimensions": tuple(facts["dimensions"])})
    return every


def find_hosted_card(name: str) -> HostedCard | None:
    """Return the card of a hosted model, also where a length is asked for, or None for a name that is none of them.

    Examples
    --------
    >>> find_hosted_card("openai/text-embedding-3-large@256").embedding_dimension
    3072
    """
    return hosted_catalog().get(split_dimensions(name)[0])


def split_dimensions(name: str) -> tuple[str, int | None]:
    """Return a name without the length of embeddings that is asked for, and that length."""
    found = _DIMENSIONS.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, None)


def _read() -> dict[str, dict[str, dict]]:
    return tomllib.loads(Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8"))
