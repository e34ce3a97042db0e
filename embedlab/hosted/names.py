"""Names of hosted models: a provider's, or the address of a server and the name it knows the model by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.hosted.addresses import Address, parse_address
from embedlab.hosted.cards import (
    MOST_DIMENSIONS,
    HostedCard,
    find_hosted_card,
    hosted_catalog,
    providers,
    split_dimensions,
)

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# Of a model at an address whose first dimensions say most: lengths worth a try, as parts of its own, and the least.
_PARTS, _SHORTEST = (8, 4, 2), 16


@dataclass(frozen=True)
class HostedModel:
    """A model that answers over the network, as far as it is known. Read one with :func:`read_name`.

    Parameters
    ----------
    name : str
        What was asked for, such as ``"openai/text-embedding-3-large@256"``.
    model : str
        What the server calls it.
    address : Address
    shape : {"openai", "voyage", "cohere"}
        How requests look.
    dimensions : int or None
        The length the server is asked for; None for the model's own.
    embedding_dimension : int or None
        Length of an embedding; None until the server is asked.
    card : HostedCard or None
        What the catalog knows of it.
    revision : str, default=""
        What the server says names its weights; providers do not.
    max_seq_length : int or None
        Longest text in tokens; None where that is not known.
    input_types : dict of str to str
        What the server calls queries, documents and other uses, by the name of the prompt here.
    default_input_type : str or None
        The prompt name for texts that are neither query nor document.
    max_inputs, max_tokens : int
        Texts, and tokens of all of them, in one request.
    orders_dimensions : bool
        Whether the first dimensions are known to say most.
    cuts_texts : bool
        Whether the server cuts texts that are longer than the model reads, as our own does, by its own count.
    """

    name: str
    model: str
    address: Address
    shape: str = "openai"
    dimensions: int | None = None
    embedding_dimension: int | None = None
    card: HostedCard | None = None
    revision: str = ""
    max_seq_length: int | None = None
    input_types: dict[str, str] = field(default_factory=dict)
    default_input_type: str | None = None
    max_inputs: int = 32  # what text-embeddings-inference takes without being told otherwise
    max_tokens: int = 100_000
    orders_dimensions: bool = False
    cuts_texts: bool = False

    @property
    def lengths(self) -> tuple[int, ...]:
        """Other lengths of embeddings it is known to give when asked, as ``@256`` behind its name."""
        if self.card is not None:
            return self.card.dimensions
        width = self.embedding_dimension or 0
        return tuple(width // part for part in _PARTS if width // part >= _SHORTEST) if self.orders_dimensions else ()

    @property
    def host(self) -> str:
        """Who gets the texts."""
        return self.address.origin


def is_hosted(name: object) -> bool:
    """Return whether a name asks for a hosted model.

    Examples
    --------
    >>> is_hosted("openai/text-embedding-3-small"), is_hosted("http://127.0.0.1:11434/v1#nomic-embed-text")
    (True, True)
    >>> is_hosted("intfloat/e5-small-v2"), is_hosted("openai/clip-vit-base-patch32")
    (False, False)
    """
    if not isinstance(name, str):
        return False
    return bool(_ADDRESS.match(name)) or find_hosted_card(name) is not None


def own_length(name: str) -> str:
    """Return the name of a hosted model at the length it has where none is asked for; other names as they are.

    Examples
    --------
    >>> own_length("openai/text-embedding-3-large@256"), own_length("intfloat/e5-small-v2")
    ('openai/text-embedding-3-large', 'intfloat/e5-small-v2')
    """
    return split_dimensions(name)[0] if is_hosted(name) else name


def read_name(name: str) -> HostedModel:
    """Return what is known of a hosted model; nobody is asked.

    Parameters
    ----------
    name : str
        A name of the catalog (``openai/text-embedding-3-small``), or the address of a server of OpenAI's protocol and,
        behind ``#``, the name of a model there. ``@256`` behind either asks for embeddings of that length.

    Raises
    ------
    InvalidInputError
        For an address that is none, or a length the model is not known to have.
    ModelLoadError
        For a model of a provider that the catalog does not know.
    """
    if _ADDRESS.match(name):
        return _at_address(name)
    known, dimensions = split_dimensions(name)
    card = find_hosted_card(known)
    if card is None:
        raise ModelLoadError(
            f"There is no hosted model {name!r} in the catalog. Choose one of: {', '.join(hosted_catalog())}; or write "
            "the address of a server and the model's name there, such as http://127.0.0.1:11434/v1#nomic-embed-text."
        )
    if dimensions is not None and dimensions not in card.dimensions:
        raise InvalidInputError(
            f"{card.name} is not known to give {dimensions} dimensions. Choose one of: "
            f"{', '.join(map(str, card.dimensions)) or 'none'}."
        )
    return HostedModel(
        name,
        card.model,
        parse_address(card.provider.address),
        card.provider.shape,
        dimensions,
        dimensions or card.embedding_dimension,
        card,
        max_seq_length=card.max_seq_length,
        input_types=card.input_types,
        default_input_type=card.default_input_type,
        max_inputs=card.max_inputs,
        max_tokens=card.max_tokens,
        orders_dimensions=bool(card.dimensions),
    )


def _at_address(name: str) -> HostedModel:
    place, _, model = name.partition("#")
    model, dimensions = split_dimensions(model)
    if not model:
        raise InvalidInputError(
            f"{name!r} names no model. Write it behind #, such as http://127.0.0.1:11434/v1#nomic-embed-text."
        )
    if dimensions is not None and dimensions > MOST_DIMENSIONS:
        raise InvalidInputError(f"{name!r} asks for {dimensions:,} dimensions; {MOST_DIMENSIONS:,} are the most.")
    address = parse_address(place)
    for provider in providers().values():
        if address.host == parse_address(provider.address).host and provider.shape != "openai":
            raise InvalidInputError(f"Models of {provider.title} are named {provider.name}/… here, without an address.")
    return HostedModel(name, model, address, dimensions=dimensions, embedding_dimension=dimensions)
