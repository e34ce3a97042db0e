"""The samples: what each holds, and reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from embedlab.tables import Table


@dataclass(frozen=True)
class Sample:
    """A table that comes with the package.

    Parameters
    ----------
    name, title : str
        The name it is asked for by, and what a person calls it.
    description, good_for : str
        One plain sentence on what is in it, and one on what can be learned from it.
    file_name : str
        The CSV file beside this module: UTF-8, comma-separated, one header line.
    text_column : str
        The column to embed.
    label_column : str or None
        The column to hold clusters against, where one makes sense.
    license : str
        SPDX name of the licence.
    """

    name: str
    title: str
    description: str
    good_for: str
    file_name: str
    text_column: str
    label_column: str | None = None
    license: str = "Apache-2.0"


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample(
            name="support_messages",
            title="Support messages",
            description=(
                "310 messages to the customer service of an invented online shop, in 12 topics, with the dirt of real "
                "exports."
            ),
            good_for=(
                "Clusters and their names, held against known topics; blank, repeated, nearly repeated and overlong "
                "texts."
            ),
            file_name="support_messages.csv",
            text_column="text",
            label_column="topic",
        ),
        Sample(
            name="refrigerators",
            title="Refrigerators",
            description=(
                "78 texts on an invented maker's laboratory and pharmacy refrigerators and 45 questions, in German, "
                "English and Korean."
            ),
            good_for=(
                "Search across languages, by need and by exact model number; every question names the product texts "
                "that answer it."
            ),
            file_name="refrigerators.csv",
            text_column="text",
            label_column="language",
        ),
        Sample(
            name="sentence_pairs",
            title="Sentence pairs",
            description=(
                "100 pairs of English sentences with a similarity from 0 to 5: same meaning, related, negated, "
                "misspelt, unrelated."
            ),
            good_for=(
                "Seeing where cosine similarity agrees with a reader and where a negation or a typing error leads it "
                "astray."
            ),
            file_name="sentence_pairs.csv",
            text_column="sentence1",
        ),
    )
}


def sample_path(name: str) -> Path:
    """Return the path of a sample's CSV file.

    Parameters
    ----------
    name : str
        One of ``SAMPLES``.

    Returns
    -------
    Path

    Raises
    ------
    InvalidInputError
        If there is no sample of that name.

    Examples
    --------
    >>> sample_path("sentence_pairs").name
    'sentence_pairs.csv'
    """
    if name not in SAMPLES:
        raise InvalidInputError(f"There is no sample {name!r}. Choose one of: {', '.join(SAMPLES)}.")
    return Path(__file__).parent / SAMPLES[name].file_name


def read_sample(name: str) -> Table:
    """Read a sample the way an uploaded file is read.

    Parameters
    ----------
    name : str
        One of ``SAMPLES``.

    Returns
    -------
    Table

    Raises
    ------
    InvalidInputError
        If there is no sample of that name.
    """
    from embedlab.reading import read_table

    return read_table(sample_path(name))


def sample_texts() -> list[str]:
    """Return all different texts of the samples: short and long ones, in three languages."""
    columns = [(sample.name, sample.text_column) for sample in SAMPLES.values()] + [("sentence_pairs", "sentence2")]
    return list(dict.fromkeys(text for name, column in columns for text in read_sample(name).frame[column]))
