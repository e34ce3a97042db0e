"""What is taken away: the smaller vectors, what they were made by, and the program that makes them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import recipe
from embedlab.dimensions import curve_table, quality_curve
from embedlab.ui.parts import downloads
from embedlab.ui.tasks import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.datasets import Corpus


def offer_take_away(
    comparison: Comparison, candidates: Sequence[Candidate], name: str, corpus: Corpus, load: Load
) -> None:
    """Offer the table, and of one kind of vectors the texts' own, what they were fitted to, and the program."""
    curve = quality_curve(comparison, candidates[0], name)
