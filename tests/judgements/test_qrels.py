"""Judgements in a file of their own: read as TREC, BEIR or any table, held against the texts, and written again."""

import pandas as pd
import pytest
import pytrec_eval

from embedlab.errors import EmbedLabError, InvalidInputError
from embedlab.gold import Retrieval, build_gold, judged_gold, write_qrels
from embedlab.judgements import read_qrels

TEXTS = pd.DataFrame(
    {
        "number": ["1", "2", "1", "2"],
        "_id": ["D1", "d2", "d3", "d4"],
        "text": ["It is late.", "It costs five.", "Nobody knows.", ""],
    }
)
QUESTIONS = pd.DataFrame({"_id": ["Q1", "q2", "q3"], "text": ["how late is it?", "how much is it?", "who knows it?"]})
TREC = b"q1 0 d1 2\nq1 0 d3 0\nq2\tQ0\td2\t1\n"
BEIR = b"query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td3\t0\nq2\td2\t1\n"
FORMS = {
    "trec": TREC,
    "trec, of a spreadsheet": b"\xef\xbb\xbf" + TREC.replace(b"\n", b"\r\n"),
    "beir": BEIR,
    "other names": BEIR.replace(b"query-id\tcorpus-id\tscore", b"qid,docid,relevance").replace(b"\t", b","),
    "other order": b"score;corpus-id;query-id\n2;d1;q1\n0;d3;q1\n1;d2;q2\n",
    "no header": BEIR.split(b"\n", 1)[1],
    "json lines": b"".join(
        b'{"query-id": "%s", "corpus-id": "%s", "score": %d}\n' % row
        for row in [(b"q1", b"d1", 2), (b"q1", b"d3", 0), (b"q2", b"d2", 1)]
    ),
}


def gold_of(content, questions=QUESTIONS, texts=TEXTS):
    return judged_gold(texts, "text", read_qrels(content), questions)


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_every_form_says_the_same(content):
    """D1 is d1; a grade of 0 is no answer; the third question is not judged, the fourth text is blank."""
    gold = gold_of(content)
    assert gold.queries == ("how late is it?", "how much is it?")
    assert gold.texts == ("It is late.", "It costs five.", "Nobody knows.")
    assert gold.grades == [{0: 2.0}, {1: 1.0}]
    assert (gold.query_keys, gold.text_keys) == (("Q1", "q2"), ("D1", "d2", "d3"))
    assert gold.n_set_aside == 1
    assert gold.remarks == ("1 questions have no relevant text, and are set aside.",)


def test_questions_may_stand_in_the_judgements():
    """Four words, of which the second and the last are numbers, are no line of TREC's if they stand in three cells."""
    gold = gold_of(b"bus 10\td1\t1\nline 4\td2\t3\n", questions=None)
    assert gold.queries == ("bus 10", "line 4")
    assert gold.grades == [{0: 1.0}, {1: 3.0}]


def test_ids_are_no_questions():
    with pytest.raises(InvalidInputError, match=r"by ids \(q1, q2\) and do not hold their words"):
        gold_of(TREC, questions=None)


def test_without_a_grade_all_are_relevant():
    assert gold_of(b"query-id,corpus-id\nq1,d1\nq1,d3\n").grades == [{0: 1.0, 2: 1.0}]


def test_what_is_not_understood_is_counted_and_said():
    gold = gold_of(BEIR + b"q9\td1\t1\nq1\td9\t1\nq2\td3\tyes\nq1\td1\t1\nq2\td2\t1\nq3\td4\t1\n")
    assert gold.grades == [{0: 2.0}, {1: 1.0}]
    assert gold.remarks == (
        "1 ids name no question, so that their judgements are set aside: q9 (row 4).",
        "2 ids name no text that is searched, so they count as no answer: d9 (row 5), d4 (row 9).",
        "1 grades are no number, so that their judgements are set aside: yes (row 6).",
        "1 texts are judged again with another grade, of which the first counts: q1 d1 (row 7).",
        "1 questions have no relevant text, and are set aside.",
    )


def test_lines_that_are_no_judgements_are_said():
    gold = gold_of(TREC + b"# made by hand\n")
    assert gold.remarks[0] == "1 lines are not query, 0, text and grade, and are set aside: # made by hand (row 4)."


def test_a_negative_grade_is_no_answer():
    """TREC's -2 stands for spam; what was said first of a text counts, if it is that it does not answer."""
    gold = gold_of(b"q1 0 d1 1\nq1 0 d2 -2\nq1 0 d3 0\nq1 0 d3 1\n")
    assert gold.grades == [{0: 1.0}]
    assert "of which the first counts: q1 d3 (row 4)" in gold.remarks[0]


def test_the_column_of_ids_is_the_one_whose_cells_differ():
    """Marks from 1 to 2 hold the judged ids as well, and stand first."""
    texts = pd.DataFrame({"mark": ["1", "2", "2", "1"], "text": list("abcd"), "id": ["4", "3", "2", "1"]})
    assert gold_of(b"q1 0 1 1\nq2 0 2 1\n", texts=texts).grades == [{3: 1.0}, {2: 1.0}]


def test_a_blank_id_names_no_text():
    gold = gold_of(BEIR + b"q2\t\t1\n", texts=TEXTS.assign(_id=["d1", "d2", "", ""]))
    assert gold.grades == [{0: 2.0}, {1: 1.0}]
    assert "2 ids name no text" in gold.remarks[0]


def test_an_id_of_two_rows_names_both():
    texts = TEXTS.assign(_id=["d1", "d2", "D1", "d4"])
    gold = gold_of(TREC, texts=texts)
    assert gold.grades == [{0: 2.0, 2: 2.0}, {1: 1.0}]
    assert "1 ids stand in several rows, which all count as the answer: D1 (row 3)." in gold.remarks


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (b"a,b,c,d,e\n1,2,3,4,5\n", "three columns"),
        (b"q1 0 x1 1\nq2 0 x2 1\n", r"No column of the texts holds an id that the judgements name \(x1, x2\)"),
        (b"x1 0 d1 1\nx2 0 d2 1\n", r"No column of the questions holds an id that the judgements name \(x1, x2\)"),
        (b"q1 0 d1 0\nq2 0 d2 0\n", "There are 0 questions with relevant texts"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(content, said):
    with pytest.raises(EmbedLabError, match=said):
        gold_of(content)


@pytest.mark.parametrize("style", ["trec", "beir"])
def test_what_is_written_is_read_as_the_same(style, tmp_path):
    path = tmp_path / "judgements.tsv"
    path.write_bytes(write_qrels(gold_of(TREC), style))
    again = judged_gold(TEXTS, "text", read_qrels(path), QUESTIONS)
    assert again.grades == [{0: 2.0}, {1: 1.0}]
    assert again.query_keys == ("Q1", "q2")


def test_trec_eval_reads_what_is_written(tmp_path):
    path = tmp_path / "judgements.qrels"
    path.write_bytes(write_qrels(gold_of(TREC)))
    with path.open() as file:
        assert pytrec_eval.parse_qrel(file) == {"Q1": {"D1": 2}, "q2": {"d2": 1}}


def test_ids_and_grades_that_trec_cannot_hold():
    """And those of a table whose rows name each other, which has ids of its own."""
    frame = pd.DataFrame({"text": ["how?", "So.", "No."], "id": ["q 1", "d1", "d2"], "relevant": ["d1:0.5", "", ""]})
    gold = build_gold(frame, "relevant", {"text": "text", "id": "id", "relevant": "relevant"})
    assert write_qrels(gold, "beir") == b"query-id\tcorpus-id\tscore\nq 1\td1\t0.5\n"
    with pytest.raises(InvalidInputError, match="no place for 'q 1'"):
        write_qrels(gold)
    with pytest.raises(InvalidInputError, match=r"no place for '0\.5'"):
        write_qrels(Retrieval(("how?",), ("So.", "No."), [{1: 0.5}]))


def test_grades_beside_questions_and_answers():
    frame = pd.DataFrame(
        {
            "text": ["So.", "No.", "So.", "Yes.", "Yes."],
            "query": ["how?", "how?", "why?", "why?", "how?"],
            "grade": ["3", "0", "1,5", "many", "1"],
        }
    )
    gold = build_gold(frame, "queries", {"text": "text", "query": "query", "grade": "grade"})
    assert gold.grades == [{0: 3.0, 2: 1.0}, {0: 1.5}]
    assert gold.remarks == ("1 grades are no number, so that nothing is known of their rows: many (row 4).",)
    every = build_gold(frame, "queries", {"text": "text", "query": "query"})
    assert every.grades == [{0: 1.0, 1: 1.0, 2: 1.0}, {0: 1.0, 2: 1.0}]
