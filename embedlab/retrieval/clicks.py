"""What a person says of passages, as a file, and what it means: places in documents that answer questions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embedlab.errors import InvalidInputError
from embedlab.gold import Retrieval
from embedlab.retrieval.judging import Needed, overlap

_COLUMNS = ("query-id", "corpus-id", "score", "start", "end")


@dataclass(frozen=True)
class PassageJudgement:
    """Whether a passage holds the answer to a question, as a person has said.

    Parameters
    ----------
    question : str
    document : str
    start, end : int
        Where it stands in the document, in characters.
    grade : float
        0 where it does not.
    """

    question: str
    document: str
    start: int
    end: int
    grade: float


def write_judgements(judged: Sequence[PassageJudgement]) -> bytes:
    r"""Return judgements as a file: BEIR's columns, and the place of the passage behind them.

    What reads judgements of whole texts (:func:`embedlab.judgements.read_qrels`) reads it, too: the best grade of a
    document stands first.

    Examples
    --------
    >>> write_judgements([PassageJudgement("how late?", "d1", 0, 12, 1.0)])
    b'query-id\tcorpus-id\tscore\tstart\tend\nhow late?\td1\t1\t0\t12\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in sorted(judged, key=lambda each: -each.grade):
        # A line each, whatever was typed or pasted.
        question = " ".join(each.question.split())
        writer.writerow([question, each.document, f"{each.grade:g}", each.start, each.end])
    return out.getvalue().encode("utf-8", "surrogatepass")


def read_passage_judgements(content: bytes) -> list[PassageJudgement]:
    """Read what :func:`write_judgements` has written.

    Raises
    ------
    InvalidInputError
        When it is another file.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter="\t"))
        return [
            PassageJudgement(row["query-id"], row["corpus-id"], int(row["start"]), int(row["end"]), float(row["score"]))
            for row in rows
        ]
    except (KeyError, TypeError, ValueError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(
            f"The file holds no judgements of passages. They are a table with tabs between {', '.join(_COLUMNS)}, as "
            "the Retrieve page writes it."
        ) from error


def gold_of_clicks(
    judged: Sequence[PassageJudgement], documents: Mapping[str, str]
) -> tuple[Retrieval, list[list[Needed]]]:
    """Return the questions that were judged with the places that answer them.

    Parameters
    ----------
    judged : sequence of PassageJudgement
    documents : dict of str to str
        The text of each document, by name.

    Returns
    -------
    gold : Retrieval
        Of whole documents; its remarks say what of the judgements fits no document.
    needed : list of lists of Needed
        The places; documents are named by their position, as of ``gold.texts``.

    Raises
    ------
    InvalidInputError
        When no question has an answer, or there are fewer than two documents.
    """
    places = {name: place for place, name in enumerate(documents)}
    texts = list(documents.values())
    answers: dict[str, list[Needed]] = {}
    n_unknown = 0
    for each in judged:
        place = places.get(each.document)
        if place is None or not 0 <= each.start < each.end <= len(texts[place]):
            n_unknown += 1
        else:
            found = [Needed(str(place), each.grade, each.start, each.end)] if each.grade > 0 else []
            answers.setdefault(each.question, []).extend(found)
    n_open = sum(not found for found in answers.values())
    needed = {question: _different(found) for question, found in answers.items() if found}
    if not needed or len(texts) < 2:
        raise InvalidInputError(
            f"{len(needed)} questions have a passage that answers them, among {len(texts)} documents; one question "
            "and two documents are needed at least. Say of some passages that they hold the answer."
        )
    relevant = [_grades(found) for found in needed.values()]
    remarks = (
        f"{n_unknown:,} judgements fit no document of this table, and are set aside." if n_unknown else "",
        f"{n_open:,} questions have no passage that answers them, and are set aside." if n_open else "",
    )
    gold = Retrieval(tuple(needed), tuple(texts), relevant, remarks=tuple(filter(None, remarks)))
    return gold, list(needed.values())


def _different(places: Sequence[Needed]) -> list[Needed]:
    """Return the places that answer a question, one for those that overlap by half: the shortest, with the best grade.

    A passage and a piece of it that were both judged are one answer, not two.
    """
    kept: list[Needed] = []
    for each in sorted(places, key=lambda place: (_length(place), place)):
        same = next((number for number, other in enumerate(kept) if _is_same(each, other)), None)
        if same is None:
            kept.append(each)
        else:
            kept[same] = kept[same]._replace(grade=max(kept[same].grade, each.grade))
    return sorted(kept)


def _grades(places: Sequence[Needed]) -> dict[int, float]:
    """Return the best grade of each document."""
    grades: dict[int, float] = {}
    for each in places:
        grades[int(each.document)] = max(each.grade, grades.get(int(each.document), 0.0))
    return grades


def _is_same(one: Needed, other: Needed) -> bool:
    return one.document == other.document and overlap(_place(one), _place(other))


def _length(needed: Needed) -> int:
    start, end = _place(needed)
    return end - start


def _place(needed: Needed) -> tuple[int, int]:
    return needed.start or 0, needed.end or 0
