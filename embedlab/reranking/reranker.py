"""A cross-encoder, loaded as every model is: no code of its own, safetensors alone, nothing missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import pick_device
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.models import ModelFiles, find_model, open_files
from embedlab.reranking.finding import why_no_reranker
from embedlab.texts import is_blank
from embedlab.validation import check_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder

# Pairs of a batch, and of what is scored between two reports of progress.
_BATCH, _CHUNK = 32, 128


@dataclass(frozen=True, eq=False)
class Scored:
    """How well passages fit a question.

    Parameters
    ----------
    scores : float32 array of shape (n,)
        What the model says, larger is better; without a limit, and comparable within one model alone.
    is_cut : bool array of shape (n,)
        Whether a question and its passage together are longer than the model reads, so that an end was not read.
    """

    scores: NDArray[np.float32]
    is_cut: NDArray[np.bool_]


class Reranker:
    """A model that reads a question and a passage together. Load one with :func:`load_reranker`.

    Parameters
    ----------
    model : CrossEncoder
    files : ModelFiles

    Attributes
    ----------
    name, revision, device : str
    max_seq_length : int or None
        Tokens of question and passage that are read.
    """

    def __init__(self, model: CrossEncoder, files: ModelFiles) -> None:
        self._model = model
        self.name, self.revision = files.name, files.revision
        self.device = model.device.type
        self.max_seq_length: int | None = model.max_seq_length

    def score(
        self, question: str, passages: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> Scored:
        """Say how well passages fit a question.

        Parameters
        ----------
        question : str
        passages : sequence of str of length n
        progress : callable, optional
            Called as ``progress(done, total)`` in passages; what it raises ends the work.

        Returns
        -------
        Scored
            The numbers before any squashing: a sigmoid gives many passages the same 1.0 in 32 bits, and loses their
            order.

        Raises
        ------
        InvalidInputError
            For a blank question.
        """
        from torch.nn import Identity

        if is_blank(question):
            raise InvalidInputError("The question is blank. Type what is to be answered.")
        texts = check_texts(passages)
        parts = []
        for begin in range(0, len(texts), _CHUNK):
            pairs = [(question, text) for text in texts[begin : begin + _CHUNK]]
            found = self._model.predict(
                pairs, batch_size=_BATCH, activation_fn=Identity(), convert_to_numpy=True, show_progress_bar=False
            )
            parts.append(np.asarray(found, dtype=np.float32).reshape(len(pairs)))
            if progress is not None:
                progress(begin + len(pairs), len(texts))
        scores = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        if not np.isfinite(scores).all():
            raise ModelLoadError(f"{self.name} gives scores that are no numbers. Choose another cross-encoder.")
        return Scored(scores, self._are_cut(question, texts))

    def _are_cut(self, question: str, texts: list[str]) -> NDArray[np.bool_]:
        if self.max_seq_length is None or not texts:
            return np.zeros(len(texts), dtype=bool)
        tokenized = self._model.tokenizer([question] * len(texts), texts, truncation=False, verbose=False)
        return np.array([len(ids) > self.max_seq_length for ids in tokenized["input_ids"]])


def load_reranker(name: str | Path, *, device: str = "auto", may_fetch: bool = False) -> Reranker:
    """Load a cross-encoder.

    Parameters
    ----------
    name : str or Path
        A hub id such as ``cross-encoder/ms-marco-MiniLM-L6-v2``, or a folder.
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
    may_fetch : bool, default=False
        Whether a hub model that is not on disk is downloaded.

    Raises
    ------
    ModelLoadError
        When the model is unknown, damaged, refused or out of reach, or gives no single score for a question and a
        passage; ``ModelNotFetchedError`` when it is not on disk and may not be fetched.
    InvalidInputError
        For an unknown device.
    """
    picked, files = pick_device(device), find_model(name, may_fetch=may_fetch)
    if why := why_no_reranker(files.folder):
        raise ModelLoadError(
            f"{files.name} is no cross-encoder: {why}. Choose one that was trained to rank, such as "
            "cross-encoder/ms-marco-MiniLM-L6-v2."
        )

    def load() -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(
            str(files.folder),
            device=picked,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )

    model = open_files(files, load)
    _check_head(model, files)
    return Reranker(model, files)


def _check_head(model: CrossEncoder, files: ModelFiles) -> None:
    """Raise where a tensor of the head is not in the files: the library puts random numbers for it without a word.

    The count of all numbers does not tell: files may hold some that the model does not use.
    """
    from safetensors import safe_open

    transformer = model.model
    if transformer is None:
        return
    there: set[str] = set()
    for file in files.folder.glob("**/*.safetensors"):
        with safe_open(file, "pt") as tensors:
            there |= set(tensors.keys())
    own = f"{transformer.base_model_prefix}."
    head = [name for name, _ in transformer.named_parameters() if not name.startswith(own) or ".pooler." in name]
    if missing := [name for name in head if name not in there]:
        raise ModelLoadError(f"The weights of {files.name} are incomplete: {missing[0]} is not there. Get them anew.")
