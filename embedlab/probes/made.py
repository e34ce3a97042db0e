"""Contests made from a person's own texts by rules: a slip must stay nearer than another meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.perturbations import SLIPS, TURNS
from embedlab.probes.contests import Contest, ContestSets
from embedlab.probes.known import OWN
from embedlab.texts import is_blank

MADE_OF_A_PROBE = 200
"""Contests of one probe, at most: an interval of 0.07 to either side."""


def made_contests(
    texts: Sequence[str],
    probes: str | Sequence[str] | None = None,
    *,
    n_contests: int = MADE_OF_A_PROBE,
    random_state: int = 0,
) -> ContestSets:
    """Make contests from texts: the far one says something else, the near one has a slip of the pen.

    The rules are small and sure: a number, an id or a day is another one, a statement is turned into its opposite, from
    where and where to are exchanged. A text that no rule fits is left out. The slip is a typing error, or capitals
    where no word can have one, or a mark at the end. Both differ from the anchor by little: the words decide nothing.

    Parameters
    ----------
    texts : sequence of str
        Blank ones and copies are left out.
    probes : str or sequence of str, optional
        Which kinds: ``"negation"``, ``"word_order"``, ``"number"``, ``"identifier"``, ``"name_date"``; all of them when
        not given.
    n_contests : int, default=200
        How many of a kind at most, drawn at random.
    random_state : int, default=0

    Returns
    -------
    dict of (str, str) to tuple of Contest
        By probe and :data:`embedlab.probes.OWN`; a probe that no text is fit for is not there.

    Raises
    ------
    InvalidInputError
        For a kind that no rule makes, or when no text is fit for any.

    Examples
    --------
    >>> made_contests(["The fridge holds 280 litres."], "number")["number", "own"][0].far
    'The fridge holds 380 litres.'
    """
    wanted = [probes] if isinstance(probes, str) else list(TURNS if probes is None else probes)
    if unknown := [probe for probe in wanted if probe not in TURNS]:
        raise InvalidInputError(f"No rule makes contests for {unknown[0]!r}. Choose among: {', '.join(TURNS)}.")
    different = [text for text in dict.fromkeys(texts) if not is_blank(text)]
    order = np.random.default_rng(random_state).permutation(len(different)).tolist()
    shuffled = [different[row] for row in order]
    sets = {(probe, OWN): _made(shuffled, probe, n_contests) for probe in TURNS if probe in wanted}
    found = {key: contests for key, contests in sets.items() if contests}
    if not found:
        raise InvalidInputError(
            f"None of {len(different):,} texts has what a rule could change: a number, an id, a day of the week, a "
            "statement to deny. Bring contests of your own as a table with the columns anchor, near and far."
        )
    return found


def _made(texts: Sequence[str], probe: str, n_contests: int) -> tuple[Contest, ...]:
    found: list[Contest] = []
    for text in texts:
        if len(found) == n_contests:
            break
        far = TURNS[probe].change(text)
        near = next(filter(None, (slip.change(text) for slip in SLIPS.values())), None)
        if far is not None and near is not None and far != near:
            found.append(Contest(text, near, far))
    return tuple(found)
