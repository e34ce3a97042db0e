"""The contests that come with the package, in English, German and Korean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from pathlib import Path

from embedlab.errors import InvalidInputError
from embedlab.probes.contests import Contest, ContestSets
from embedlab.probes.known import PROBES

LANGUAGES: dict[str, str] = {"en": "English", "de": "German", "ko": "Korean"}
CROSS_LANGUAGE = "cross_language"

_ITEMS = Path(__file__).parent / "items"


@cache
def bundled_contests(probe: str, language: str) -> tuple[Contest, ...]:
    """Return the bundled contests of a probe.

    Parameters
    ----------
    probe : str
        One of ``PROBES``.
    language : str
        One of ``LANGUAGES``. For ``"cross_language"`` it is the language of the anchor, which is also that of the far
        text; the near ones are in each of the others.

    Returns
    -------
    tuple of Contest

    Raises
    ------
    InvalidInputError
        If there is no such probe or language.

    Examples
    --------
    >>> bundled_contests("identifier", "en")[0].anchor != bundled_contests("identifier", "en")[0].far
    True
    """
    if probe not in PROBES:
        raise InvalidInputError(f"There is no probe {probe!r}. Choose among: {', '.join(PROBES)}.")
    if language not in LANGUAGES:
        raise InvalidInputError(f"There are no probes in {language!r}. Choose among: {', '.join(LANGUAGES)}.")
    if probe != CROSS_LANGUAGE:
        return tuple(Contest(row["anchor"], row["near"], row["far"]) for row in _rows(f"{language}/{probe}.tsv"))
    rows = _rows("parallel.tsv")
    return tuple(
        Contest(row[own], row[other], row[f"{own}_far"])
        for own, other in permutations(LANGUAGES, 2)
        if own == language
        for row in rows
    )


def bundled_sets(
    probes: str | Sequence[str] | None = None, languages: str | Sequence[str] = tuple(LANGUAGES)
) -> ContestSets:
    """Return the bundled contests of some probes in some languages, in the order of ``PROBES``.

    Parameters
    ----------
    probes : str or sequence of str, optional
        Keys of ``PROBES``; all of them when not given.
    languages : str or sequence of str
        Keys of ``LANGUAGES``.

    Returns
    -------
    dict of (str, str) to tuple of Contest
        By probe and language.

    Raises
    ------
    InvalidInputError
        For a probe or a language there is not, or none at all.
    """
    wanted = [probes] if isinstance(probes, str) else list(PROBES if probes is None else probes)
    spoken = [languages] if isinstance(languages, str) else list(languages)
    if not wanted or not spoken:
        raise InvalidInputError("There is nothing to probe. Name a probe and a language, or leave them out for all.")
    order = sorted(wanted, key=lambda key: list(PROBES).index(key) if key in PROBES else -1)
    return {(probe, language): bundled_contests(probe, language) for probe in order for language in spoken}


def _rows(name: str) -> list[dict[str, str]]:
    """Read one file: a line of names, then one item a line, tabs between its texts and no quoting."""
    lines = (_ITEMS / name).read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]
