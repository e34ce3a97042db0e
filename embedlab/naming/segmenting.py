"""Words of languages that write none apart, or write particles onto them: by segmenters made for each.

Each is an extra. Without it, Korean keeps its particles, Chinese and Japanese are cut into pairs of characters, and a
Thai phrase stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise

import regex

from embedlab.rows import sample_positions
from embedlab.texts import UNSPACED

_KANA, _HAN = r"\p{Hiragana}\p{Katakana}ー", r"\p{Han}々"
_SCRIPT_OF = {"ko": r"\p{Hangul}", "th": r"\p{Thai}", "ja": rf"{_KANA}{_HAN}", "zh": _HAN}
_RUNS = {language: regex.compile(rf"([{script}]+)") for language, script in _SCRIPT_OF.items()}
_IS_KANA, _IS_HIRAGANA = regex.compile(rf"[{_KANA}]"), regex.compile(r"\p{Hiragana}")
_IS_SEGMENTED = regex.compile(rf"[{UNSPACED}\p{{Hangul}}]")
_LOOKED_AT = 1000


@dataclass(frozen=True)
class Segmenter:
    """A library that finds the words of a language, and what it brings along."""

    language: str
    module: str
    extra: str
    load: Callable[[], Callable[[str], list[str]]]


def _korean() -> Callable[[str], list[str]]:
    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=1)
    kept = {"NNG", "NNP", "SL", "XR", "VV", "VA"}
    # Irregular verbs and adjectives have tags such as VV-I.
    return lambda run: [token.lemma for token in kiwi.tokenize(run) if token.tag.split("-")[0] in kept]


def _thai() -> Callable[[str], list[str]]:
    from pythainlp.corpus import thai_stopwords
    from pythainlp.tokenize import word_tokenize

    stop_words = thai_stopwords()
    return lambda run: [word for word in word_tokenize(run, keep_whitespace=False) if word not in stop_words]


def _chinese() -> Callable[[str], list[str]]:
    import rjieba

    # Nouns, verbs, adjectives, idioms and foreign words; x is what the dictionary lacks, such as traditional signs.
    return lambda run: [word for word, tag in rjieba.tag(run) if tag[0] in "nvaijlx" and tag not in ("vd", "vshi")]


def _japanese() -> Callable[[str], list[str]]:
    from sudachipy import Dictionary

    tokenizer, kept = Dictionary(dict="small").tokenizer(), ("名詞", "動詞", "形容詞", "形状詞")
    left_out = ("非自立可能", "助動詞語幹", "数詞")
    return lambda run: [
        found.dictionary_form()
        for found in tokenizer.tokenize(run)
        if found.part_of_speech()[0] in kept and found.part_of_speech()[1] not in left_out
    ]


_SEGMENTERS = {
    "ko": Segmenter("Korean", "kiwipiepy", "korean", _korean),
    "th": Segmenter("Thai", "pythainlp", "thai", _thai),
    "zh": Segmenter("Chinese", "rjieba", "chinese", _chinese),
    "ja": Segmenter("Japanese", "sudachipy", "japanese", _japanese),
}


def segment(word: str, *, is_japanese: bool = False) -> list[str]:
    """Return the words that carry meaning in what stands between two spaces.

    Parameters
    ----------
    word : str
    is_japanese : bool, default=False
        Whether Chinese characters are Japanese here.

    Returns
    -------
    list of str
        The word itself, where its script has spaces between words.

    Examples
    --------
    >>> segment("parcel")
    ['parcel']
    """
    if not _IS_SEGMENTED.search(word):
        return [word]
    language = _language_of(word, is_japanese)
    if language is None:
        return [word]
    cut = _loaded(language)
    parts: list[str] = []
    for place, run in enumerate(_RUNS[language].split(word)):
        if place % 2:
            parts += cut(run)
        elif run:
            parts.append(run)
    return parts


def is_japanese(text: str) -> bool:
    """Return whether a text holds kana, so that its Chinese characters are Japanese."""
    return _IS_KANA.search(text) is not None


def say_missing_segmenters(texts: Sequence[str]) -> str:
    """Say which segmenter is missing that names of these texts would want; empty where none is.

    A language counts from one text in twenty on, of at most a thousand that are looked at.
    """
    counts = dict.fromkeys(_SEGMENTERS, 0)
    drawn = sample_positions(len(texts), _LOOKED_AT, random_state=0).tolist()
    for text in (texts[row] for row in drawn):
        language = _language_of(text, is_japanese(text)) if _IS_SEGMENTED.search(text) else None
        if language:
            counts[language] += 1
    missing = [
        _SEGMENTERS[language]
        for language, count in counts.items()
        if count and 20 * count >= len(drawn) and find_spec(_SEGMENTERS[language].module) is None
    ]
    if not missing:
        return ""
    languages = " and ".join(segmenter.language for segmenter in missing)
    extras = ",".join(segmenter.extra for segmenter in missing)
    return (
        f"Names of {languages} texts are rough, as nothing here finds their words. For better ones: "
        f"pip install 'embedlab[{extras}]'"
    )


def _language_of(text: str, has_kana: bool) -> str | None:
    order = ("ko", "th", "ja") if has_kana else ("ko", "th", "zh")
    return next((language for language in order if _RUNS[language].search(text)), None)


@cache
def _loaded(language: str) -> Callable[[str], list[str]]:
    segmenter = _SEGMENTERS[language]
    if find_spec(segmenter.module) is not None:
        return segmenter.load()
    return _pairs if language in ("ja", "zh") else lambda run: [run]


def _pairs(run: str) -> list[str]:
    """Cut into overlapping pairs of characters; those with hiragana are mostly endings and particles."""
    if len(run) < 2:
        return [run]
    return [first + second for first, second in pairwise(run) if not _IS_HIRAGANA.search(first + second)]
