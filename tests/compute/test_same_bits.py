"""Everything that threads share comes to the same bits on any number of cores."""

import numpy as np
import pytest

import embedlab as el
from embedlab.clustering import _kmeans, hierarchy
from embedlab.evaluation import neighbor_purity
from embedlab.intervals import ResampledEstimate

N_ROWS, N_GROUPS = 3_000, 12
RNG = np.random.default_rng(0)
OWN = RNG.integers(0, N_GROUPS, N_ROWS)
ROWS = (RNG.standard_normal((N_GROUPS, 50))[OWN] + RNG.standard_normal((N_ROWS, 50))).astype(np.float32)


def bootstrapped():
    """Pearson's correlation of two columns in each draw."""

    def correlation(counts):
        x, y = (column - (counts @ column / len(column))[:, None] for column in ROWS[:400, :2].T.astype(np.float64))
        return (counts * x * y).sum(axis=1) / np.sqrt((counts * x**2).sum(axis=1) * (counts * y**2).sum(axis=1))

    return ResampledEstimate(correlation, np.arange(400)).draws


def clustered(found):
    return found.labels, found.centers, found.silhouette_samples


STEPS = {
    "neighbours": lambda: (lambda graph: (graph.indices, graph.similarities))(el.neighbor_graph(ROWS, 10)),
    "pairs": lambda: el.similar_pairs(ROWS, 0.5, max_pairs=500),
    "cosines": lambda: el.cosine_similarity(ROWS),
    "histogram": lambda: el.similarity_histogram(ROWS).counts,
    "moments": lambda: (el.similarity_histogram(ROWS).mean, el.similarity_histogram(ROWS).std),
    "image": lambda: el.similarity_image(ROWS, size=200),
    "KMeans": lambda: clustered(el.cluster(ROWS, 15)),
    "KMeans of few rows": lambda: clustered(el.cluster(ROWS[:700], 15)),
    "small clusters": lambda: _kmeans.micro_clusters(ROWS, 300, 0),
    "suggestion": lambda: el.suggest_n_clusters(ROWS).candidates,
    "hierarchy": lambda: hierarchy(ROWS[:800]).linkage,
    "HDBSCAN": lambda: clustered(el.cluster(ROWS[:1000], method="hdbscan")),
    "stability": lambda: el.cluster_stability(ROWS, OWN, n_resamples=6).jaccard,
    "outliers": lambda: el.outlier_scores(ROWS, OWN).scores,
    "UMAP": lambda: el.project(ROWS[:1000]).coordinates,
    "t-SNE": lambda: el.project(ROWS[:700], "tsne").coordinates,
    "bootstrap": bootstrapped,
    "purity": lambda: neighbor_purity(ROWS, OWN),
}


@pytest.mark.parametrize("step", STEPS)
def test_the_same_bits_on_any_number_of_cores(step, monkeypatch):
    found = []
    for n in (1, 2, 3, 5):
        monkeypatch.setattr("embedlab.compute.threads.n_cores", lambda n=n: n)
        found.append(STEPS[step]())
    for other in found[1:]:
        if isinstance(other, tuple) and isinstance(other[0], np.ndarray):
            for one, first in zip(other, found[0], strict=True):
                np.testing.assert_array_equal(one, first)
        elif isinstance(other, np.ndarray):
            np.testing.assert_array_equal(other, found[0])
        else:
            assert other == found[0]
