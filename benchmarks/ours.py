"""What we wrote ourselves, beside the library that has it too: time, result, and how long everybody else stands still.

One process, the ways of a row taking turns, medians; a first call of each, which compiles, is not counted. Matrix
products are computed by the thread that asks for them, as in the app. Another thread wakes up every millisecond; the
longest it had to wait is what somebody else's page waits while a library holds Python's lock. A library that is not
installed is named. ``--distill`` adds the distillation of word vectors, half a minute and more for each way.
"""

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import _rivals as rivals
import numpy as np
import pandas as pd
from _rivals import agreed, apart, counted, overlapping, same
from _shared import print_table, short_texts, timed_with_another
from scipy.stats import spearmanr
from sklearn.metrics.pairwise import cosine_similarity

import embedlab as el
from embedlab.clustering import cosine_silhouette
from embedlab.clustering._spanning import spanning_tree
from embedlab.clustering.density import _cut
from embedlab.duplicates._joining import count_joined
from embedlab.encoders import StaticEncoder, TransformerEncoder, load_encoder
from embedlab.encoders.static import _write
from embedlab.evaluation import rand_and_information, rank_correlation
from embedlab.exports.workbooks import to_xlsx
from embedlab.intervals import ResampledEstimate
from embedlab.jobs import Jobs, Task
from embedlab.models import find_model, load_model
from embedlab.pooling import pool
from embedlab.projection import trustworthiness
from embedlab.samples import read_sample
from embedlab.similarity import different_rows

Way = Callable[[Any], Any]


class Row(NamedTuple):
    """One algorithm: what it is given, our way, those of libraries by their names, and words on both results."""

    title: str
    given: Any
    ours: Way
    theirs: dict[str, Way]  # by the name of the package and what is called there
    compare: Callable[[Any, Any], str]
    first: Any = None  # what the first call is given, where compiling asks for less than the whole
    rounds: int = 3


def main() -> None:
    """Print a line for each library."""
    warnings.simplefilter("ignore")  # several libraries warn in every call
    texts = short_texts(10_000)
    x = el.load_encoder().encode(texts)
    parts = [maps(x), groups(x), neighbors(x), figures(x), words(texts), files_and_jobs(texts[:5_000])]
    parts += [distillation()] if "--distill" in sys.argv else []
    lines = [line for part in parts for row in part for line in measured(row)]
    print_table("what | library | ours, s | theirs, s | times as fast | ours / theirs | others wait, ms", lines)


def measured(row: Row) -> Iterator[str]:
    """Give a line for each library a row is held against."""
    ways = {"ours": row.ours} | {name: way for name, way in row.theirs.items() if find_spec(name.split()[0])}
    found, times = dict[str, Any](), {name: list[tuple[float, float]]() for name in ways}
    for number in range(row.rounds + 1):
        for name, way in ways.items():
            found[name], seconds, longest = timed_with_another(
                way, row.given if number or row.first is None else row.first
            )
            times[name] += [(seconds, longest)] if number else []
    taken, waited = ({name: median(pair[i] for pair in pairs) for name, pairs in times.items()} for i in (0, 1))
    for name in row.theirs:
        said = "not installed | – | – | –"
        if name in ways:
            alike = row.compare(found["ours"], found[name])
            waits = f"{1000 * waited['ours']:.0f} / {1000 * waited[name]:.0f}"
            said = f"{taken[name]:.3g} | {taken[name] / taken['ours']:.2g} | {alike} | {waits}"
        print(row.title, name, said, file=sys.stderr, sep=" | ", flush=True)
        yield f"{row.title} | {name} | {taken['ours']:.3g} | {said}"


def _trust(rows: np.ndarray, points: np.ndarray) -> float:
    """Return our trustworthiness of a map as scikit-learn's is taken, for one number of neighbours."""
    return trustworthiness(rows, points, [15])[15]


def maps(x: np.ndarray) -> Iterator[Row]:
    """Give the maps, judged by scikit-learn's trustworthiness."""

    def trusted(*maps: np.ndarray) -> str:
        return "trust " + " / ".join(f"{rivals.trust(x[: len(points)], points):.3f}" for points in maps)

    umaps = {"umap UMAP, seeded": rivals.umap(random_state=42, n_jobs=1), "umap UMAP, no seed": rivals.umap()}
    yield Row("UMAP, 5,000 rows", x[:5_000], lambda r: el.project(r).coordinates, umaps, trusted, x[:4_100], 1)
    tsnes = {"openTSNE TSNE": rivals.opentsne, "sklearn TSNE": rivals.sklearn_tsne}
    yield Row("t-SNE, 1,200 rows", x[:1_200], lambda r: el.project(r, "tsne").coordinates, tsnes, trusted, x[:200], 1)
    points, theirs = el.project(x[:3_000]).coordinates, {"sklearn trustworthiness": partial(rivals.trust, x[:3_000])}
    yield Row("trustworthiness, 3,000 rows", points, partial(_trust, x[:3_000]), theirs, apart)


def groups(x: np.ndarray) -> Iterator[Row]:
    """Give the ways to group, and what is measured of groups."""
    few = x[different_rows(x)[0]][:4_000]
    flat = el.project(np.concatenate([x, (x + x[::-1])[:8_000]]), n_components=5, min_dist=0.0).coordinates
    theirs = {"sklearn HDBSCAN": rivals.sklearn_hdbscan, "hdbscan HDBSCAN": rivals.hdbscan}
    dense = {name: partial(way, smallest=34) for name, way in theirs.items()}
    yield Row("HDBSCAN, 18,000 × 5", flat, lambda p: _cut(spanning_tree(p, 5), 34), dense, agreed, flat[:500], 2)
    labels, graph = el.cluster(few, 20).labels, el.neighbor_graph(few, 15)
    theirs = {"sklearn silhouette_samples": partial(rivals.silhouettes, labels=labels)}
    yield Row("silhouettes, 4,000 rows", few, lambda r: cosine_silhouette(r, labels), theirs, apart)
    theirs = {"sklearn LocalOutlierFactor": rivals.local_outlier_factor}
    yield Row("outliers, 4,000 rows", few, lambda r: el.outlier_scores(r, labels, graph).isolation, theirs, apart)


def neighbors(x: np.ndarray) -> Iterator[Row]:
    """Give what compares and searches."""
    theirs = {"faiss IndexFlatIP": rivals.faiss_neighbors, "sklearn NearestNeighbors": rivals.sklearn_neighbors}
    yield Row("neighbours of 6,000 rows", x[:6_000], lambda r: el.neighbor_graph(r).indices, theirs, overlapping)
    theirs = {"sentence_transformers mining": rivals.mined_pairs, "faiss range_search": rivals.faiss_pairs}
    yield Row("pairs above 0.9, 4,000 rows", x[:4_000], lambda r: len(el.similar_pairs(r)), theirs, same)
    rows = np.repeat(x, 20, axis=0)
    rows += 0.03 * np.random.default_rng(0).standard_normal(rows.shape, dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index, flat = el.SearchIndex([""] * len(rows), rows), rivals.faiss_index(rows) if find_spec("faiss") else None
    theirs = {
        "faiss IndexFlatIP": lambda q: [flat.search(one[None], 10)[1][0].tolist() for one in q],
        "numpy argpartition": lambda q: [np.argpartition(rows @ one, -10)[-10:].tolist() for one in q],
    }

    def hits(queries: np.ndarray) -> list[list[int]]:
        return [[hit.index for hit in index.search(query)] for query in queries]

    yield Row("10 queries, 200,000 rows", x[:10], hits, theirs, overlapping)
    theirs = {"numpy unique": rivals.unique_rows}
    yield Row("different rows of 10,000", x, lambda r: len(different_rows(r)[0]), theirs, same)
    theirs = {"sklearn cosine_similarity": cosine_similarity}
    yield Row("cosines, 4,000 × 4,000", x[:4_000], el.cosine_similarity, theirs, apart)
    theirs = {"numpy histogram": rivals.cosine_counts}
    yield Row("histogram, 5,000 rows", x[:5_000], lambda r: el.similarity_histogram(r).counts, theirs, counted)
    pair, theirs = (x[:4_000], x[:4_000, ::2]), {"numpy, all pairs": rivals.linear_cka}
    yield Row("linear CKA, 4,000 rows", pair, lambda p: el.linear_cka(*p), theirs, apart)


def figures(x: np.ndarray) -> Iterator[Row]:
    """Give figures of many draws, and groups that grow pair by pair."""
    rng, pair = np.random.default_rng(0), (x[:500, 0] + x[:500, 1], x[:500, 0])
    statistic, theirs = partial(rank_correlation, *pair), {"scipy bootstrap": rivals.spearman_interval}
    yield Row(
        "Spearman, 1,000 draws of 500",
        pair,
        lambda _: ResampledEstimate(statistic, np.arange(500)).interval,
        theirs,
        apart,
        None,
        1,
    )
    labels = rng.integers(0, 20, 1000)
    known = np.where(rng.random(1000) < 0.6, labels, rng.integers(0, 20, 1000))
    drawn = rng.integers(1000, size=(100, 1000))
    counts = np.stack([np.bincount(rows, minlength=1000) for rows in drawn]).astype(np.float64)
    theirs = {"sklearn scores": lambda _: rivals.scores_of_draws(labels, known, drawn)}
    yield Row("ARI, NMI, 100 draws of 1,000", counts, lambda c: rand_and_information(labels, known)(c), theirs, apart)
    pairs = rng.integers(0, 20_000, (2, 100_000), dtype=np.int32)

    def joined(_: object) -> list[int]:
        alone, table = np.ones(20_000, np.int64), np.zeros((pairs.shape[1] + 1, 3), np.int64)
        count_joined(*pairs, alone, alone.copy(), table)
        return (20_000 - table[1:, 2]).tolist()

    theirs = {"scipy DisjointSet": lambda p: rivals.disjoint_sets(p, 20_000)}
    yield Row("union and find, 100,000 pairs", pairs, joined, theirs, same)


def words(texts: list[str]) -> Iterator[Row]:
    """Give search by words, and tokens made to one vector."""
    import torch
    from sentence_transformers.sentence_transformer.modules import Pooling

    theirs = {"bm25s tokenize, index": rivals.bm25s_index}
    yield Row("BM25 of 10,000 texts", texts, el.LexicalIndex, theirs, names_found)
    tokens, mask, module = torch.rand(256, 64, 384), torch.ones(256, 64, dtype=torch.long), Pooling(384, "mean")
    given = {"token_embeddings": tokens, "attention_mask": mask}
    theirs = {"sentence_transformers Pooling": lambda g: module(dict(g))["sentence_embedding"]}
    yield Row("mean of 256 × 64 tokens", given, lambda g: pool(*g.values()), theirs, apart)


def names_found(*_: object) -> str:
    """Say which share of names made of the same parts is found first by its whole name."""
    names = [f"LABO-{first}-{second}" for first in range(10, 20) for second in range(10, 20)]
    index = el.LexicalIndex(names)
    ours = [index.search(name, 1)[0].index for name in names]
    shares = [np.mean(np.equal(found, range(100))) for found in (ours, rivals.bm25s_hits(names))]
    return "{:.0%} / {:.0%} of names found first".format(*shares)


def files_and_jobs(texts: list[str]) -> Iterator[Row]:
    """Give files in and out, and the queue of jobs."""
    topics, shares = [f"topic {row % 7}" for row in range(len(texts))], np.arange(len(texts)) / 7
    frame = pd.DataFrame({"text": texts, "topic": topics, "share": shares})

    def read(content: bytes) -> list[list[str]]:
        return el.read_table(content, name="table").frame.to_numpy().tolist()

    def alike(*books: bytes) -> str:
        return same(*map(rivals.openpyxl_cells, books))

    def run(n_jobs: int) -> list[int]:
        return [job.result() for job in [jobs.submit(Task(next(keys), "", lambda report: 1)) for _ in range(n_jobs)]]

    jobs, keys = Jobs(max_waiting=1_000), count()
    csv = frame.to_csv(index=False).encode()
    yield Row("CSV read, 5,000 rows", csv, read, {"pandas read_csv": rivals.pandas_csv}, same)
    yield Row("XLSX written, 5,000 rows", frame, to_xlsx, {"xlsxwriter Workbook": rivals.xlsxwriter_book}, alike)
    yield Row("XLSX read, 5,000 rows", to_xlsx(frame), read, {"openpyxl here": rivals.openpyxl_cells}, same)
    yield Row("500 empty jobs", 500, run, {"concurrent ThreadPoolExecutor": rivals.pool_of_threads}, same)


def distillation() -> Iterator[Row]:
    """Give word vectors of one model, judged by the sentence pairs of the samples."""
    pairs = read_sample("sentence_pairs").frame

    name = "all-MiniLM-L6-v2"
    encoder = load_encoder(name)
    assert isinstance(encoder, TransformerEncoder)

    def ours(_: object) -> StaticEncoder:
        folder = Path(tempfile.mkdtemp())
        _write(encoder, folder)
        return StaticEncoder("static", folder)

    def judged(*encoders: Any) -> str:  # noqa: ANN401 - ours and theirs
        sides = [[np.asarray(each.encode(list(pairs[f"sentence{i}"]))) for i in (1, 2)] for each in encoders]
        cosines = [el.paired_cosine_similarity(*side) for side in sides]
        return "Spearman " + " / ".join(f"{spearmanr(each, pairs['score'].astype(float))[0]:.3f}" for each in cosines)

    model = load_model(find_model(name), "cpu")
    yield Row("word vectors of a vocabulary", model, ours, {"model2vec distill": rivals.model2vec}, judged, None, 1)


if __name__ == "__main__":
    main()
