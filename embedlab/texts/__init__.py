"""What a text is before it is embedded: blank or not, equal to another or not, and the words in it.

Read ``content.py`` first; ``near.py`` finds texts that are nearly equal, ``words.py`` has the one definition of a word.
"""

from embedlab.texts.content import TextSummary, bare_text, fold_text, is_blank, summarize_texts, texts_digest
from embedlab.texts.languages import LANGUAGES, find_languages
from embedlab.texts.near import near_copies
from embedlab.texts.passages import Passages, Splitting
from embedlab.texts.words import IS_UNSPACED, UNSPACED, fold, in_pairs, word_spans

__all__ = [
    "IS_UNSPACED",
    "LANGUAGES",
    "Passages",
    "Splitting",
    "TextSummary",
    "UNSPACED",
    "bare_text",
    "find_languages",
    "fold",
    "fold_text",
    "in_pairs",
    "is_blank",
    "near_copies",
    "summarize_texts",
    "texts_digest",
    "word_spans",
]
