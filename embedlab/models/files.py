"""Where the files of a model lie: carried along, kept, in a folder, or fetched from the hub.

A name of the catalog or of the hub is never tried as a path, and a folder has to look like one. What is fetched from
the hub, and how, is said in ``hub.py``; models that were trained here are in ``kept``.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from pathlib import Path

from embedlab.errors import ModelLoadError, ModelNotFetchedError
from embedlab.models import hub
from embedlab.models.cards import ModelCard, find_card
from embedlab.models.kept import find_kept, is_kept_name
from embedlab.models.stamps import as_folder, deciding_files, folder_stamp, is_model_folder
from embedlab.models.weights import check_fetched, files_digest, weight_files

_STATIC = ("StaticEmbedding", "")
_KEPT_ELSEWHERE = (
    "{} is called like a model that somebody has trained and kept, and it is not on this machine. Take its zip along "
    "from where it was trained, and give the folder it unpacks to, such as ./{}."
)


@dataclass(frozen=True)
class ModelFiles:
    """Where the files of a model lie.

    Parameters
    ----------
    name : str
        Catalog name, hub id, name of a kept model or folder, as it is shown.
    folder : Path
    revision : str
        Commit of the hub, or digest of the weights of a folder.
    card : ModelCard or None
        What the catalog knows of it.
    stamp : hashable
        Of a folder, what changes when its files are replaced; it was taken before they were read.
    """

    name: str
    folder: Path
    revision: str
    card: ModelCard | None
    stamp: Hashable = field(default=None, repr=False)

    @property
    def pooling_mode(self) -> str | None:
        """The pooling the catalog puts on top of a plain transformer; None where the files say it."""
        return self.card.pooling_mode if self.card is not None and not self.card.sentence_head else None

    @property
    def is_static(self) -> bool:
        """Whether the folder holds averaged word vectors, as a ``StaticEmbedding`` of sentence-transformers alone."""
        try:
            modules = json.loads((self.folder / "modules.json").read_text(encoding="utf-8"))
            return [(module["type"].rpartition(".")[2], module["path"]) for module in modules] == [_STATIC]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return False  # What is wrong with the file is said where it is opened.

    @property
    def is_matryoshka(self) -> bool:
        """Whether the first dimensions were trained to stand alone, by the catalog or the card among the files."""
        if self.card is not None:
            return self.card.matryoshka
        # The card that sentence-transformers writes names the loss among its tags.
        card = self.folder / "README.md"
        return card.is_file() and "loss:MatryoshkaLoss" in card.read_text(encoding="utf-8", errors="replace")


def is_ready(card: ModelCard) -> bool:
    """Return whether a model of the catalog is on this machine."""
    return card.is_bundled or hub.on_disk(card.hub_id, card.revision)


def find_model(name: str | Path, *, may_fetch: bool = True) -> ModelFiles:
    """Find the files of a model. A hub model that is on disk is taken without asking the network.

    Parameters
    ----------
    name : str or Path
        A catalog name, a hub id (``organisation/name``), the name of a kept model, or a local folder: a ``Path``, or a
        string that starts with ``/``, ``./``, ``../``, ``~`` or a drive letter.
    may_fetch : bool, default=True
        Whether a hub model that is not on disk is downloaded.

    Returns
    -------
    ModelFiles

    Raises
    ------
    ModelNotFetchedError
        When a hub model is not on disk and may not be fetched.
    ModelLoadError
        When the name is none of these, the folder holds no model, the hub cannot be reached, or the carried weights
        are not the published ones.
    """
    if (folder := as_folder(name)) is not None:
        return _local_folder(folder)
    name = str(name)
    card = find_card(name)
    if card is not None and card.is_bundled:
        return _bundled(card)
    if card is None and (kept := find_kept(name)) is not None:
        return replace(_local_folder(kept.folder), name=name)
    if card is None and is_kept_name(name):
        raise ModelLoadError(_KEPT_ELSEWHERE.format(name, name))
    if card is None and not hub.HUB_ID.fullmatch(name):
        raise ModelLoadError(
            f"There is no model {name!r} in the catalog. Give a name from the catalog, a hub id such as "
            "intfloat/e5-small-v2, or a folder that starts with / or ./."
        )
    return _from_hub(card.hub_id if card else name, card, may_fetch)


def _bundled(card: ModelCard) -> ModelFiles:
    folder = card.bundled_folder()
    weights = files_digest(weight_files(folder))
    if weights != card.sha256:
        raise ModelLoadError(
            f"The weights of {card.name} in {folder} are not the published ones (sha256 {weights[:12]}… instead of "
            f"{str(card.sha256)[:12]}…). Reinstall the package {card.package}."
        )
    return ModelFiles(card.name, folder, weights, card)


def _local_folder(folder: Path) -> ModelFiles:
    if not is_model_folder(folder):
        raise ModelLoadError(f"{folder} is not a model folder: it holds neither modules.json nor config.json.")
    stamp, _ = folder_stamp(folder), weight_files(folder)
    return ModelFiles(str(folder), folder, files_digest(deciding_files(folder)), None, stamp)


def _from_hub(hub_id: str, card: ModelCard | None, may_fetch: bool) -> ModelFiles:
    revision = card.revision if card else None
    folder = hub.find_snapshot(hub_id, revision)
    if folder is None:
        if not may_fetch:
            raise ModelNotFetchedError(hub_id)
        folder = hub.fetch(hub.look_up(hub_id, revision))
    check_fetched(hub_id, folder)
    # A snapshot's folder is named after its commit.
    return ModelFiles(card.name if card else hub_id, folder, folder.name, card)
