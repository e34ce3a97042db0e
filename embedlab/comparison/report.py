"""A comparison as a table to take along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embedlab.comparison.measures import MEASURES
from embedlab.escape import escape_markdown

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.comparison.costs import Cost
    from embedlab.comparison.results import Comparison, Result


def comparison_table(comparison: Comparison, name: str) -> pd.DataFrame:
    """Return a row for each candidate, the best first.

    Parameters
    ----------
    comparison : Comparison
    name : str
        The figure that orders the rows and is given with its interval; a key of ``MEASURES``.

    Returns
    -------
    DataFrame
        Candidates without that figure are at the end.
    """
    import pandas as pd

    to_best = comparison.to_best(name)
    ranked = comparison.ranked(name)
    rows = []
    for result in [*ranked, *(result for result in comparison.results if result not in ranked)]:
        figure, behind = result.figures.get(name), to_best.get(result.candidate)
        row: dict[str, object] = {"candidate": result.candidate.title}
        row[MEASURES[name].title] = figure.value if figure else None
        row["low"], row["high"] = (figure.interval if figure else None) or (None, None)
        row["to the best"] = behind.value if behind else None
        row["told apart"] = behind.told_apart if behind else None
        row["rows needed"] = behind.n_needed if behind and not behind.is_clear else None
        for other in (each for each in comparison.measures if each != name):
            row[MEASURES[other].title] = result.figures[other].value if other in result.figures else None
        cost = result.cost
        row |= {
            "texts a second": round(cost.texts_per_second) if cost.is_measured else None,
            "dimension": cost.dimension,
            "GB a million texts": cost.bytes_per_million / 1e9,
            "ms a query": 1000 * cost.query_seconds,
            "parameters": cost.n_parameters,
            "cut texts": cost.cut_share,
            "texts not read": cost.unreadable_share,
            "embeddings": _embeddings(result),
        }
        row |= _of_requests(cost) if any(each.cost.is_asked for each in comparison.results) else {}
        if any(each.neighbors_kept for each in comparison.results):
            kept = result.neighbors_kept
            row |= {"neighbours kept": kept.value if kept else 1.0, "bytes a vector": cost.bytes_per_vector}
            row["bytes beside"] = cost.rescoring_bytes or None
        if comparison.gold.apart:
            row["texts fitted to"] = len(comparison.gold.apart)
        if any(each.remark for each in comparison.results):
            row["remark"] = result.remark
        if comparison.gold.ties:
            row["rows"] = comparison.gold.ties
        rows.append(row)
    return pd.DataFrame(rows).astype({"rows needed": "Int64"})


def _of_requests(cost: Cost) -> dict[str, object]:
    """Return what only hosted models cost; a price of zero is that of the others."""
    said = {
        "$ a million texts": cost.dollars_per_million_texts,
        "ms a request": 1000 * cost.latency_p50,
        "ms, 19 of 20": 1000 * cost.latency_p95,
    }
    return {name: None if math.isnan(number) else number for name, number in said.items()}


def _embeddings(result: Result) -> str:
    """Return in words how the vectors are made, to the last detail."""
    compression = result.candidate.compression
    return result.spec.description if compression.is_full else f"{result.spec.description}, {compression.title}"


def to_markdown(frame: pd.DataFrame) -> str:
    """Return a table as Markdown, numbers to three decimals."""
    header = [escape_markdown(str(column)) for column in frame.columns]
    lines = [header, ["---"] * len(header)]
    lines += [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, str):
        return escape_markdown(value)
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
