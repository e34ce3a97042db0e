"""Which language model is asked, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from embedlab.errors import InvalidInputError
from embedlab.hosted import Address, parse_address

# What a name of a model may be made of: it stands in settings and reports, in brackets and before a colon and a space.
_MODEL = re.compile(r"[\w.:/@+-]{1,100}")


@dataclass(frozen=True)
class ChatEndpoint:
    """A language model behind OpenAI's chat protocol. Read one with :func:`read_endpoint`.

    Parameters
    ----------
    address : Address
    model : str
        What the server calls it.
    """

    address: Address
    model: str

    @property
    def name(self) -> str:
        """As :func:`read_endpoint` takes it."""
        return f"{self.address}#{self.model}"


def read_endpoint(name: str) -> ChatEndpoint:
    """Read who is asked.

    Parameters
    ----------
    name : str
        The address of a server and, behind ``#``, the name of a model there.

    Raises
    ------
    InvalidInputError
        For anything else.

    Examples
    --------
    >>> read_endpoint("http://127.0.0.1:11434/v1#llama3").model
    'llama3'
    """
    place, _, model = name.strip().partition("#")
    if not _MODEL.fullmatch(model):
        raise InvalidInputError(
            f"{name!r} names no language model. Write the address of a server and, behind #, what it calls the model, "
            "such as http://127.0.0.1:11434/v1#llama3."
        )
    return ChatEndpoint(parse_address(place), model)
