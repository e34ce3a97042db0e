"""Which languages texts are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import regex

from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_NAMES = """
    af Afrikaans am Amharic ar Arabic as Assamese az Azerbaijani be Belarusian bg Bulgarian bn Bengali br Breton
    bs Bosnian ca Catalan cs Czech cy Welsh da Danish de German el Greek en English eo Esperanto es Spanish et Estonian
    eu Basque fa Persian fi Finnish fr French fy Frisian ga Irish gd Gaelic gl Galician gu Gujarati ha Hausa he Hebrew
    hi Hindi hr Croatian hu Hungarian hy Armenian id Indonesian is Icelandic it Italian ja Japanese jv Javanese
    ka Georgian kk Kazakh km Khmer kn Kannada ko Korean ku Kurdish ky Kyrgyz la Latin lo Lao lt Lithuanian lv Latvian
    mg Malagasy mk Macedonian ml Malayalam mn Mongolian mr Marathi ms Malay my Burmese ne Nepali nl Dutch no Norwegian
    om Oromo or Odia pa Punjabi pl Polish ps Pashto pt Portuguese ro Romanian ru Russian sa Sanskrit sd Sindhi
    si Sinhala sk Slovak sl Slovenian so Somali sq Albanian sr Serbian su Sundanese sv Swedish sw Swahili ta Tamil
    te Telugu th Thai tl Tagalog tr Turkish ug Uyghur uk Ukrainian ur Urdu uz Uzbek vi Vietnamese xh Xhosa yi Yiddish
    zh Chinese
"""
LANGUAGES = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True))
"""English names of languages by their code of ISO 639-1."""

# Scripts of one language: they settle it in texts too short for anything else. Kana stands before Han.
_SETTLING = {
    "ko": "Hangul", "ja": r"Hiragana}\p{Katakana", "zh": "Han", "th": "Thai", "ta": "Tamil", "te": "Telugu",
    "kn": "Kannada", "ml": "Malayalam", "gu": "Gujarati", "pa": "Gurmukhi", "or": "Oriya", "si": "Sinhala",
    "lo": "Lao", "km": "Khmer", "my": "Myanmar", "ka": "Georgian", "hy": "Armenian", "el": "Greek",
}  # fmt: skip
_SCRIPTS = {code: regex.compile(rf"[\p{{{script}}}]") for code, script in _SETTLING.items()}
_LETTER = regex.compile(r"\p{L}")
_SAMPLED = 1000
# Above it no text of four sets in English and German was taken for another language; see docs/decisions.md.
_CERTAIN = 0.9
_SHARE, _TEXTS = 0.05, 2


def find_languages(texts: Sequence[str]) -> dict[str, float]:
    """Return the languages of texts with their shares.

    Parameters
    ----------
    texts : sequence of str of length n

    Returns
    -------
    dict of str to float
        Share by the code of ISO 639-1, the largest first, among the texts whose language is certain; a key of
        ``LANGUAGES``. Languages of under one text in twenty, or of one text among several, are left out: on short texts
        they are noise. Empty where nothing is certain.

    Notes
    -----
    At most a thousand texts are looked at, drawn at random and the same every time. A script that only one language
    has settles it; in the others py3langid decides.

    Examples
    --------
    >>> find_languages(["물이 샌다", "냉장고"])
    {'ko': 1.0}
    """
    drawn = sample_positions(len(texts), _SAMPLED, random_state=0).tolist()
    counts = Counter(language for row in drawn if (language := _language_of(texts[row])) is not None)
    total = counts.total()
    least = max(_SHARE * total, min(_TEXTS, total))
    return {language: count / total for language, count in counts.most_common() if count >= least}


def _language_of(text: str) -> str | None:
    """Return the language of one text, None where it is not certain."""
    letters = len(_LETTER.findall(text))
    for code, script in _SCRIPTS.items():
        # Japanese mixes kana into Chinese characters; a foreign name in a text settles nothing.
        if letters and len(script.findall(text)) >= letters * (0.1 if code == "ja" else 0.5):
            return code
    code, certainty = _identifier().classify(text)
    code = {"nb": "no", "nn": "no"}.get(code, code)
    return code if certainty >= _CERTAIN and code in LANGUAGES else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
