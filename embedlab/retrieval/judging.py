"""What a prompt holds of what a question needs: whole documents, or places in them, at the rank of their passage.

**By document**, where documents are judged: one is found at the rank of its first passage. A further passage of it is
nothing new, but takes up a place, as it takes up room in the prompt. So ways that cut documents differently are judged
by the same thing.

**By place**, where somebody has judged passages: a passage finds a judged place where both have half of the shorter one
in common. So what was judged holds when documents are cut otherwise.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.evaluation import CUTOFFS, ranking_figures
from embedlab.gold import Retrieval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.retrieval.passages import Passage

_COLUMNS = ("query-id", "corpus-id", "score", "start", "end")
_COMMON = 0.5


class Needed(NamedTuple):
    """What answers a question: a document, or a place in it.

    Parameters
    ----------
    document : str
    grade : float, default=1
        Above 0; how well it answers.
    start, end : int or None
        In characters; None for the whole document.
    """

    document: str
    grade: float = 1.0
    start: int | None = None
    end: int | None = None

    def is_found_in(self, passage: Passage) -> bool:
        """Whether a passage is of the document and, where there is a place, has half of the shorter one in common."""
        if passage.document != self.document or self.start is None or self.end is None:
            return passage.document == self.document
        return _overlap((passage.start, passage.end), (self.start, self.end))


def needed_of(gold: Retrieval) -> list[list[Needed]]:
    """Return the relevant texts of each question; documents are named by their position, as of ``gold.texts``."""
    return [[Needed(str(place), grade) for place, grade in sorted(grades.items())] for grades in gold.grades]


def cutoff_for(top_k: int) -> int:
    """Return how many places of a list count, so that all of a prompt with ``top_k`` passages does."""
    return next(cutoff for cutoff in CUTOFFS if cutoff >= top_k)


def prompt_figures(
    prompts: Sequence[Sequence[Passage]], needed: Sequence[Sequence[Needed]], top_k: int
) -> NDArray[np.float64]:
    """Hold the passages of prompts, best first, against what their questions need.

    Parameters
    ----------
    prompts : sequence of length m of sequences of Passage
    needed : sequence of length m of sequences of Needed
    top_k : int
        How many places count.

    Returns
    -------
    float64 array of shape (m, 6)
        As of :func:`embedlab.evaluation.ranking_figures`. A passage that finds two places at once takes two of the
        list, in either order.

    Examples
    --------
    The first passage is of another document, the second of the one that is needed, the third of it again.

    >>> from embedlab.retrieval.passages import Passage
    >>> found = [Passage("…", name, 0, 9, 0.5) for name in ("a", "b", "b")]
    >>> prompt_figures([found], [[Needed("b"), Needed("c")]], 3).round(3).tolist()  # nDCG: 0.631 / (1 + 0.631)
    [[0.387, 0.5, 0.25, 0.5, 0.333, 1.0]]
    """
    rows = [_ranks(found, wanted) for found, wanted in zip(prompts, needed, strict=True)]
    width = max(len(row) for row in rows)
    scores = np.full((len(rows), width), -np.inf)
    for row, ranks in zip(scores, rows, strict=True):
        row[: len(ranks)] = ranks
    grades = [{place: each.grade for place, each in enumerate(wanted)} for wanted in needed]
    return ranking_figures(scores, grades, top_k)


def _ranks(found: Sequence[Passage], wanted: Sequence[Needed]) -> list[float]:
    """Return minus the rank at which each thing that is needed is found, then those of passages with nothing new."""
    ranks = [-np.inf] * len(wanted)
    nothing_new: list[float] = []
    for rank, passage in enumerate(found, 1):
        new = [place for place, each in enumerate(wanted) if ranks[place] == -np.inf and each.is_found_in(passage)]
        for place in new:
            ranks[place] = -rank
        nothing_new += [] if new else [-rank]
    return [*ranks, *nothing_new]


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
    return one.document == other.document and _overlap(_place(one), _place(other))


def _length(needed: Needed) -> int:
    start, end = _place(needed)
    return end - start


def _place(needed: Needed) -> tuple[int, int]:
    return needed.start or 0, needed.end or 0


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two places have half of the shorter one in common."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > 0 and common >= _COMMON * min(one[1] - one[0], other[1] - other[0])
