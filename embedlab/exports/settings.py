"""What decides a view of a table, as a file that a person can read, keep, and replay."""

from __future__ import annotations

import json
import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeVar

from embedlab.datasets import Preparation
from embedlab.errors import InvalidInputError
from embedlab.escape import quote_toml
from embedlab.models import OWN_VECTORS
from embedlab.tables import ReadOptions
from embedlab.texts import Splitting

UPLOADED = "uploaded"
"""The method of a map that somebody has brought."""

_Section = TypeVar("_Section")
_HEAD = "# Replayed by: embedlab replay FILE_OF_THESE_SETTINGS TABLE -o clusters.csv\n"
_KINDS = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple[str, ...]": "a list of texts",
}


@dataclass(frozen=True)
class SourceSettings:
    """The table, and how it is read.

    Parameters
    ----------
    file : str
        Name of the file.
    sha256 : str
        Digest of its bytes, as ``sha256sum`` prints it.
    text_column : str
        The column whose texts are embedded.
    label_column : str or None
        Known groups, where there are any.
    encoding, delimiter, header_rows, skip_rows, part, trim, repair
        What was set by hand, as for :func:`embedlab.read_table`; None where the guess was right.
    missing : tuple of str or None
        The words that mean a missing cell; None for the usual ones.
    day_first : bool or None
        Whether the day stands before the month in ``03/04/2024``; None where the column decides.
    further_columns : tuple of str
        Columns that are joined to the text column.
    cleaning : tuple of str
        The steps the texts are cleaned by, as for :func:`embedlab.clean_texts`.
    sample : int or None
        How many rows were drawn, as by :func:`embedlab.sample_table`; None for all.
    """

    file: str
    sha256: str
    text_column: str
    label_column: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int | None = None
    skip_rows: int | None = None
    part: str | None = None
    trim: bool = True
    repair: bool = False
    missing: tuple[str, ...] | None = None
    day_first: bool | None = None
    further_columns: tuple[str, ...] = ()
    cleaning: tuple[str, ...] = ()
    sample: int | None = None

    @property
    def preparation(self) -> Preparation:
        """What makes the texts."""
        return Preparation((self.text_column, *self.further_columns), self.cleaning)

    @property
    def options(self) -> ReadOptions:
        """How the table is read, apart from its rows."""
        return ReadOptions(**{way.name: getattr(self, way.name) for way in fields(ReadOptions)})


@dataclass(frozen=True)
class EmbeddingSettings:
    """How texts become embeddings.

    Parameters
    ----------
    model, revision : str
        The name it is loaded by, and what names its weights.
    pooling_mode : str
    precision : str
        What is asked for: ``"auto"`` takes the fastest arithmetic of the machine it runs on.
    arithmetic : str
        What was really used, such as ``"bfloat16 by openvino"``.
    """

    model: str
    revision: str
    pooling_mode: str
    precision: str = "auto"
    arithmetic: str = ""


@dataclass(frozen=True)
class ClusterSettings:
    """How the texts are grouped, as for :func:`embedlab.cluster`; ``edits`` are changes by hand, as ``Edit`` writes."""

    method: str = "kmeans"
    n_clusters: int | str = "auto"
    min_cluster_size: int | None = None
    random_state: int = 0
    edits: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapSettings:
    """How the map is laid out, as for :func:`embedlab.project`."""

    method: str = "umap"
    n_components: int = 2
    n_neighbors: int = 15
    min_dist: float = 0.1
    random_state: int = 42


@dataclass(frozen=True)
class ViewSettings:
    """Everything that decides a view: the table, its passages, the embeddings, the clusters, the map.

    Parameters
    ----------
    source : SourceSettings
    embedding : EmbeddingSettings
    clusters : ClusterSettings
    map : MapSettings
    version : str
        The version of EmbedLab they come from.
    passages : Splitting or None
        How long texts are split; None where a long text is cut at the model's limit.
    """

    source: SourceSettings
    embedding: EmbeddingSettings
    clusters: ClusterSettings = ClusterSettings()
    map: MapSettings = MapSettings()
    version: str = field(default_factory=lambda: version("embedlab"))
    passages: Splitting | None = None

    @property
    def is_uploaded(self) -> bool:
        """Whether vectors or a map were brought: the settings alone do not lead back to the view then."""
        return self.embedding.model == OWN_VECTORS or self.map.method == UPLOADED

    def to_toml(self) -> str:
        """Return them as TOML; what is None is left out."""
        lines = [_HEAD, f"version = {_written(self.version)}"]
        for name, section in asdict(self).items():
            if name != "version" and section is not None:
                lines += ["", f"[{name}]"]
                lines += [f"{key} = {_written(value)}" for key, value in section.items() if value is not None]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text: str) -> ViewSettings:
        """Read what :meth:`to_toml` has written.

        Raises
        ------
        InvalidInputError
            When it is no TOML, something is missing, unknown or of the wrong kind, or it comes from a newer version.
        """
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidInputError(f"These are no settings of EmbedLab: {error}. Download them again.") from error
        _check_version(found.get("version"))
        sections = {"source": SourceSettings, "embedding": EmbeddingSettings}
        sections |= {"clusters": ClusterSettings, "map": MapSettings}
        _check_names("The settings", found, [*sections, "passages", "version"], [*sections, "version"])
        if "passages" in found:
            sections["passages"] = Splitting
        return cls(
            **{name: _read(kind, name, found[name]) for name, kind in sections.items()}, version=found["version"]
        )


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of the bytes of a file, hexadecimal."""
    return sha256(content).hexdigest()


def _written(value: object) -> str:
    """Return a value as TOML; numbers, true and false look as in JSON."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return quote_toml(value) if isinstance(value, str) else json.dumps(value)


def _check_version(made_by: object) -> None:
    here = version("embedlab")
    if not isinstance(made_by, str) or not all(part.isdecimal() for part in made_by.split(".")):
        raise InvalidInputError(
            f"version={made_by!r} in the settings is no version such as {here!r}. Download them again."
        )
    if [int(part) for part in made_by.split(".")] > [int(part) for part in here.split(".")]:
        raise InvalidInputError(f"The settings were made by EmbedLab {made_by}; this is {here}. Install the newer one.")


def _check_names(what: str, found: Any, known: list[str], needed: list[str]) -> None:  # noqa: ANN401 - as it was read
    if not isinstance(found, dict):
        raise InvalidInputError(f"{what} must hold names and values, not {found!r}.")
    if unknown := [name for name in found if name not in known]:
        raise InvalidInputError(
            f"{what} hold {', '.join(unknown)}, which EmbedLab {version('embedlab')} does not know. Known are: "
            f"{', '.join(known)}."
        )
    if missing := [name for name in needed if name not in found]:
        raise InvalidInputError(f"{what} lack {', '.join(missing)}. Download them again.")


def _read(kind: type[_Section], name: str, found: dict[str, Any]) -> _Section:
    """Make one section, with the kind of every value checked against what the section says of it."""
    known = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]
    needed = [key for key, entry in known.items() if entry.default is MISSING]
    _check_names(f"The settings of [{name}]", found, list(known), needed)
    for key, value in found.items():
        said = str(known[key].type)
        kinds = ["int", "float"] if said == "float" else said.split(" | ")
        kind_of_value = "tuple[str, ...]" if _is_texts(value) else type(value).__name__
        if kind_of_value not in kinds:
            words = " or ".join(_KINDS[kind] for kind in kinds if kind in _KINDS)
            raise InvalidInputError(f"{key} = {value!r} in [{name}] must be {words}. Correct that line.")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in found.items()})


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
