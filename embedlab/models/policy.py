"""What a server allows the people who use it, as its owner says in the environment and by where it listens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address

from embedlab.errors import ModelLoadError
from embedlab.hosted import find_hosted_card, hosted_policy, is_hosted, read_name
from embedlab.models.cards import find_card

CATALOG, ANYTHING = "catalog", "*"


@dataclass(frozen=True)
class Policy:
    """What a server allows. Read one with :func:`read_policy`.

    Parameters
    ----------
    is_shared : bool, default=False
        Whether others than its owner use it: then nobody names folders, and nobody sees or drops what is kept on disk.
    models : tuple of str, default=("*",)
        Names of the catalog, ids of the hub, patterns such as ``"intfloat/*"`` or ``"openai/*"``, or ``"catalog"`` for
        all of it, hosted models and the servers that ``EMBEDLAB_HOSTED_ADDRESSES`` lists among it.
    """

    is_shared: bool = False
    models: tuple[str, ...] = (ANYTHING,)

    def allows(self, model: str) -> bool:
        """Return whether a model may be used and fetched, by its catalog name or hub id; what comes along always may.

        Examples
        --------
        >>> policy = Policy(models=("intfloat/*",))
        >>> policy.allows("e5-small-v2"), policy.allows("gte-small"), policy.allows("all-MiniLM-L6-v2")
        (True, False, True)
        """
        card = find_card(model)
        if card is not None and (card.package is not None or CATALOG in self.models):
            return True
        if CATALOG in self.models and is_hosted(model):
            return find_hosted_card(model) is not None or hosted_policy().lists(read_name(model).address)
        names = {model, card.name, card.hub_id} if card else {model}
        return any(fnmatchcase(name.lower(), pattern.lower()) for name in names for pattern in self.models)

    def check_model(self, model: str) -> None:
        """Raise unless a model may be used and fetched.

        Raises
        ------
        ModelLoadError
            The message is the same whether the model is on the machine or not.
        """
        if not self.allows(model):
            raise ModelLoadError(
                f"{model} is not among the models this server offers. Choose one of the list, or ask its owner to add "
                "it to EMBEDLAB_MODELS."
            )


def read_policy(environment: Mapping[str, str], host: str | None) -> Policy:
    """Read what a server allows.

    Parameters
    ----------
    environment : mapping of str to str
        ``EMBEDLAB_SHARED=1`` says that others use it. ``EMBEDLAB_MODELS`` lists the models, with commas between them;
        without it a shared server offers the catalog, another any model.
    host : str or None
        The address it listens on; one that others can reach makes it shared, whatever the environment says.

    Returns
    -------
    Policy
    """
    is_shared = environment.get("EMBEDLAB_SHARED", "") not in ("", "0") or not is_loopback(host)
    listed = tuple(name.strip() for name in environment.get("EMBEDLAB_MODELS", "").split(",") if name.strip())
    return Policy(is_shared, listed or (CATALOG if is_shared else ANYTHING,))


def is_loopback(host: str | None) -> bool:
    """Return whether an address can be reached from this machine only; a server without one listens on all."""
    try:
        return ip_address((host or "").strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
