"""What is probed: each ability, and what it means where a model lacks it."""

from __future__ import annotations

from dataclasses import dataclass

from embedlab.errors import InvalidInputError


@dataclass(frozen=True)
class Probe:
    """One ability that contests ask for.

    Parameters
    ----------
    title, asks : str
        Its name in plain words, and what it asks of a model.
    search, duplicates, clusters : str
        What a failure means for each of them.
    """

    title: str
    asks: str
    search: str
    duplicates: str
    clusters: str


PROBES: dict[str, Probe] = {
    "synonym": Probe(
        "Other words",
        "Is the same said in other words nearer than something else in the same words?",
        "Who asks in her own words does not find a text written in others.",
        "The same report in other words is not found as a duplicate.",
        "Groups follow the choice of words rather than what is meant.",
    ),
    "typo": Probe(
        "Typing errors",
        "Is a misspelt text nearer to what was meant than another text spelt right?",
        "A misspelt query finds other things than the same query spelt right.",
        "A copy with typing errors is missed.",
        "Misspelt texts end up away from their group, or as noise.",
    ),
    "negation": Probe(
        "Negation",
        "Is the same statement in other words nearer than its denial?",
        "A question for what works finds what does not work, and the other way round.",
        "A statement and its denial are taken for duplicates.",
        "Those who praise and those who complain about one thing share a group.",
    ),
    "antonym": Probe(
        "Opposites",
        "Is the same in other words nearer than the sentence with one word turned into its opposite?",
        "Who looks for cheap finds expensive, too.",
        "Opposite reports that differ in one word are taken for duplicates.",
        "Groups tell subjects apart, but not good from bad.",
    ),
    "word_order": Probe(
        "Who did what to whom",
        "Is the same event in other words nearer than the same words with the parts exchanged?",
        "A question who did something finds to whom it was done.",
        "Two texts of the same words with another meaning are taken for duplicates.",
        "Texts that differ only in who acts share a group.",
    ),
    "number": Probe(
        "Numbers and units",
        "Is the same amount written in another way nearer than another amount?",
        "A search for an amount finds others; filter by a column of numbers instead.",
        "Texts that differ in an amount alone are taken for duplicates.",
        "Groups take no notice of sizes and prices.",
    ),
    "identifier": Probe(
        "Exact ids",
        "Is a text about the same id nearer than the same text with one character of the id changed?",
        "A search for a model or order number finds its neighbours; search by words as well.",
        "Reports on different devices or orders are taken for duplicates.",
        "Groups do not part by model or order number.",
    ),
    "name_date": Probe(
        "Names and dates",
        "Is the same fact in other words nearer than the sentence with another name or date?",
        "A search for a person, a place or a day finds others.",
        "The same event with another name or date is taken for a duplicate.",
        "Groups take no notice of who and when.",
    ),
    "homonym": Probe(
        "Words of two meanings",
        "Is the same meaning nearer than the same word in its other meaning?",
        "A word with two meanings finds both.",
        "Few duplicates are wrong for this, since the rest of the text differs as well.",
        "A group may be held together by a word that means two things.",
    ),
    "compound": Probe(
        "Compound words",
        "Is a compound nearer to what it means than to a text that shares its parts?",
        "A compound in the query does not find its parts in the texts, or finds texts about a part alone.",
        "The same thing written as one word and as several is missed.",
        "Groups follow parts of compounds rather than the things they name.",
    ),
    "register": Probe(
        "Formal and casual",
        "Is the same said in another tone or spelling nearer than something else in the same tone?",
        "Who writes as she speaks does not find formal texts.",
        "The same report in a chat and in a letter is not found as a duplicate.",
        "Groups follow the tone, such as mails and chats, rather than the subject.",
    ),
    "length": Probe(
        "Answers in long texts",
        "Is a long text that holds the answer nearer than one on the same subject without it?",
        "Long texts hide their answers; cut them into passages before search.",
        "A text and a long one that contains it are not found as duplicates, which may be right.",
        "Long texts lie together near the middle, whatever is in them.",
    ),
    "cross_language": Probe(
        "Across languages",
        "Is the same sentence in another language nearer than another sentence in the same language?",
        "A query finds texts in its own language only.",
        "Translations are not found as duplicates.",
        "Groups are languages rather than subjects.",
    ),
}

OWN = "own"
"""The key of contests that a person has brought, and the language of those made from her texts."""

_OWN_PROBE = Probe(
    "Your contests",
    "Is what you call near nearer than what you call far?",
    "A search by your anchors finds what you call far before what you call near.",
    "What you call far is taken for a duplicate sooner than what you call near.",
    "What you call far may share a group with the anchor rather than what you call near.",
)


def find_probe(key: str) -> Probe:
    """Return one of ``PROBES``, or what is said of a person's own contests.

    Raises
    ------
    InvalidInputError
        If there is no such probe.

    Examples
    --------
    >>> find_probe("typo").title, find_probe("own").title
    ('Typing errors', 'Your contests')
    """
    if key == OWN:
        return _OWN_PROBE
    if key not in PROBES:
        raise InvalidInputError(f"There is no probe {key!r}. Choose among: {', '.join(PROBES)}.")
    return PROBES[key]
