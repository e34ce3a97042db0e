"""The libraries that have what we wrote ourselves, called as one would call them, and how alike two results are.

`ours.py` measures both. Every way takes what ours takes. A package that the project does not need is imported where it
is used.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import DisjointSet
from scipy.stats import bootstrap, spearmanr
from sklearn.cluster import HDBSCAN
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_samples
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

Array = np.ndarray


def apart(ours: Any, theirs: Any) -> str:  # noqa: ANN401 - numbers in any form
    """Say how far the same numbers differ."""
    return f"differ by {np.abs(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)).max():.0e}"


def agreed(ours: Array, theirs: Array) -> str:
    """Say how far two groupings agree."""
    return f"{len(np.unique(ours))} / {len(np.unique(theirs))} groups, ARI {adjusted_rand_score(ours, theirs):.4f}"


def overlapping(ours: Any, theirs: Any) -> str:  # noqa: ANN401 - lists or arrays
    """Say which share of what we found was found."""
    return f"{np.mean([len(set(a) & set(b)) / len(a) for a, b in zip(ours, theirs, strict=True)]):.5f} in common"


def counted(ours: Array, theirs: Array) -> str:
    """Say how many were counted in another bin."""
    return f"{np.abs(ours - theirs).sum() // 2} of {ours.sum():,} in another bin"


def same(ours: Any, theirs: Any) -> str:  # noqa: ANN401 - anything that can be compared
    """Say whether two results are equal."""
    return "equal" if ours == theirs else "not equal"


def umap(**options: object) -> Callable[[Array], Array]:
    """Return umap-learn with some options."""

    def lay_out(rows: Array) -> Array:
        from umap import UMAP

        return UMAP(metric="cosine", **options).fit_transform(rows)

    return lay_out


def opentsne(rows: Array) -> Array:
    """Lay out by openTSNE, with as many steps as ours."""
    import openTSNE

    return np.array(openTSNE.TSNE(perplexity=30, metric="cosine", random_state=0).fit(rows))


def sklearn_tsne(rows: Array) -> Array:
    """Lay out by scikit-learn, with as many steps as ours."""
    return TSNE(metric="cosine", perplexity=30, max_iter=750, random_state=0).fit_transform(rows)


def trust(rows: Array, points: Array) -> float:
    """Return scikit-learn's trustworthiness of a map, from all pairs."""
    return trustworthiness(rows, points, n_neighbors=15, metric="cosine")


def sklearn_hdbscan(points: Array, smallest: int) -> Array:
    """Group by scikit-learn's HDBSCAN."""
    return HDBSCAN(smallest, min_samples=5, copy=True).fit_predict(points)


def hdbscan(points: Array, smallest: int) -> Array:
    """Group by the package hdbscan, which counts a point itself apart from its neighbours."""
    import hdbscan

    return hdbscan.HDBSCAN(smallest, min_samples=4, core_dist_n_jobs=1).fit_predict(points)


def silhouettes(rows: Array, labels: Array) -> Array:
    """Return scikit-learn's silhouettes, from all pairs."""
    return silhouette_samples(rows, labels, metric="cosine")


def local_outlier_factor(rows: Array) -> Array:
    """Return scikit-learn's factor, which finds the neighbours itself."""
    return -LocalOutlierFactor(15, metric="cosine").fit(rows).negative_outlier_factor_


def faiss_index(rows: Array) -> Any:  # noqa: ANN401 - an index of FAISS
    """Return rows ready to be searched exactly by FAISS."""
    import faiss

    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    return index


def faiss_neighbors(rows: Array) -> Array:
    """Return 16 neighbours, the rows themselves among them."""
    return faiss_index(rows).search(rows, 16)[1]


def sklearn_neighbors(rows: Array) -> Array:
    """Return 15 neighbours by scikit-learn, exactly."""
    return NearestNeighbors(n_neighbors=15, metric="cosine").fit(rows).kneighbors()[1]


def mined_pairs(rows: Array) -> int:
    """Count the pairs above 0.9 that sentence-transformers finds among the 100 nearest of each row."""
    import torch
    from sentence_transformers.util import paraphrase_mining_embeddings

    return sum(score >= 0.9 for score, *_ in paraphrase_mining_embeddings(torch.from_numpy(rows)))


def faiss_pairs(rows: Array) -> int:
    """Count the pairs above 0.9 by FAISS."""
    return (int(faiss_index(rows).range_search(rows, 0.9)[0][-1]) - len(rows)) // 2


def unique_rows(rows: Array) -> int:
    """Count the different rows by numpy."""
    return len(np.unique(np.round(rows, 5), axis=0, return_index=True, return_inverse=True)[0])


def cosine_counts(rows: Array) -> Array:
    """Count the cosines of all pairs in a hundred bins, from the whole matrix."""
    return np.histogram((rows @ rows.T)[np.triu_indices(len(rows), 1)], bins=100, range=(-1, 1))[0]


def linear_cka(pair: tuple[Array, Array]) -> float:
    """Write the formula down, with the kernels of all pairs."""
    k, l = (part @ part.T for part in pair)  # noqa: E741
    np.fill_diagonal(k, 0), np.fill_diagonal(l, 0)
    n = len(k)

    def hsic(a: Array, b: Array) -> float:
        sums = a.sum(axis=1, dtype=np.float64), b.sum(axis=1, dtype=np.float64)
        shift = sums[0].sum() * sums[1].sum() / ((n - 1) * (n - 2)) - 2 / (n - 2) * (sums[0] @ sums[1])
        return float(np.einsum("ij,ij", a, b, dtype=np.float64) + shift)

    return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))


def spearman_interval(pair: tuple[Array, Array]) -> tuple[float, float]:
    """Return scipy's interval of a rank correlation from a thousand draws."""
    options = {"paired": True, "vectorized": False, "n_resamples": 1000, "method": "percentile", "rng": 0}
    found = bootstrap(pair, lambda x, y: spearmanr(x, y).statistic, **options).confidence_interval
    return found.low, found.high


def scores_of_draws(labels: Array, known: Array, drawn: Array) -> list[list[float]]:
    """Return ARI and NMI of each draw by scikit-learn."""
    scores = adjusted_rand_score, normalized_mutual_info_score
    return [[score(labels[rows], known[rows]) for rows in drawn] for score in scores]


def disjoint_sets(pairs: Array, n_rows: int) -> list[int]:
    """Join pair by pair with scipy, and return how many groups there are after each."""
    sets, found = DisjointSet(range(n_rows)), []
    for i, j in pairs.T.tolist():
        sets.merge(i, j)
        found.append(sets.n_subsets)
    return found


def bm25s_index(texts: list[str]) -> Any:  # noqa: ANN401 - an index of bm25s
    """Return the texts ready to be searched by the words that bm25s cuts."""
    import bm25s

    index = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    index.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)
    return index


def bm25s_hits(texts: list[str]) -> list[int]:
    """Return the first text that bm25s finds for each text."""
    import bm25s

    asked = bm25s.tokenize(texts, stopwords=None, show_progress=False)
    return bm25s_index(texts).retrieve(asked, k=1, show_progress=False).documents[:, 0].tolist()


def pandas_csv(content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file that is told to hold texts."""
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False).to_numpy().tolist()


def xlsxwriter_book(frame: pd.DataFrame) -> bytes:
    """Return a workbook by XlsxWriter."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([tuple(frame.columns), *frame.itertuples(index=False, name=None)]):
            for place, value in enumerate(row):
                (sheet.write_string if isinstance(value, str) else sheet.write_number)(number, place, value)
    return stream.getvalue()


def openpyxl_cells(content: bytes) -> list[list[str]]:
    """Return the cells of a workbook, read in this process."""
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    return [list(map(str, row)) for row in sheet.iter_rows(values_only=True)][1:]


def pool_of_threads(n_jobs: int) -> list[int]:
    """Run so many jobs that do nothing by four threads."""
    with ThreadPoolExecutor(4) as pool:
        return [job.result() for job in [pool.submit(lambda: 1) for _ in range(n_jobs)]]


def model2vec(model: Any) -> Any:  # noqa: ANN401 - models of both libraries
    """Distil word vectors by model2vec."""
    from model2vec.distill import distill_from_model

    return distill_from_model(model[0].auto_model, model.tokenizer, device="cpu", pca_dims=256, quantize_to="float32")
