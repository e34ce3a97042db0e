"""What judgements in a file of their own say about the texts of a table.

The questions stand in another table, or as words in the judgements themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from embedlab.columns import guess_text_column
from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import Retrieval
from embedlab.judgements import Qrels, Style, fold_key, read_number, remark_on, to_qrels
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd


def judged_gold(
    frame: pd.DataFrame, text_column: str, qrels: Qrels, questions: pd.DataFrame | None = None
) -> Retrieval:
    """Return what judgements say about the texts of a table; which columns hold the ids is found by what is in them.

    Parameters
    ----------
    frame : DataFrame of str
        The texts, with a column of the ids by which the judgements name them.
    text_column : str
    qrels : Qrels
    questions : DataFrame of str, optional
        A column of ids and one of questions; when not given, the judgements hold the questions themselves.

    Returns
    -------
    Retrieval
        Its remarks say what was not understood, with ids and rows. A grade of 0 or below says that a text does not
        answer.

    Raises
    ------
    InvalidInputError
        When no column holds the ids, or no question is left.
    """
    texts = frame[text_column].tolist()
    column = _id_column(frame, text_column, [each.key for each in qrels.judgements], "the texts")
    keys = frame[column].tolist()
    stored = [row for row, text in enumerate(texts) if not is_blank(text)]
    places: dict[str, list[int]] = {}
    for position, row in enumerate(stored):
        if not is_blank(keys[row]):
            places.setdefault(fold_key(keys[row]), []).append(position)
    asked = _questions(qrels, questions)
    relevant, remarks = _relevant(qrels, asked, places)
    several = {keys[stored[found[1]]]: stored[found[1]] for found in places.values() if len(found) > 1}
    remarks.append(remark_on(several, "ids stand in several rows, which all count as the answer"))
    if not relevant or len(stored) < 2:
        raise InvalidInputError(
            f"There are {len(relevant)} questions with relevant texts and {len(stored)} texts to search; one question "
            "and two texts are needed at least. Check that judgements, texts and questions belong together."
        )
    return Retrieval(
        tuple(asked[query][1] for query in relevant),
        tuple(texts[row] for row in stored),
        list(relevant.values()),
        len(texts) - len(stored),
        tuple(remark for remark in remarks if remark),
        query_keys=tuple(asked[query][0] for query in relevant),
        text_keys=tuple(keys[row] for row in stored),
    )


def _questions(qrels: Qrels, questions: pd.DataFrame | None) -> dict[str, tuple[str, str]]:
    """Return each question as its id and its words, under the folded id or under the words where it has none."""
    named = dict.fromkeys(each.query for each in qrels.judgements if not is_blank(each.query))
    if questions is None:
        if all(query.isascii() and len(query.split()) == 1 for query in named):
            first = ", ".join(list(named)[:3])
            raise InvalidInputError(
                f"The judgements name their questions by ids ({first}) and do not hold their words. Give the "
                "questions, too: a table or JSON Lines with a column of ids and one of questions."
            )
        return {fold_key(query): (str(number), query) for number, query in enumerate(named, 1)}
    columns = [str(column) for column in questions.columns]
    key = _id_column(questions, columns[0] if len(columns) == 1 else None, list(named), "the questions")
    text = guess_text_column(questions.drop(columns=key)).column
    rows = zip(questions[key].tolist(), questions[text].tolist(), strict=True)
    return {fold_key(own): (own.strip(), words) for own, words in rows if not is_blank(own) and not is_blank(words)}


def _relevant(
    qrels: Qrels, asked: Mapping[str, tuple[str, str]], places: Mapping[str, Sequence[int]]
) -> tuple[dict[str, dict[int, float]], list[str]]:
    """Return the positions and grades that answer each question, and what was not understood."""
    no_text, no_question, no_number, twice = dict[str, int](), dict[str, int](), dict[str, int](), dict[str, int]()
    known: dict[tuple[str, str], float] = {}
    relevant: dict[str, dict[int, float]] = {query: {} for query in asked}
    for each in qrels.judgements:
        query, key, grade = fold_key(each.query), fold_key(each.key), read_number(each.grade)
        if query not in asked:
            no_question.setdefault(each.query, each.row)
        elif key not in places:
            no_text.setdefault(each.key, each.row)
        elif grade is None:
            no_number.setdefault(each.grade, each.row)
        elif known.setdefault((query, key), grade) != grade:
            twice.setdefault(f"{each.query} {each.key}", each.row)
        elif grade > 0:
            relevant[query].update(dict.fromkeys(places[key], grade))
    answered = {query: grades for query, grades in relevant.items() if grades}
    n_open = len(asked) - len(answered)
    return answered, [
        remark_on(qrels.odd, "lines are not query, 0, text and grade, and are set aside"),
        remark_on(no_question, "ids name no question, so that their judgements are set aside"),
        remark_on(no_text, "ids name no text that is searched, so they count as no answer"),
        remark_on(no_number, "grades are no number, so that their judgements are set aside"),
        remark_on(twice, "texts are judged again with another grade, of which the first counts"),
        f"{n_open:,} questions have no relevant text, and are set aside." if n_open else "",
    ]


def _id_column(frame: pd.DataFrame, text_column: str | None, wanted: Sequence[str], what: str) -> str:
    """Return the column in which most of the wanted ids stand, of several the one whose cells differ most."""
    folded = {fold_key(key) for key in wanted if not is_blank(key)}
    cells = {str(column): set(map(fold_key, frame[column])) for column in frame.columns if column != text_column}
    found = {column: (len(folded & keys), len(keys)) for column, keys in cells.items() if folded & keys}
    if not found:
        first = ", ".join(list(dict.fromkeys(wanted))[:3])
        raise InvalidInputError(
            f"No column of {what} holds an id that the judgements name ({first}). Check that they belong together."
        )
    return max(found, key=found.__getitem__)


def write_qrels(gold: Retrieval, style: Style = "trec") -> bytes:
    r"""Return which texts answer which questions, as a file of judgements; see :func:`embedlab.judgements.to_qrels`.

    Questions and texts without ids are numbered from 1, in their order.

    Examples
    --------
    >>> write_qrels(Retrieval(("how late?",), ("It is late.", "It costs five."), [{0: 2.0}]))
    b'1 0 1 2\n'
    """
    queries, texts = (
        [" ".join(key.split()) for key in keys] if keys else [str(number + 1) for number in range(n)]
        for keys, n in ((gold.query_keys, len(gold.queries)), (gold.text_keys, len(gold.texts)))
    )
    judged = {
        (query, texts[place]): grade
        for query, grades in zip(queries, gold.grades, strict=True)
        for place, grade in sorted(grades.items())
    }
    return to_qrels(judged, style)
