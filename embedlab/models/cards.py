"""The models EmbedLab knows by name, read from ``catalog.toml`` beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from embedlab.errors import ModelLoadError

DEFAULT_MODEL = "all-MiniLM-L6-v2"

RECOMMENDATIONS: dict[str, tuple[str, ...]] = {
    "English and fast": ("all-MiniLM-L6-v2",),
    "English and exact": ("all-mpnet-base-v2",),
    "German and fast": ("multilingual-e5-small",),
    "German and exact": ("multilingual-e5-large",),
    "Many languages": ("multilingual-e5-large", "bge-m3"),
    "Long texts": ("gte-modernbert-base", "nomic-embed-text-v1.5"),
    "Open and best": ("e5-large-v2", "bge-large-en-v1.5"),
}
"""Names of models by what they are for, the first choice first."""


# What the two families of multilingual models were trained on, by their cards and papers: the parallel data of
# paraphrase-multilingual-*, and the pre-training of XLM-R, which e5 and bge-m3 go on from.
_CODES = {
    "English": "en",
    "English and code": "en",
    "German": "de",
    "Korean": "ko",
    "50 languages": "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms "
    "my nl no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh",
    "100 languages": "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi "
    "hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa "
    "sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh",
}


@dataclass(frozen=True)
class ModelCard:
    """What is known of a model before it is loaded.

    Parameters
    ----------
    name, hub_id : str
        The short name used here, and ``organisation/name`` on the Hugging Face hub.
    embedding_dimension : int
        Length of an embedding.
    parameters : float
        Number of weights, in millions.
    max_seq_length : int
        Longest input in tokens; the rest of a longer text is cut.
    pooling_mode : str
        The pooling the model was trained with; for a plain transformer the one that is put on top.
    languages, license, good_for : str
        In plain words.
    prompts : dict of str to str
        ``"query"`` and ``"document"`` prompts where the model wants them and its own files do not say so.
    default_prompt : str or None
        Name of the prompt for texts that are neither query nor passage.
    sentence_head : bool
        Whether its files name a pooling; False for a plain transformer.
    normalize : bool or None
        Whether its own files end in a normalisation; None where that is not known.
    matryoshka : bool
        Whether its card says that the first dimensions were trained to stand alone.
    revision : str or None
        The commit of the hub that is fetched, 40 hex digits; None where the newest is taken.
    note : str or None
        What else one has to know before fetching it.
    package : str or None
        Python package that carries the weights, for a model that comes with EmbedLab.
    sha256 : str or None
        Digest that the weights of a carried model must have.
    """

    name: str
    hub_id: str
    embedding_dimension: int
    parameters: float
    max_seq_length: int
    pooling_mode: str
    languages: str
    license: str
    good_for: str
    prompts: dict[str, str] = field(default_factory=dict)
    default_prompt: str | None = None
    sentence_head: bool = True
    normalize: bool | None = None
    matryoshka: bool = False
    revision: str | None = None
    note: str | None = None
    package: str | None = None
    sha256: str | None = None

    @property
    def language_codes(self) -> frozenset[str]:
        """The languages it was trained for, by their code of ISO 639-1."""
        return frozenset(_CODES[self.languages].split())

    @property
    def is_bundled(self) -> bool:
        """Whether the weights come with EmbedLab and are installed."""
        return self.package is not None and find_spec(self.package) is not None

    def bundled_folder(self) -> Path:
        """Return the folder of a carried model.

        Raises
        ------
        ModelLoadError
            When the package that carries it is not installed.
        """
        if self.package is None or not self.is_bundled:
            raise ModelLoadError(f"The weights of {self.name} are not installed. Reinstall EmbedLab to get them back.")
        return Path(import_module(self.package).get_model_path())


@cache
def catalog() -> dict[str, ModelCard]:
    """Return the known models by name, the carried one first."""
    entries = tomllib.loads(Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8"))
    return {name: ModelCard(name=name, **facts) for name, facts in entries.items()}


def find_card(name: str) -> ModelCard | None:
    """Return the card of a model given by short name or hub id, or None for a model the catalog does not know."""
    by_hub_id = {card.hub_id.lower(): card for card in catalog().values()}
    return catalog().get(name) or by_hub_id.get(name.lower())
