"""What a model server says of a model before any text is sent to it; it is asked only where somebody agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from embedlab.errors import HostedError, InvalidInputError, ServerNotAskedError
from embedlab.hosted.addresses import Address
from embedlab.hosted.asking import ask
from embedlab.hosted.cards import MOST_DIMENSIONS
from embedlab.hosted.names import HostedModel, own_length, read_name
from embedlab.hosted.policy import hosted_policy
from embedlab.hosted.shapes import most_bytes, read_vectors, shape_of

_asked: dict[str, HostedModel] = {}

# The one text that is sent to learn how long embeddings are; nobody's.
_WORD = "dimension"
# What is read of a list of models: names of some length, as many as somebody can look through.
_LISTED_BYTES, _LONGEST_NAME, _MOST_NAMES = 8 << 20, 200, 1_000
# Our own server, and texts in a request to it: enough for its batches, few enough for the slowest of its models.
_OWN, _OWN_INPUTS = "embedlab", 64
# Somebody waits, and a server that is not there is not there a little later.
_TRIES = 2


def look_up(name: str, *, may_ask: bool = True) -> HostedModel:
    """Return what is known of a hosted model: by the catalog, or of one at an address by its server.

    The server is asked for its list of models (``GET …/models``). Where that does not say how long embeddings are, it
    is sent the one word "dimension", and none of anybody's texts. Our own server (``embedlab serve``) says that there,
    under ``"embedlab"``, and what names the weights and which prompts it takes as ``input_type``; other servers say no
    more than ``max_model_len``, if anything.

    Parameters
    ----------
    name : str
    may_ask : bool, default=True
        Whether a server may be asked; without, what it said before is taken.

    Raises
    ------
    ServerNotAskedError
        When it said nothing before, and may not be asked.
    HostedError
        When it cannot be reached, or does not know the model.
    ModelLoadError
        For an unknown model of a provider, or where hosted models are switched off.
    InvalidInputError
        For a name that is none, or a key that is not there.
    """
    hosted_policy().check_is_on()
    model = read_name(name)
    if model.card is not None:
        return model
    if may_ask:
        _asked[name] = _ask(model)
    if name not in _asked and (whole := _asked.get(own_length(name))):
        return _shortened(whole, model)
    if name not in _asked:
        raise ServerNotAskedError(name, model.host)
    return _asked[name]


def _shortened(whole: HostedModel, model: HostedModel) -> HostedModel:
    """Return a model at a length that is asked for, by what its server said of it at its own; answers are checked."""
    if model.dimensions and whole.embedding_dimension and model.dimensions > whole.embedding_dimension:
        raise InvalidInputError(
            f"{whole.name} has {whole.embedding_dimension:,} dimensions, not {model.dimensions:,}. Ask for fewer."
        )
    return replace(whole, name=model.name, dimensions=model.dimensions, embedding_dimension=model.dimensions)


def _ask(model: HostedModel) -> HostedModel:
    told = _with_facts(model, _entry(model))
    if told.embedding_dimension is not None and model.dimensions is None:
        return told
    shape, input_type = shape_of(told), told.input_types.get(told.default_input_type or "")
    body = shape.body(told, [_WORD], input_type)
    answer = ask(told.address, shape.service, body, max_bytes=most_bytes(1, MOST_DIMENSIONS), tries=_TRIES)
    vector = read_vectors(replace(told, embedding_dimension=model.dimensions), answer.content, 1)
    return replace(told, embedding_dimension=vector.shape[1])


def models_at(address: Address) -> list[str]:
    """Return the names of the models that a server lists; empty where it has no list.

    Raises
    ------
    HostedError
        When the server cannot be reached, refuses, or answers something else than JSON.
    ModelLoadError
        Where hosted models are switched off.
    """
    names = [name for name in _listed(address) if name.isprintable() and len(name) <= _LONGEST_NAME]
    return sorted(names[:_MOST_NAMES])


def _listed(address: Address) -> dict[str, dict[str, Any]]:
    """Return what a server lists of its models, by name."""
    content = ask(address, "models", max_bytes=_LISTED_BYTES, tries=_TRIES).content
    listed = content.get("data") if isinstance(content, dict) else None
    entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {each["id"]: each for each in entries if isinstance(each.get("id"), str)}


def _entry(model: HostedModel) -> dict[str, Any]:
    """Return what the list of models says of one; nothing where there is no list, or it is not in it."""
    try:
        return _listed(model.address).get(model.model, {})
    except HostedError:
        return {}


def _with_facts(model: HostedModel, entry: dict[str, Any]) -> HostedModel:
    """Return a model with what its server says of it, as far as that makes sense."""
    own, limit = entry.get(_OWN), _count(entry.get("max_model_len"))
    if not isinstance(own, dict):
        return replace(model, max_seq_length=limit)
    prompts, default, revision = own.get("prompts"), own.get("default_prompt_name"), own.get("revision")
    named = [each for each in prompts if isinstance(each, str)] if isinstance(prompts, list) else []
    return replace(
        model,
        embedding_dimension=model.dimensions or _count(own.get("embedding_dimension"), MOST_DIMENSIONS),
        revision=revision if isinstance(revision, str) else "",
        max_seq_length=limit,
        input_types={each: each for each in named},
        default_input_type=default if default in named else None,
        max_inputs=_OWN_INPUTS,
        orders_dimensions=own.get("orders_dimensions") is True,
        cuts_texts=True,
    )


def _count(said: object, most: int = 1 << 31) -> int | None:
    return said if type(said) is int and 0 < said <= most else None
