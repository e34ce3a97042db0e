"""What was found about a store, in a sentence and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.stores.judging.judged import Judged

WANTED_RECALL = 0.95
"""Below it something is said about the recall of a store."""


def judged_verdict(judged: Judged, wanted: float = WANTED_RECALL) -> str:
    """Return what is to be said about a store: what it finds, what it misses silently, and what to do.

    Parameters
    ----------
    judged : Judged
    wanted : float, default=0.95
        The recall below which it says what to do.
    """
    low, high = judged.interval or (judged.recall, judged.recall)
    filtered = "" if judged.where is None else f" that the filter keeps ({judged.n_kept:,} of {judged.n_rows:,} rows)"
    said = [
        f"Recall@{judged.top_k} is {judged.recall:.3f} (95 %: {low:.3f} to {high:.3f}): of the {judged.top_k} nearest "
        f"texts{filtered} it finds {judged.recall * judged.top_k:.1f}."
    ]
    n = len(judged.seconds)
    if judged.n_short:
        said.append(f"{judged.n_short:,} of {n:,} answers are shorter than they should be, without an error.")
    if judged.n_wrong:
        said.append(
            f"{judged.n_wrong:,} rows in its answers are not among those it was asked for: the collection holds other "
            "rows or other metadata than these. Write them again."
        )
    elif judged.recall < wanted:
        said.append(_advice(judged))
    return " ".join(said)


def _advice(judged: Judged) -> str:
    if judged.index == "exact":
        return "It compares every row, so what it misses stands otherwise in it than here. Write the rows again."
    if judged.where is not None:
        return (
            "Its index looks among all rows and drops what the filter excludes. Search exactly where a filter keeps "
            "few rows, or try other settings."
        )
    return "Try other settings of its index: more candidates find more and take longer."


def judged_table(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return one row for each setting that was judged.

    Returns
    -------
    DataFrame
        Columns ``setting``, ``recall``, ``low``, ``high``, ``p50_ms``, ``p95_ms``, ``build_s``, ``bytes``, ``short``
        (answers shorter than they should be), ``rows`` and ``kept``.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "setting": each.title,
                "recall": each.recall,
                "low": each.interval[0] if each.interval else None,
                "high": each.interval[1] if each.interval else None,
                "p50_ms": each.latency_p50 * 1e3,
                "p95_ms": each.latency_p95 * 1e3,
                "build_s": each.build_seconds,
                "bytes": each.nbytes,
                "short": each.n_short,
                "rows": each.n_rows,
                "kept": each.n_kept,
            }
            for each in judged
        ]
    )
