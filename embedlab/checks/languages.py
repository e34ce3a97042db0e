"""The languages of texts, held against those a model was trained for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from embedlab.models import STATIC_PREFIX, ModelCard, catalog, find_card
from embedlab.texts import LANGUAGES


def say_languages(found: Mapping[str, float]) -> str:
    """Name the languages that were found in texts, with their shares; empty where none was.

    Examples
    --------
    >>> say_languages({"de": 0.75, "ko": 0.25})
    'Languages found: German 75 %, Korean 25 %.'
    """
    named = ", ".join(f"{LANGUAGES[code]} {share:.0%}".replace("%", " %") for code, share in found.items())
    return f"Languages found: {named}." if named else ""


def say_not_trained(found: Mapping[str, float], model: str, offered: Iterable[ModelCard] | None = None) -> str:
    """Say which of the languages a model was not trained for, and name a model of the catalog that was.

    Parameters
    ----------
    found : mapping of str to float
        From :func:`embedlab.texts.find_languages`.
    model : str
    offered : iterable of ModelCard, optional
        The models of the catalog that may be named; all of it when not given.

    Returns
    -------
    str
        Empty where the model was trained for all, and for models the catalog does not know.

    Examples
    --------
    >>> say_not_trained({"ko": 0.9, "en": 0.1}, "all-MiniLM-L6-v2")
    'all-MiniLM-L6-v2 was not trained for Korean. Of the catalog, multilingual-e5-small was.'
    """
    card = find_card(model.removeprefix(STATIC_PREFIX))
    missing = [code for code in found if card is not None and code not in card.language_codes]
    if not missing:
        return ""
    *others, last = (LANGUAGES[code] for code in missing)
    said = f"{model} was not trained for {', '.join(others)}{' and ' if others else ''}{last}."
    known = catalog().values() if offered is None else offered
    fitting = [other for other in known if other.sentence_head and other.language_codes.issuperset(found)]
    return f"{said} Of the catalog, {min(fitting, key=_cost).name} was." if fitting else said


def _cost(card: ModelCard) -> tuple[bool, float, int]:
    """Prefer models whose licence is stated, then small ones, then those that read more."""
    return card.license == "not stated", card.parameters, -card.max_seq_length
