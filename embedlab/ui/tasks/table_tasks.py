"""What is found out about a table before its texts are embedded, each as a task; see ``text_tasks.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from embedlab.cleaning import CleaningPreview, preview_cleaning
from embedlab.columns import ColumnProfile, profile_columns
from embedlab.datasets import Corpus, Dataset, Preparation
from embedlab.gold import Gold, build_gold
from embedlab.jobs import Task
from embedlab.ui.tasks.text_tasks import FEW_TEXTS

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection


def look_at_columns(dataset: Dataset) -> Task[list[ColumnProfile]]:
    """Find what each column holds; progress counts columns."""
    n_columns = len(dataset.table.frame.columns)
    return Task(
        ("columns", dataset.id),
        f"Looking at {n_columns:,} columns",
        lambda report: profile_columns(dataset.meanings, report),
        is_short=len(dataset.table.frame) <= FEW_TEXTS,
    )


def clean(dataset: Dataset, preparation: Preparation) -> Task[Corpus]:
    """Clean texts by the chosen steps."""
    return Task(
        ("cleaned", dataset.id, preparation),
        f"Cleaning {len(dataset.table.frame):,} texts",
        lambda report: dataset.corpus(preparation, report),
        is_short=len(dataset.table.frame) <= FEW_TEXTS,
    )


def preview_steps(dataset: Dataset, columns: tuple[str, ...]) -> Task[list[CleaningPreview]]:
    """Find what each step of cleaning would change in the texts of some columns."""
    frame = dataset.table.frame
    return Task(
        ("cleaning", dataset.id, columns),
        "Looking for what could be cleaned",
        lambda report: preview_cleaning([frame[column].tolist() for column in columns], report),
        is_short=True,
    )


def read_known(selection: Selection, layout: str, columns: Mapping[str, str], near_duplicates: bool) -> Task[Gold]:
    """Read what some columns say about the chosen texts; finding near-duplicates can take its time."""
    dataset, corpus = selection.dataset, selection.corpus
    read = dataset.id, dataset.options, selection.preparation
    key = "gold", *read, layout, tuple(columns.items()), near_duplicates
    return Task(
        key,
        f"Reading what is known about {len(corpus.whole):,} rows",
        lambda report: build_gold(
            corpus.whole, layout, columns, near_duplicates=near_duplicates, missing=dataset.options.missing
        ),
        is_short=not near_duplicates,
    )
