"""Models of the Hugging Face hub: which are on this machine, how large the others are, and fetching them.

Nothing here asks the network except :func:`look_up` and :func:`fetch`. Only configuration, vocabulary and safetensors
weights are fetched, of one commit; the code and the pickles some repositories hold stay there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import ModelLoadError, first_line

if TYPE_CHECKING:
    from tqdm import tqdm


HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
"""What a name on the hub looks like: ``organisation/name``."""

FILES = ["*.json", "*.txt", "*.safetensors", "*.model", "*.jinja"]
"""Configuration, vocabulary and safe weights; no pickles and no code."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class HubModel:
    """A model as the hub has it.

    Parameters
    ----------
    hub_id : str
        ``organisation/name``.
    revision : str
        The commit, 40 hex digits.
    nbytes : int
        Size of the files that would be fetched.
    """

    hub_id: str
    revision: str
    nbytes: int


def on_disk(hub_id: str, revision: str | None = None) -> bool:
    """Return whether a model lies complete in the hub's cache on this machine; the network is not asked."""
    return find_snapshot(hub_id, revision) is not None


def find_snapshot(hub_id: str, revision: str | None = None) -> Path | None:
    """Return the folder of a model that is on this machine, or None; the network is not asked.

    Parameters
    ----------
    hub_id : str
        ``organisation/name``.
    revision : str, optional
        The commit. Without it the one known as the newest is taken, else whichever was fetched last.

    Raises
    ------
    ModelLoadError
        For what is no hub id.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    check_hub_id(hub_id)
    for commit in [revision] if revision else _fetched_commits(hub_id):
        try:
            found = snapshot_download(hub_id, revision=commit, allow_patterns=FILES, local_files_only=True)
        except LocalEntryNotFoundError:
            continue
        if _is_whole(Path(found)):
            return Path(found)
    return None


def look_up(hub_id: str, revision: str | None = None) -> HubModel:
    """Ask the hub for the commit of a model and the size of the files that would be fetched.

    Parameters
    ----------
    hub_id : str
        ``organisation/name``.
    revision : str, optional
        The commit; the newest without it.

    Raises
    ------
    ModelLoadError
        When the hub cannot be reached, the model is unknown, gated or without safetensors weights, or the id is none.
    """
    from huggingface_hub import HfApi, get_token
    from huggingface_hub.utils import filter_repo_objects

    check_hub_id(hub_id)
    with _plain_errors(hub_id):
        info = HfApi().model_info(hub_id, revision=revision, files_metadata=True, timeout=10)
    if info.gated and get_token() is None:
        raise ModelLoadError(_gated(hub_id))
    files = list(filter_repo_objects(info.siblings or [], allow_patterns=FILES, key=lambda file: file.rfilename))
    if not any(file.rfilename.endswith(".safetensors") for file in files):
        raise ModelLoadError(
            f"{hub_id} has no safetensors weights on the hub. Other weight formats can run code, so EmbedLab does not "
            "read them. Choose another model, or ask its authors to publish safetensors."
        )
    return HubModel(hub_id, str(info.sha), sum(file.size or 0 for file in files))


def fetch(model: HubModel, progress: Progress | None = None) -> Path:
    """Fetch the files of a model that are not on this machine yet; what was fetched before is kept.

    Parameters
    ----------
    model : HubModel
        As found by :func:`look_up`.
    progress : callable, optional
        ``progress(done, total)`` is called in bytes; what it raises ends the work.

    Returns
    -------
    Path
        The folder of the commit.

    Raises
    ------
    ModelLoadError
        When the hub cannot be reached, refuses, or the disk is full.
    """
    from huggingface_hub import snapshot_download

    counter = _counter(model.nbytes, progress or (lambda done, total: None))
    with _plain_errors(model.hub_id):
        folder = snapshot_download(model.hub_id, revision=model.revision, allow_patterns=FILES, tqdm_class=counter)
    return Path(folder)


def check_hub_id(hub_id: str) -> str:
    """Return an id that looks like one.

    Raises
    ------
    ModelLoadError
        For anything else: a path, an address, a bare name.
    """
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(hub_id)
        is_valid = HUB_ID.fullmatch(hub_id) is not None
    except HFValidationError:
        is_valid = False
    if not is_valid:
        raise ModelLoadError(
            f"{hub_id!r} is not the id of a model on the Hugging Face hub. Give organisation/name, for example "
            "intfloat/e5-small-v2."
        )
    return hub_id


def _fetched_commits(hub_id: str) -> list[str]:
    """Return the commits of a model in the hub's cache: the one known as the newest, then the others, latest first."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    kept = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=hub_id, repo_type="model")
    newest = kept / "refs" / "main"
    folders = sorted((kept / "snapshots").glob("*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    commits = [newest.read_text(encoding="utf-8").strip()] if newest.is_file() else []
    return list(dict.fromkeys([*commits, *(folder.name for folder in folders)]))


def _is_whole(folder: Path) -> bool:
    """Return whether a snapshot can be loaded; older versions of the hub's library leave parts without saying so."""
    weights = {path.name for path in folder.glob("**/*.safetensors")}
    try:
        indexes = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("**/*.safetensors.index.json")]
        wanted = {name for index in indexes for name in index["weight_map"].values()}
    except (ValueError, KeyError):
        return False
    has_config = (folder / "modules.json").is_file() or (folder / "config.json").is_file()
    return has_config and bool(weights) and wanted <= weights


def _counter(nbytes: int, progress: Progress) -> type[tqdm]:
    """Return a progress bar that draws nothing and reports bytes; the hub's library makes several of one class."""
    from tqdm import tqdm

    furthest = 0

    class Counter(tqdm):
        def __init__(self, *arguments: object, **settings: object) -> None:
            super().__init__(*arguments, **{**settings, "disable": True})
            self.counts_bytes = settings.get("unit") == "B"

        def update(self, n: float | None = 1) -> None:
            nonlocal furthest
            self.n += n or 0
            # Bytes received and bytes written are counted apart; the bar for the files counts neither.
            if self.counts_bytes:
                furthest = min(max(furthest, int(self.n)), nbytes)
                progress(furthest, nbytes)

    return Counter


@contextmanager
def _plain_errors(hub_id: str) -> Iterator[None]:
    """Say in plain words what the hub's library has against a model."""
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelLoadError(_gated(hub_id)) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelLoadError(
            f"There is no public model {hub_id} on the Hugging Face hub. Check the spelling of organisation/name."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ModelLoadError(f"The commit of {hub_id} that EmbedLab knows is no longer on the hub.") from error
    except errors.HfHubHTTPError as error:
        raise ModelLoadError(f"{hub_id} could not be fetched from the hub: {first_line(error)}") from error
    except (errors.HTTPError, errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled) as error:
        raise ModelLoadError(
            f"{hub_id} is not on this machine, and the Hugging Face hub cannot be reached. Connect to the internet "
            "once to fetch it, or choose all-MiniLM-L6-v2, which comes with EmbedLab."
        ) from error
    except (OSError, ValueError) as error:
        raise ModelLoadError(f"{hub_id} could not be fetched from the hub: {first_line(error)}") from error


def _gated(hub_id: str) -> str:
    return (
        f"{hub_id} is gated: its authors give it only to those who accept their terms. Accept them at "
        f"https://huggingface.co/{hub_id}, run `hf auth login` on the machine EmbedLab runs on, and look it up again."
    )
