"""What a model server says of a model before any text is sent: it is asked once, and only where somebody agreed."""

from __future__ import annotations

from embedlab.errors import ServerNotAskedError
from embedlab.hosted.names import HostedModel, read_name
from embedlab.hosted.policy import hosted_policy

_asked: dict[str, HostedModel] = {}


def look_up(name: str, *, may_ask: bool = True) -> HostedModel:
    """Return what is known of a hosted model; of one at an address, what its server says, which is asked once.

    The server is asked for its list of models (``GET …/models``). Where that does not say how long embeddings are, it
    is sent the one word "dimension", and none of anybody's texts. Our own server says beside, of each of its models::

        {"id": "all-MiniLM-L6-v2", "object": "model", …,
         "max_model_len": 256,
         "embedlab": {"embedding_dimension": 384, "revision": "…", "prompts": ["query", "document"],
                      "default_prompt_name": null, "orders_dimensions": false}}

    ``prompts`` are what it takes as ``input_type``. ``max_model_len`` is vLLM's, too.

    Parameters
    ----------
    name : str
    may_ask : bool, default=True
        Whether a server may be asked that was not asked before.

    Raises
    ------
    ServerNotAskedError
        When it was not, and may not be.
    HostedError
        When it cannot be reached, or does not know the model.
    ModelLoadError
        For an unknown model of a provider, or where hosted models are switched off.
    InvalidInputError
        For a name that is none.
    """
    hosted_policy().check_is_on()
    model = read_name(name)
    if model.card is not None:
        return model
    if name in _asked:
        return _asked[name]
    raise ServerNotAskedError(name, model.host)
