"""From a name to a loaded encoder."""

from __future__ import annotations

from pathlib import Path

from embedlab.device import pick_device
from embedlab.encoders.base import Encoder
from embedlab.encoders.hosted import HostedEncoder
from embedlab.encoders.running import PRECISIONS
from embedlab.encoders.static import StaticEncoder, distill
from embedlab.encoders.transformer import TransformerEncoder
from embedlab.errors import InvalidInputError
from embedlab.folders import note_revision
from embedlab.hosted import is_hosted, look_up
from embedlab.models import STATIC_PREFIX, TFIDF, ModelFiles, check_files, find_model, load_model


def load_encoder(
    name: str | Path = "all-MiniLM-L6-v2", *, device: str = "auto", precision: str = "auto", may_fetch: bool = True
) -> Encoder:
    """Load a model that turns texts into embeddings.

    Parameters
    ----------
    name : str or Path, default="all-MiniLM-L6-v2"
        A catalog name, a hub id (``organisation/name``), the name of a kept model, or a local folder; ``static-``
        before the name of a model gives averaged word vectors distilled from it. Hosted models have names such as
        ``openai/text-embedding-3-small``, or ``http://127.0.0.1:11434/v1#nomic-embed-text`` for a server of OpenAI's
        protocol; see :mod:`embedlab.hosted`.
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
        ``"auto"`` takes a GPU where there is one.
    precision : {"auto", "float32", "int8"}, default="auto"
        ``"float32"`` is exact; ``"auto"`` the fastest arithmetic whose embeddings keep a cosine of 0.9999 to it;
        ``"int8"``, on the processor only, keeps 0.995 on average. It is faster still where the processor multiplies
        8-bit integers by instructions of their own (VNNI, AMX), and slower than ``"auto"`` where it does not.
    may_fetch : bool, default=True
        Whether a hub model that is not on disk is downloaded, and a model server asked what it offers.

    Returns
    -------
    Encoder

    Raises
    ------
    ModelLoadError
        When the model is unknown, damaged, refused or out of reach; ``ModelNotFetchedError`` when it is not on disk
        and may not be fetched, ``ServerNotAskedError`` when a model server may not be asked.
    InvalidInputError
        For an unknown device or precision.
    MissingDependencyError
        When ``"int8"`` is asked for and its packages are not installed.
    """
    if precision not in PRECISIONS:
        raise InvalidInputError(f"There is no precision {precision!r}. Choose one of: {', '.join(PRECISIONS)}.")
    if name == TFIDF:
        raise InvalidInputError("TF-IDF has to see the texts first: use embedlab.TfidfEncoder(texts).")
    if is_hosted(name):
        if precision == "int8":
            raise InvalidInputError(f"{name} runs elsewhere, in its own arithmetic. Leave the precision out.")
        return HostedEncoder(look_up(str(name), may_ask=may_fetch))
    files = find_files(name, device=device, may_fetch=may_fetch)
    if files.is_static:
        check_files(files.name, files.folder)
        return StaticEncoder(files.name, files.folder)
    return _load_transformer(files, device, precision)


def find_files(name: str | Path, *, device: str = "auto", may_fetch: bool = True) -> ModelFiles:
    """Return the files of a model, those of averaged word vectors made now where they are not kept yet.

    Parameters
    ----------
    name, device, may_fetch
        As for :func:`load_encoder`.

    Returns
    -------
    ModelFiles

    Raises
    ------
    ModelLoadError
        As for :func:`embedlab.models.find_model`, or when there is no room for the files.
    """
    if not isinstance(name, str) or not name.startswith(STATIC_PREFIX):
        return _find(name, may_fetch)
    teacher = _find(name.removeprefix(STATIC_PREFIX), may_fetch)
    folder = distill(lambda: _load_transformer(teacher, device, "auto"), teacher.revision)
    return ModelFiles(name, folder, STATIC_PREFIX + teacher.revision, None)


def _find(name: str | Path, may_fetch: bool) -> ModelFiles:
    """Find the files of a model; what was computed from weights it had before is let go."""
    files = find_model(name, may_fetch=may_fetch)
    note_revision(files.name if files.stamp is None else str(files.folder.resolve()), files.revision)
    return files


def _load_transformer(files: ModelFiles, device: str, precision: str) -> TransformerEncoder:
    picked = pick_device(device)
    return TransformerEncoder(load_model(files, picked), files, device=picked, precision=precision)
