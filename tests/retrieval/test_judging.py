"""What a prompt holds of what is needed, against pytrec_eval; clicks kept as a file, and what they mean."""

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidInputError
from embedlab.evaluation import RANKING_FIGURES
from embedlab.gold import judged_gold
from embedlab.judgements import read_qrels
from embedlab.reading import read_table
from embedlab.retrieval import (
    Needed,
    Passage,
    PassageJudgement,
    gold_of_clicks,
    prompt_figures,
    read_passage_judgements,
    write_judgements,
)

K = 10


def found(*documents):
    return [Passage("…", document, 0, 9, 0.5) for document in documents]


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=K), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 3), min_size=1, max_size=5),
)
def test_documents_are_judged_as_trec_does(prompts, wanted):
    """There a document stands once in a list; its further passages are documents that nobody has judged."""
    grades = dict(wanted)
    ours = prompt_figures(
        [found(*each) for each in prompts], [[Needed(*each) for each in grades.items()]] * len(prompts), K
    )
    run = {
        str(number): {
            document if document not in each[:rank] else f"{document} again {rank}": float(K - rank)
            for rank, document in enumerate(each)
        }
        for number, each in enumerate(prompts)
    }
    names = {"ndcg": f"ndcg_cut_{K}", "recall": f"recall_{K}", "precision": f"P_{K}", "mrr": "recip_rank"}
    judged = pytrec_eval.RelevanceEvaluator({number: grades for number in run}, set(names.values()))
    for number, theirs in judged.evaluate({name: scored for name, scored in run.items() if scored}).items():
        for name, measure in names.items():
            assert ours[int(number), RANKING_FIGURES.index(name)] == pytest.approx(theirs[measure], abs=1e-6)
    for number, each in enumerate(prompts):
        if not each:
            assert not ours[number].any()


@pytest.mark.parametrize(
    ("place", "is_found"),
    [((0, 100), True), ((40, 60), True), ((90, 190), False), ((50, 150), True), ((51, 151), False), ((90, 95), True)],
)
def test_a_place_is_found_where_half_of_the_shorter_is_in_common(place, is_found):
    passage = Passage("…", "a", *place, 0.5)
    assert Needed("a", 1.0, 0, 100).is_found_in(passage) == is_found
    assert not Needed("b", 1.0, 0, 100).is_found_in(passage)


def test_a_passage_with_two_answers_holds_both():
    """And takes two places: ranks 1 and 2, so that nDCG is 1, and recall is."""
    wide = [Passage("…", "a", 0, 200, 0.5)]
    needed = [Needed("a", 1.0, 0, 50), Needed("a", 1.0, 100, 150)]
    figures = dict(zip(RANKING_FIGURES, prompt_figures([wide], [needed], K)[0].tolist(), strict=True))
    assert (figures["ndcg"], figures["recall"], figures["mrr"]) == (1, 1, 1)
    narrow = [Passage("…", "a", 0, 60, 0.5), Passage("…", "a", 60, 90, 0.4), Passage("…", "a", 90, 160, 0.3)]
    figures = dict(zip(RANKING_FIGURES, prompt_figures([narrow], [needed], K)[0].tolist(), strict=True))
    assert figures["recall"] == 1
    assert figures["ndcg"] == pytest.approx((1 + 1 / np.log2(4)) / (1 + 1 / np.log2(3)))


CLICKS = [
    PassageJudgement("how late?", "7", 0, 20, 0.0),
    PassageJudgement("how late?", "9", 10, 30, 1.0),
    PassageJudgement("what\tis\nit?", "7", 0, 10, 2.0),
]


def test_clicks_are_read_as_they_were_written():
    read = read_passage_judgements(write_judgements(CLICKS))
    assert {each.question for each in read} == {"how late?", "what is it?"}
    assert read[0] == PassageJudgement("what is it?", "7", 0, 10, 2.0)
    assert set(read[1:]) == set(CLICKS[:2])
    for content in (b"", b"query-id\tcorpus-id\tscore\nq\td\t1\n", b"\xff\xfe", b"a,b\n1,2\n"):
        if content:
            with pytest.raises(InvalidInputError, match="no judgements of passages"):
                read_passage_judgements(content)
    assert read_passage_judgements(write_judgements([])) == []


def test_a_comparison_of_models_reads_them_too():
    """By document: the file is one of judgements as BEIR has them, with columns behind."""
    table = read_table(b"id,text\n7,It is late.\n9,It costs five euros and more.\n", name="t.csv").frame
    gold = judged_gold(table, "text", read_qrels(write_judgements(CLICKS), "clicks.tsv"))
    assert dict(zip(gold.queries, gold.grades, strict=True)) == {"what is it?": {0: 2.0}, "how late?": {1: 1.0}}


def test_clicks_say_which_places_answer():
    documents = {"7": "It is late, so late.", "9": "It costs five euros and more, and it is late."}
    gold, needed = gold_of_clicks(CLICKS, documents)
    assert gold.queries == ("how late?", "what\tis\nit?")
    assert needed == [[Needed("1", 1.0, 10, 30)], [Needed("0", 2.0, 0, 10)]]
    assert gold.grades == [{1: 1.0}, {0: 2.0}]
    more = [*CLICKS, PassageJudgement("gone?", "12", 0, 4, 1.0), PassageJudgement("no answer?", "7", 0, 4, 0.0)]
    remarks = gold_of_clicks(more, documents)[0].remarks
    assert [remark.split(" ")[0] for remark in remarks] == ["1", "1"]
    with pytest.raises(InvalidInputError, match="0 questions have a passage"):
        gold_of_clicks(CLICKS[:1], documents)


def test_a_passage_and_a_piece_of_it_are_one_answer():
    clicks = [PassageJudgement("q", "a", 0, 40, 2.0), PassageJudgement("q", "a", 10, 20, 1.0)]
    clicks.append(PassageJudgement("q", "a", 38, 44, 1.0))
    _, needed = gold_of_clicks(clicks, {"a": "x" * 50, "b": "y"})
    assert needed == [[Needed("0", 1.0, 38, 44), Needed("0", 2.0, 10, 20)]]
