"""Datasets as Hugging Face's ``datasets`` saves them: Arrow streams, and what lies beside them as JSON.

https://huggingface.co/docs/datasets/main/en/package_reference/main_classes#datasets.Dataset.save_to_disk
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from embedlab.errors import TableError
from embedlab.reading.folders.place import Place, read_files, size_of
from embedlab.reading.records import read_arrow
from embedlab.tables import ReadOptions, Table, as_part, part_within

_SPLITS, _STATE = "dataset_dict.json", "state.json"


def is_dataset(place: Place) -> bool:
    """Whether a folder holds a dataset, or its splits."""
    return place.joinpath(_SPLITS).is_file() or _is_split(place)


def read_dataset(place: Place, name: str, options: ReadOptions) -> Table:
    """Read a dataset: of several splits the largest, or the one that ``options.part`` names.

    A list of records inside of a split is named after it: ``train/[].messages``.

    Parameters
    ----------
    place : Path or InZip
    name : str
    options : ReadOptions

    Raises
    ------
    TableError
        When files are missing or damaged, or larger than the limits.
    """
    if not place.joinpath(_SPLITS).is_file():
        return _read_split(place, name, options)
    named = _load(place.joinpath(_SPLITS), name).get("splits")
    named = filter(_is_name, named) if isinstance(named, list) else ()
    splits = [split for split in named if _is_split(place.joinpath(split))]
    if not splits:
        raise TableError(f"{name} is a dataset without any of the splits that it names. Copy the whole folder.")
    at, within = 0, options.part
    if len(splits) > 1:
        sizes = [sum(map(size_of, _files_of(place.joinpath(split), name))) for split in splits]
        likeliest = (sizes.index(max(sizes)), None)
        at, within = likeliest if options.part is None else part_within(splits, options.part, name)
    table = _read_split(place.joinpath(splits[at]), name, replace(options, part=within))
    return as_part(table, "split", splits[at], splits)


def _read_split(place: Place, name: str, options: ReadOptions) -> Table:
    table = read_arrow(read_files(_files_of(place, name), name), name, options)
    return Table(table.frame, replace(table.report, format="dataset"))


def _files_of(place: Place, name: str) -> list[Place]:
    """Return the files that hold the rows, in their order."""
    state = _load(place.joinpath(_STATE), name)
    if state.get("_indices_data_files"):
        raise TableError(
            f"{name} is a dataset of which rows were chosen by their numbers, as old versions save it. Save it again "
            "with a version of datasets from 2021 on, or as Parquet."
        )
    listed = state.get("_data_files")
    names = [file.get("filename") for file in listed] if isinstance(listed, list) and _are_objects(listed) else []
    if not names or not all(map(_is_name, names)):
        raise TableError(f"{name} is a dataset whose {_STATE} names no files of rows. Save it again.")
    return [place.joinpath(str(one)) for one in names]


def _is_split(place: Place) -> bool:
    return all(place.joinpath(one).is_file() for one in (_STATE, "dataset_info.json"))


def _is_name(value: object) -> bool:
    """Whether a value names something in the folder itself: nothing that a file says leads out of it."""
    return isinstance(value, str) and value not in ("", ".", "..") and not any(sign in value for sign in "/\\:\0")


def _are_objects(values: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _load(place: Place, name: str) -> dict[str, Any]:
    try:
        (content,) = read_files([place], name)
        value = json.loads(content)
        if isinstance(value, dict):
            return value
    except (ValueError, RecursionError) as error:
        if isinstance(error, TableError):
            raise
    raise TableError(f"{name} is a dataset whose {place.name} cannot be read. Save it again.")
