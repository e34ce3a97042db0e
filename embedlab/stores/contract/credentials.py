"""The keys of stores on servers: each goes to the one host it belongs to, whatever address somebody types."""

from __future__ import annotations

import os

KEYS = "EMBEDLAB_STORE_KEYS"


def find_secret(origin: str) -> str | None:
    """Return the password or key of a host; None where it needs none.

    Parameters
    ----------
    origin : str
        Host and port, such as ``"db.intern:5432"``.

    Notes
    -----
    ``EMBEDLAB_STORE_KEYS`` lists ``host:port=NAME`` with commas between them; what is sent stands in the variable of
    that name. A key that went to any host would be had by anybody who can type an address.
    """
    pairs = (each.strip().rpartition("=") for each in os.environ.get(KEYS, "").split(","))
    name = next((name.strip() for place, _, name in pairs if place.strip().lower() == origin.lower()), None)
    return os.environ.get(name) if name else None


def where_keys_stand(origin: str) -> str:
    """Return the sentence that says where the key of a host is looked for."""
    return f"Put it into a variable of the environment and name that in {KEYS}={origin}=NAME."
