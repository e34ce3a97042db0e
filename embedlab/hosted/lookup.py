"""What a model server says of a model before any text is sent to it; it is asked only where somebody agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from embedlab.errors import HostedError, ServerNotAskedError
from embedlab.hosted.asking import ask
from embedlab.hosted.names import HostedModel, read_name
from embedlab.hosted.policy import hosted_policy
from embedlab.hosted.shapes import most_bytes, read_vectors, shape_of

_asked: dict[str, HostedModel] = {}

# The one text that is sent to learn how long embeddings are; nobody's.
_WORD = "dimension"
_MOST_DIMENSIONS = 65_536
_LISTED_BYTES = 8 << 20
# Somebody waits, and a server that is not there is not there a little later.
_TRIES = 2


def look_up(name: str, *, may_ask: bool = True) -> HostedModel:
    """Return what is known of a hosted model: by the catalog, or of one at an address by its server.

    The server is asked for its list of models (``GET …/models``). Where that does not say how long embeddings are, it
    is sent the one word "dimension", and none of anybody's texts. Our own server says beside, of each of its models::

        {"id": "all-MiniLM-L6-v2", "object": "model", …,
         "max_model_len": 256,
         "embedlab": {"embedding_dimension": 384, "revision": "…", "prompts": ["query", "document"],
                      "default_prompt_name": null, "orders_dimensions": false,
                      "max_inputs": 2048, "max_tokens": 300000}}

    ``prompts`` are what it takes as ``input_type``; ``max_model_len`` is vLLM's word, too. Beside the embeddings it
    answers ``"embedlab": {"revision": "…"}``, so that another model under the same name is noticed.

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
    if name not in _asked:
        raise ServerNotAskedError(name, model.host)
    return _asked[name]


def _ask(model: HostedModel) -> HostedModel:
    told = _with_facts(model, _entry(model))
    if told.embedding_dimension is not None and model.dimensions is None:
        return told
    shape, input_type = shape_of(told), told.input_types.get(told.default_input_type or "")
    body = shape.body(told, [_WORD], input_type)
    answer = ask(told.address, shape.service, body, max_bytes=most_bytes(1, _MOST_DIMENSIONS), tries=_TRIES)
    vector = read_vectors(replace(told, embedding_dimension=model.dimensions), answer.content, 1)
    return replace(told, embedding_dimension=vector.shape[1])


def _entry(model: HostedModel) -> dict[str, Any]:
    """Return what the list of models says of one; nothing where there is no list, or it is not in it."""
    try:
        listed = ask(model.address, "models", max_bytes=_LISTED_BYTES, tries=_TRIES).content["data"]
        named = {each["id"]: each for each in listed}
    except (HostedError, KeyError, TypeError):
        return {}
    found = named.get(model.model, {})
    return found if isinstance(found, dict) else {}


def _with_facts(model: HostedModel, entry: dict[str, Any]) -> HostedModel:
    """Return a model with what its server says of it, as far as that makes sense."""
    own = entry.get("embedlab")
    own = own if isinstance(own, dict) else {}
    prompts = own.get("prompts")
    prompts = [each for each in prompts if isinstance(each, str)] if isinstance(prompts, list) else []
    default, revision = own.get("default_prompt_name"), own.get("revision")
    return replace(
        model,
        embedding_dimension=model.dimensions or _count(own.get("embedding_dimension")),
        revision=revision if isinstance(revision, str) else "",
        max_seq_length=_count(entry.get("max_model_len")),
        input_types={each: each for each in prompts},
        default_input_type=default if default in prompts else None,
        max_inputs=_count(own.get("max_inputs")) or model.max_inputs,
        max_tokens=_count(own.get("max_tokens")) or model.max_tokens,
        orders_dimensions=own.get("orders_dimensions") is True,
    )


def _count(said: object) -> int | None:
    return said if type(said) is int and 0 < said <= 1 << 31 else None
