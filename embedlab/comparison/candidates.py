"""What is compared: a model and a way to read embeddings out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from embedlab.compression import FULL, Compression
from embedlab.encoders.running import PRECISIONS
from embedlab.errors import InvalidInputError
from embedlab.hosted import own_length
from embedlab.pooling import check_pooling_mode, pooling_title
from embedlab.spec import LONG_TEXTS, EmbeddingSpec, Variant

if TYPE_CHECKING:
    from embedlab.encoders import Encoder


@dataclass(frozen=True)
class Candidate:
    """One entry of a comparison. What is not given is as the model was trained.

    Parameters
    ----------
    model : str
        What :func:`embedlab.load_encoder` takes, or ``"tf-idf"``.
    pooling_mode : str or None
        What :func:`embedlab.pooling.modes.find_pooling` knows; None for the model's own.
    layer : int, default=-1
        0 is the token look-up, -1 the last layer.
    precision : str, default="auto"
        As for :func:`embedlab.load_encoder`.
    prompt_name : str or None
        None sets prompts as the model wants them, for queries and for texts; an empty string sets none.
    include_prompt : bool or None
        Whether the tokens of a prompt are pooled.
    normalize_embeddings : bool, default=True
        If False, vectors keep their lengths, and are compared by dot product where the others are by cosine.
    long_texts : str, default="cut"
        A key of ``embedlab.spec.LONG_TEXTS``: what becomes of texts longer than the model reads.
    compression : Compression, optional
        What the vectors are made smaller to.
    """

    model: str
    pooling_mode: str | None = None
    layer: int = -1
    precision: str = "auto"
    prompt_name: str | None = None
    include_prompt: bool | None = None
    normalize_embeddings: bool = True
    long_texts: str = "cut"
    compression: Compression = FULL

    @property
    def full(self) -> Candidate:
        """The same with the vectors as the model gives them."""
        return replace(self, compression=FULL)

    @property
    def base(self) -> Candidate:
        """What it is held against: the full vectors, and of a hosted model asked for a length those of its own."""
        return replace(self, model=own_length(self.model)) if self.compression.is_full else self.full

    @property
    def vectors_title(self) -> str:
        """The kind of vectors in words, short."""
        if self == self.base:
            return self.compression.title
        return self.compression.title if not self.compression.is_full else f"{self.model.rpartition('@')[2]} asked for"

    @property
    def shared(self) -> Candidate:
        """What one pass through the model has in common."""
        return replace(self.full, pooling_mode=None, layer=-1)

    @property
    def title(self) -> str:
        """The candidate in words, short."""
        prompt = f"prompt {self.prompt_name}" if self.prompt_name else "no prompt"
        said = {
            self.model: True,
            pooling_title(self.pooling_mode or "mean"): self.pooling_mode is not None,
            f"layer {self.layer}": self.layer != -1,
            self.precision: self.precision != "auto",
            prompt: self.prompt_name is not None,
            "prompt pooled": self.include_prompt is True,
            "prompt not pooled": self.include_prompt is False,
            "not normalised": not self.normalize_embeddings,
            LONG_TEXTS[self.long_texts]: self.long_texts != "cut",
            self.compression.title: not self.compression.is_full,
        }
        return " · ".join(words for words, is_said in said.items() if is_said)

    @property
    def key(self) -> str:
        """The candidate as a short string, for an address or a command line; :meth:`parse` reads it.

        ``int8`` is the arithmetic of the model; of vectors it is behind a reduction, and ``vectors=int8`` without one.

        Examples
        --------
        >>> Candidate("all-MiniLM-L6-v2", "cls", 3).key
        'all-MiniLM-L6-v2~cls~layer=3'
        >>> Candidate("all-MiniLM-L6-v2", precision="int8", compression=Compression("pca", 128, "int8")).key
        'all-MiniLM-L6-v2~int8~pca128~int8'
        """
        said = {
            self.pooling_mode or "": self.pooling_mode is not None,
            f"layer={self.layer}": self.layer != -1,
            self.precision: self.precision != "auto",
            f"prompt={quote(self.prompt_name or '', safe='')}": self.prompt_name is not None,
            "pooled": self.include_prompt is True,
            "unpooled": self.include_prompt is False,
            "raw": not self.normalize_embeddings,
            "passages": self.long_texts == "mean",
            self.compression.key: not self.compression.is_full,
        }
        return "~".join(
            [quote(self.model, safe="/:@\\").replace("~", "%7E"), *(part for part, is_said in said.items() if is_said)]
        )

    @classmethod
    def parse(cls, key: str) -> Candidate:
        """Return the candidate of a :attr:`key`.

        Raises
        ------
        InvalidInputError
            For a part that means nothing, or might mean two things.
        """
        name, *parts = key.split("~")
        candidate = cls(unquote(name))
        if not candidate.model:
            raise InvalidInputError(f"{key!r} names no model. Write model~pooling, such as all-MiniLM-L6-v2~cls.")
        compressed: list[str] = []
        for part in parts:
            if Compression.setting(part) and (compressed or part not in PRECISIONS):
                if part in PRECISIONS and (part != "int8" or not Compression.setting(compressed[-1]).get("reduction")):
                    raise InvalidInputError(
                        f"{part!r} in {key!r} may mean two things. Write it before the compression for the arithmetic "
                        f"of the model, or vectors={part} for the vectors."
                    )
                compressed.append(part)
            else:
                candidate = replace(candidate, **_setting(part, key))
        return replace(candidate, compression=Compression.parse("~".join(compressed)))

    def of(self, encoder: Encoder) -> Candidate:
        """Return the candidate with its pooling named, equal for all that mean the same embeddings of a model."""
        named = self if encoder.max_seq_length else replace(self, long_texts="cut")  # without a limit no text is long
        if not encoder.n_layers:
            return named  # no token vectors, no pooling
        layer = -1 if self.layer == encoder.n_layers else self.layer
        return replace(named, pooling_mode=self.pooling_mode or encoder.pooling_mode, layer=layer)

    def as_trained(self) -> Candidate:
        """Return the model as it was trained, in the same precision."""
        return Candidate(self.model, precision=self.precision)

    def spec(self, encoder: Encoder, prompt_name: str | None = None) -> EmbeddingSpec:
        """Return the full description of the embeddings of texts; ``prompt_name`` stands where none is chosen."""
        return encoder.spec(pooling_mode=self.pooling_mode, layer=self.layer, **self.options(prompt_name))

    def options(self, prompt_name: str | None = None) -> dict[str, Any]:
        """Return what one pass through the model has in common, as arguments of ``Encoder.encode_variants``."""
        return {
            "prompt_name": prompt_name if self.prompt_name is None else self.prompt_name,
            "include_prompt": self.include_prompt,
            "normalize_embeddings": self.normalize_embeddings,
            "long_texts": self.long_texts,
        }

    def variant_of(self, encoder: Encoder) -> Variant:
        """Return pooling and layer for a pass through a loaded model."""
        return Variant(self.pooling_mode or encoder.pooling_mode, self.layer)


def _setting(part: str, key: str) -> dict[str, Any]:
    name, _, value = part.partition("=")
    if name == "layer" and value.lstrip("-").isdigit():
        return {"layer": int(value)}
    if name == "prompt" and "=" in part:
        return {"prompt_name": unquote(value)}
    words: dict[str, dict[str, Any]] = {
        "raw": {"normalize_embeddings": False},
        "passages": {"long_texts": "mean"},
        "pooled": {"include_prompt": True},
        "unpooled": {"include_prompt": False},
        **{precision: {"precision": precision} for precision in PRECISIONS},
    }
    if part in words:
        return words[part]
    try:
        check_pooling_mode(part)
    except InvalidInputError as error:
        raise InvalidInputError(f"{part!r} in {key!r} is neither a pooling nor a setting. {error}") from error
    return {"pooling_mode": part}
