"""The commonest function words of the languages that texts are in; no name of a cluster is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from embedlab.texts import find_languages, fold, word_spans

_GERMAN = """
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bin bis bist bitte
    da dabei damit dann das dass dem den denn der deren des dessen die dies diese diesem diesen dieser dieses doch
    dort du durch ein eine einem einen einer eines er es etwas euch für ganz gegen hab habe haben hat hatte hatten
    hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jeden jeder jedes kann keine
    keinen können könnte man mehr mein meine meinem meinen meiner mich mir mit muss nach nicht noch nun nur ob oder
    ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so soll sollte sondern statt trotz um und uns
    unser unsere unter vom von vor wann war waren warum was weil welche welcher welches wenn wer werden wie wieder
    will wir wird wo wurde wurden während zu zum zur zwischen über
"""
_TAMIL = """
    அந்த அது அதை அதன் அவர் அவர்கள் அவன் அவள் அல்லது ஆனால் இந்த இது இதை இதன் இங்கே இல்லை இருக்கிறது இருந்து இன்னும் உள்ளது
    உள்ள உங்கள் எங்கே எந்த எப்போது எப்படி எது ஏன் என் என்ன என்று எனது என்னுடைய எங்கள் ஒரு ஒவ்வொரு கொண்டு தான் நான் நாங்கள்
    நீங்கள் பற்றி போது போல மட்டும் மற்றும் மிக மிகவும் முதல் மேலும் யார் வரை வந்து வேண்டும்
"""
# The lists of NLTK, which hold function words alone, by way of bm25s.
_OF_NLTK = {
    "da": "DANISH", "es": "SPANISH", "fr": "FRENCH", "it": "ITALIAN", "ko": "KOREAN", "nl": "DUTCH", "no": "NORWEGIAN",
    "pt": "PORTUGUESE", "ru": "RUSSIAN", "sv": "SWEDISH", "tr": "TURKISH", "zh": "CHINESE",
}  # fmt: skip


def stop_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the function words of English, of German, and of the languages that are found in texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    frozenset of str
        As :func:`embedlab.texts.fold` has them. A language counts only where its texts are: Dutch "door" is a word of
        weight in English.

    Examples
    --------
    >>> "है" in stop_words(["मेरा पार्सल कहाँ है", "फ्रिज ठंडा नहीं कर रहा है"]), "है" in stop_words(["Where is my parcel?"])
    (True, False)
    """
    return frozenset().union(*map(_words_of, {"en", "de", *find_languages(texts)}))


@cache
def _words_of(language: str) -> frozenset[str]:
    """Return the function words of a language by its code; what is written as several words tells of none of them."""
    return frozenset(fold(word) for word in _listed(language) if len(word_spans(word)) == 1)


def _listed(language: str) -> Iterable[str]:
    if language == "en":
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return frozenset(ENGLISH_STOP_WORDS)
    if language in ("de", "ta"):
        return {"de": _GERMAN, "ta": _TAMIL}[language].split()
    if language in _OF_NLTK:
        from bm25s import stopwords

        return frozenset(getattr(stopwords, f"STOPWORDS_{_OF_NLTK[language]}"))
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(language))
