"""Ways that were judged, as a table to take along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.retrieval.comparing import RetrievalComparison


def retrieval_table(comparison: RetrievalComparison, name: str) -> pd.DataFrame:
    """Return a row for each way, the best first.

    Parameters
    ----------
    comparison : RetrievalComparison
    name : str
        The figure that orders the rows and is given with its interval; a key of ``MEASURES``.
    """
    import pandas as pd

    to_best = comparison.to_best(name)
    rows = []
    for result in comparison.ranked(name):
        figure, behind = result.figures[name], to_best.get(result.way)
        row: dict[str, object] = {"way": result.way.title, MEASURES[name].title: figure.value}
        row["low"], row["high"] = figure.interval or (None, None)
        row["to the best"] = behind.value if behind else None
        row["told apart"] = behind.told_apart if behind else None
        row["questions needed"] = behind.n_needed if behind and not behind.is_clear else None
        for other in (each for each in comparison.measures if each != name):
            row[MEASURES[other].title] = result.figures[other].value if other in result.figures else None
        row |= {
            "passages searched": result.n_passages,
            "passages in the prompt": result.mean_passages,
            "tokens of the prompt": round(result.mean_tokens),
            "questions with a full context": result.n_full,
            "near-duplicates in the prompt": result.n_twins,
            "pairs not read to the end": None if math.isnan(result.cut_share) else result.cut_share,
            "ms a question": 1000 * result.seconds,
            "key": result.way.key,
        }
        rows.append(row)
    return pd.DataFrame(rows).astype({"questions needed": "Int64"})
