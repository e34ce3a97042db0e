"""What decides a view of a table, as a file that a person can read, keep, and replay."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from embedlab.datasets import Preparation, title_of
from embedlab.errors import InvalidInputError
from embedlab.exports import toml
from embedlab.models import OWN_VECTORS
from embedlab.tables import ReadOptions
from embedlab.texts import Splitting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

UPLOADED = "uploaded"
"""The method of a map that somebody has brought."""

_HEAD = "# Replayed by: embedlab replay FILE_OF_THESE_SETTINGS TABLE -o clusters.csv\n"


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
    options : ReadOptions
        What was set by hand of how it is read; in the file its settings stand among the others.
    further_columns : tuple of str
        Columns that are joined to the text column.
    cleaning : tuple of str
        The steps the texts are cleaned by, as for :func:`embedlab.clean_texts`.
    sample : int or None
        How many rows were drawn, as by :func:`embedlab.sample_table`; None for all.
    further_files, further_sha256 : tuple of str
        Files that are joined to the first, as by :func:`embedlab.read_tables`, and the digest of each.
    """

    file: str
    sha256: str
    text_column: str
    label_column: str | None = None
    options: ReadOptions = ReadOptions()
    further_columns: tuple[str, ...] = ()
    cleaning: tuple[str, ...] = ()
    sample: int | None = None
    further_files: tuple[str, ...] = ()
    further_sha256: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = {self.file, *self.further_files}
        if not len(names) - 1 == len(self.further_files) == len(self.further_sha256):
            raise InvalidInputError("further_files in [source] needs other names, and further_sha256 one for each.")

    @property
    def preparation(self) -> Preparation:
        """What makes the texts."""
        return Preparation((self.text_column, *self.further_columns), self.cleaning)

    @property
    def files(self) -> dict[str, str]:
        """The digest of each file, by its name."""
        names, digests = (self.file, *self.further_files), (self.sha256, *self.further_sha256)
        return dict(zip(names, digests, strict=True))

    @property
    def title(self) -> str:
        """What a person calls the table."""
        return title_of(list(self.files))


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
    """How the map is laid out, as for :func:`embedlab.project`; ``supervised_by`` is the column it is told."""

    method: str = "umap"
    n_components: int = 2
    n_neighbors: int = 15
    min_dist: float = 0.1
    random_state: int = 42
    engine: str = "embedlab"
    metric: str = "cosine"
    densmap: bool = False
    supervised_by: str | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of :func:`embedlab.project`, all but the labels."""
        return {name: value for name, value in asdict(self).items() if name != "supervised_by"}

    def labels(self, corpus: Corpus) -> NDArray[np.object_] | None:
        """Return what a supervised map is told of each text, None for another map.

        Raises
        ------
        InvalidInputError
            When the table has no such column, or its cells list several labels.
        """
        if self.supervised_by is None:
            return None
        if self.supervised_by not in corpus.frame.columns:
            raise InvalidInputError(
                f"A supervised map by {self.supervised_by!r} needs that column. There are: "
                f"{', '.join(corpus.frame.columns)}."
            )
        return corpus.known_labels(self.supervised_by)


USUAL_MAP = MapSettings()
"""The map that is drawn where no other is asked for."""


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
    map: MapSettings = USUAL_MAP
    version: str = field(default_factory=lambda: version("embedlab"))
    passages: Splitting | None = None

    @property
    def is_uploaded(self) -> bool:
        """Whether vectors or a map were brought: the settings alone do not lead back to the view then."""
        return self.embedding.model == OWN_VECTORS or self.map.method == UPLOADED

    def to_toml(self) -> str:
        """Return them as TOML; what is None is left out."""
        lines = [_HEAD, f"version = {toml.written(self.version)}"]
        for name, section in asdict(self).items():
            if name != "version" and section is not None:
                lines += ["", f"[{name}]"]
                lines += [
                    f"{key} = {toml.written(value)}" for key, value in toml.flat(section).items() if value is not None
                ]
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
        toml.check_names("The settings", found, [*sections, "passages", "version"], [*sections, "version"])
        if "passages" in found:
            sections["passages"] = Splitting
        return cls(
            **{name: toml.read_section(kind, name, found[name]) for name, kind in sections.items()},
            version=found["version"],
        )


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of the bytes of a file, hexadecimal."""
    return sha256(content).hexdigest()


def _check_version(made_by: object) -> None:
    here = version("embedlab")
    if not isinstance(made_by, str) or not all(part.isdecimal() for part in made_by.split(".")):
        raise InvalidInputError(
            f"version={made_by!r} in the settings is no version such as {here!r}. Download them again."
        )
    if [int(part) for part in made_by.split(".")] > [int(part) for part in here.split(".")]:
        raise InvalidInputError(f"The settings were made by EmbedLab {made_by}; this is {here}. Install the newer one.")
