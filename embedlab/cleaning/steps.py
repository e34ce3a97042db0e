"""The steps a text can be cleaned by, each of which a person turns on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from embedlab.cleaning.html import html_to_text
from embedlab.cleaning.mails import without_quotes, without_signature
from embedlab.errors import InvalidInputError
from embedlab.texts import UNSPACED

# What an address holds: no script that is written on without a space, as Korean particles and Chinese words are.
_PART = rf"[^\s<>\"'“”«»`{{}}|\\^{UNSPACED}\u1100-\u11ff\u3000-\u303f\u3130-\u318f\uac00-\ud7af\uff00-\uffef]"
_URL = rf"(?:https?://|www\.){_PART}"
_MARKDOWN = re.compile(rf"\[([^\[\]\n]*)\]\({_URL}{{1,2000}}?\)")
_LINK = re.compile(rf"[ \t]?(?:<{_URL}+>|\({_URL}{{1,2000}}?\)(?!\w)|(?<![\w@.])({_URL}+))")
_FASTTEXT = re.compile(r"__label__(\S+)\s*")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class CleaningStep:
    """A way to clean a text.

    Parameters
    ----------
    title, help : str
        What a person reads.
    clean : callable
        Gives the cleaned text of one text; what the step does not know stays as it is.
    column : str, default=""
        The column in which is kept what the step takes away, where it means something.
    find : callable, optional
        What goes into that column for one text.
    """

    title: str
    help: str
    clean: Callable[[str], str]
    column: str = ""
    find: Callable[[str], str] | None = None


def without_links(text: str) -> str:
    """Return a text without addresses of the web; of a link of Markdown its words stay.

    Examples
    --------
    >>> without_links("See https://example.com/a?b=1, please, or [our page](https://example.com).")
    'See, please, or our page.'
    """
    found = _LINK.sub(_behind, _MARKDOWN.sub(r"\1", text))
    return text if found == text else found.strip()


def _behind(link: re.Match[str]) -> str:
    """Return what ends a sentence behind an address and is no part of it, as a bracket is not that it did not open."""
    found = link[1] or ""
    address = found.rstrip(".,;:!?")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:!?")
    return found[len(address) :]


def without_labels(text: str) -> str:
    """Return a text without the labels that fastText reads: ``__label__late The parcel …``."""
    return _FASTTEXT.sub("", text).strip() if _FASTTEXT.search(text) else text


def fasttext_labels(text: str) -> str:
    """Return these labels, with a semicolon between them."""
    return ";".join(dict.fromkeys(_FASTTEXT.findall(text)))


def with_plain_spaces(text: str) -> str:
    r"""Return a text with one space for several, no spaces at the ends of lines, and at most one empty line.

    Soft hyphens, byte-order marks and spaces of no width go; joiners, which are part of words and emoji, stay.

    Examples
    --------
    >>> with_plain_spaces(" much\u00a0\u00a0room \n\n\n\nhere ")
    'much room\n\nhere'
    """
    lines = _SPACES.sub(" ", _INVISIBLE.sub("", text)).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


# In the order in which they are taken, whatever order is asked for: markup hides line ends, which mails are read by.
CLEANING_STEPS: dict[str, CleaningStep] = {
    "html": CleaningStep(
        "HTML to text", "Tags go, entities such as &amp; become the signs they mean, paragraphs stay.", html_to_text
    ),
    "labels": CleaningStep(
        "fastText labels",
        "Takes __label__… out of the text; the labels go into a column of their own.",
        without_labels,
        "fasttext_label",
        fasttext_labels,
    ),
    "quotes": CleaningStep(
        "Quoted mails",
        "Lines after > and earlier mails below an answer go. English, German, French, Spanish and Korean programs.",
        without_quotes,
    ),
    "signatures": CleaningStep(
        "Signatures",
        "What follows a line -- or a closing such as Best regards, and lines such as Sent from my phone.",
        without_signature,
    ),
    "links": CleaningStep("Links", "Addresses of the web go; the words of a Markdown link stay.", without_links),
    "nfc": CleaningStep(
        "Accents written one way",
        "Unicode form NFC: é as one sign, where it is e and an accent.",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    "nfkc": CleaningStep(
        "Compatible signs as one",
        "Unicode form NFKC: full-width letters, ligatures and ² become the plain ones.",
        lambda text: unicodedata.normalize("NFKC", text),
    ),
    "spaces": CleaningStep(
        "White space", "One space for several, no more than one empty line, no invisible signs.", with_plain_spaces
    ),
}
"""The steps by their names, in the order in which they are taken."""


def in_order(steps: Iterable[str]) -> tuple[str, ...]:
    """Return the names of steps in the order in which they are taken, each once.

    Raises
    ------
    InvalidInputError
        When there is no step of a name.
    """
    wanted = set(steps)
    if unknown := sorted(wanted - CLEANING_STEPS.keys()):
        raise InvalidInputError(
            f"There is no cleaning step {', '.join(map(repr, unknown))}. There are: {', '.join(CLEANING_STEPS)}."
        )
    return tuple(name for name in CLEANING_STEPS if name in wanted)


def clean_texts(texts: Sequence[str], steps: Iterable[str]) -> list[str]:
    """Clean texts by some steps.

    Parameters
    ----------
    texts : sequence of str of length n
    steps : iterable of str
        Keys of ``CLEANING_STEPS``; they are taken in its order, each once.

    Returns
    -------
    list of str of length n
        A text in which nothing is left is empty.

    Raises
    ------
    InvalidInputError
        When there is no step of a name.

    Examples
    --------
    >>> clean_texts(["<p>The parcel is <b>late</b>.</p>", "Look: https://example.com"], ["links", "html"])
    ['The parcel is late.', 'Look:']
    """
    found = list(texts)
    for name in in_order(steps):
        found = list(map(CLEANING_STEPS[name].clean, found))
    return found
