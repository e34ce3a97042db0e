"""Judgements as rows: a query, a text and a grade each, as TREC and BEIR write them, and as any table may hold them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from embedlab.errors import InvalidInputError
from embedlab.reading import read_table

if TYPE_CHECKING:
    import pandas as pd

Style: TypeAlias = Literal["trec", "beir"]

_QUERY_NAMES = ("query-id", "query_id", "queryid", "qid", "query", "question", "frage", "anfrage", "질문")
_TEXT_NAMES = ("corpus-id", "corpus_id", "corpusid", "doc_id", "doc-id", "docid", "document", "text_id", "pid", "id")
_GRADE_NAMES = ("score", "grade", "relevance", "rel", "rating", "judgement", "judgment", "label")
_TREC_FIELDS = 4
_BEIR_HEADER = "query-id\tcorpus-id\tscore"


class Judgement(NamedTuple):
    """One row: a query or its id, the id of a text, what the cell of the grade says, and the row, counted from 0."""

    query: str
    key: str
    grade: str
    row: int


class Qrels(NamedTuple):
    """Judgements in the order of their file; ``odd`` are lines that are none, with their rows."""

    judgements: list[Judgement]
    odd: dict[str, int]


def read_qrels(source: str | Path | bytes, name: str | None = None) -> Qrels:
    r"""Read judgements: TREC's ``query 0 text grade``, BEIR's ``query-id, corpus-id, score``, or a table like it.

    Parameters
    ----------
    source : path or bytes
    name : str, optional
        File name, for bytes.

    Raises
    ------
    InvalidInputError
        When it is neither; TableError, when it is no table at all.

    Examples
    --------
    >>> read_qrels(b"q1 0 d1 2\nq1 0 d7 0\n").judgements[0]
    Judgement(query='q1', key='d1', grade='2', row=0)
    >>> read_qrels(b"query-id\tcorpus-id\tscore\nq1\td1\t2\n").judgements
    [Judgement(query='q1', key='d1', grade='2', row=0)]
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    if lines := _trec_lines(content):
        good = {row: parts for row, parts in lines.items() if _is_trec(parts)}
        odd = {" ".join(parts): row for row, parts in lines.items() if row not in good}
        return Qrels([Judgement(parts[0], parts[2], parts[3], row) for row, parts in good.items()], odd)
    frame = read_table(content, name=name or (None if isinstance(source, bytes) else Path(source).name)).frame
    columns = _columns(frame)
    cells = [frame[column].str.strip().tolist() if column else ["1"] * len(frame) for column in columns]
    rows = enumerate(zip(*cells, strict=True))
    return Qrels([Judgement(query, key, grade, row) for row, (query, key, grade) in rows], {})


def _trec_lines(content: bytes) -> dict[int, list[str]] | None:
    """Return the words of each line, where most lines are judgements as TREC writes them."""
    try:
        written = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return None
    lines = {row: line.split() for row, line in enumerate(written) if line.strip()}
    # "how late<tab>d1<tab>1" has four words, too.
    n_fitting = sum(_is_trec(parts) and written[row].strip().count("\t") != 2 for row, parts in lines.items())
    return lines if n_fitting > len(lines) / 2 else None


def _is_trec(parts: list[str]) -> bool:
    return len(parts) == _TREC_FIELDS and parts[1].upper().lstrip("Q").isdigit() and parts[3][-1:].isdigit()


def _columns(frame: pd.DataFrame) -> tuple[str, str, str | None]:
    """Return the columns of query, text and grade, by their names or else by their order."""
    every = [str(column) for column in frame.columns]
    query, key, grade = (
        next((column for name in names for column in every if column.strip().lower() == name), None)
        for names in (_QUERY_NAMES, _TEXT_NAMES, _GRADE_NAMES)
    )
    if query and key:
        others = [column for column in every if column not in (query, key)]
        return query, key, grade or (others[0] if len(others) == 1 else None)
    if len(every) not in (2, 3):
        raise InvalidInputError(
            f"Judgements have three columns: query, id of the text, grade. These are: {', '.join(every)}. Name them "
            "query-id, corpus-id and score, or write lines of query, 0, text and grade."
        )
    return every[0], every[1], every[2] if len(every) > 2 else None


def to_qrels(judged: Mapping[tuple[str, str], float], style: Style = "trec") -> bytes:
    r"""Return judgements as a file that :func:`read_qrels` reads.

    Parameters
    ----------
    judged : dict of (str, str) to float
        The grade for each id of a query and of a text.
    style : {"trec", "beir"}, default="trec"
        Lines of query, 0, text and grade; or a table of query, text and grade with a header.

    Raises
    ------
    InvalidInputError
        When TREC's form cannot hold an id, because of a blank in it, or a grade, which has to be whole there.

    Examples
    --------
    >>> to_qrels({("q1", "d1"): 2.0})
    b'q1 0 d1 2\n'
    """
    if style == "beir":
        lines = [_BEIR_HEADER, *(f"{query}\t{text}\t{grade:g}" for (query, text), grade in judged.items())]
        return ("\n".join(lines) + "\n").encode()
    odd = [key for pair in judged for key in pair if len(key.split()) != 1]
    odd += [f"{grade:g}" for grade in judged.values() if grade != int(grade)]
    if odd:
        raise InvalidInputError(
            f"TREC's form has no place for {odd[0]!r}: ids hold no blanks there, and grades are whole. Write the "
            "judgements in BEIR's form."
        )
    return "".join(f"{query} 0 {text} {grade:g}\n" for (query, text), grade in judged.items()).encode()
