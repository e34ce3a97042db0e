"""The same again: the same request gives the same bytes, and last digits decide nothing."""

import json
import os
import subprocess
import sys
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import embedlab as el
from embedlab.datasets import DatasetStore, select_texts
from embedlab.exports import (
    EXPORT_FORMATS,
    ClusterSettings,
    MapSettings,
    View,
    ViewSettings,
    classification_table,
    cleaned_table,
    describe_embeddings,
    describe_source,
    hits_table,
    html_report,
    to_npy,
)
from embedlab.search import search_by

QUERIES = ("my parcel is late", "refund", "how do I change the password")


@cache
def messages():
    """The support messages: a dataset and its texts."""
    dataset = DatasetStore().get("support_messages")
    return dataset, select_texts(dataset.table, "text")


def view_of(encoder, vectors):
    """Clusters, names and a map, as a page makes them."""
    dataset, corpus = messages()
    neighbors = el.neighbor_graph(vectors, 15)
    clustering = el.cluster(vectors, 12)
    settings = ViewSettings(
        describe_source(dataset, "text", "topic"),
        describe_embeddings("all-MiniLM-L6-v2", encoder, "mean"),
        ClusterSettings(n_clusters=12),
        MapSettings(),
    )
    names = el.name_clusters(corpus.texts, clustering.labels)
    return View(settings, corpus, vectors, clustering, names, el.project(vectors, neighbors=neighbors))


def search_for(encoder, vectors):
    """Hits of each query by both rankings together."""
    _, corpus = messages()
    words, meaning = el.LexicalIndex(corpus.texts), el.SearchIndex(corpus.texts, vectors)
    asked = zip(QUERIES, encoder.encode_query(QUERIES), strict=True)
    return [search_by("both", words, meaning, query, vector, 20) for query, vector in asked]


def files_of(encoder, folder):
    """Everything that can be taken away, by name; embeddings come out of a store where they are in it."""
    dataset, corpus = messages()
    vectors = el.EmbeddingStore(folder).encode(encoder, corpus.texts)
    view = view_of(encoder, vectors)
    learned = el.classify(vectors, corpus.labels("topic"))
    kept = el.find_duplicates(corpus.texts, vectors).at(0.9).keep("first")
    tables = {
        "clusters": view.table(),
        "hits": hits_table(corpus.texts, QUERIES, search_for(encoder, vectors)),
        "labels": classification_table(corpus.frame, learned),
        "cleaned": cleaned_table(dataset.table.frame, corpus.summary.kept, kept),
    }
    files = {
        f"{name}{kind.suffix}": kind.write(table) for name, table in tables.items() for kind in EXPORT_FORMATS.values()
    }
    report = html_report(view, "Support", today=date(2026, 1, 1)).encode()
    return files | {"report.html": report, "settings.toml": view.settings.to_toml().encode(), "v.npy": to_npy(vectors)}


def predicted(vectors):
    return el.classify(vectors, messages()[1].labels("topic")).probabilities.argmax(axis=1).tolist()


def digests_of(files):
    return {name: sha256(content).hexdigest() for name, content in files.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def files(encoder, folder):
    return files_of(encoder, folder)


def test_another_process_writes_the_same_bytes(files, folder):
    """Another order of sets and dictionaries of texts, another time of day: CSV, XLSX, Parquet, report, settings."""
    package = str(Path(el.__file__).parents[1])
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "PYTHONPATH": package}
    command = [sys.executable, __file__, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == digests_of(files)


def shuffled(encoder, texts):
    order = np.random.default_rng(0).permutation(len(texts))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return encoder.encode([texts[row] for row in order])[back]


def in_small_batches(encoder, texts):
    return np.concatenate([encoder.encode(texts[start : start + 7]) for start in range(0, len(texts), 7)])


def on_one_thread(encoder, texts):
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            return encoder.encode(texts)
    finally:
        torch.set_num_threads(before)


@pytest.fixture(scope="module")
def ways(encoder):
    """The same texts embedded in other company, in another order, on another number of threads."""
    texts = messages()[1].texts
    others = {way.__name__: way(encoder, texts) for way in (shuffled, in_small_batches, on_one_thread)}
    return {"at_once": encoder.encode(texts)} | others


def test_embeddings_agree_to_a_millionth(ways):
    for vectors in ways.values():
        np.testing.assert_allclose(vectors, ways["at_once"], rtol=0, atol=1e-6)


WITHOUT_LAST_DIGITS = {
    "kmeans": lambda encoder, vectors: el.cluster(vectors, 12).labels.tolist(),
    "hierarchy": lambda encoder, vectors: el.cluster(vectors, 12, method="agglomerative").labels.tolist(),
    "search": lambda encoder, vectors: [[hit.index for hit in hits] for hits in search_for(encoder, vectors)],
    "duplicates": lambda encoder, vectors: el.find_duplicates(messages()[1].texts, vectors).at(0.9).labels.tolist(),
    "classification": lambda encoder, vectors: predicted(vectors),
}


@pytest.mark.parametrize("found", WITHOUT_LAST_DIGITS)
def test_last_digits_change_no_label_and_no_rank(ways, encoder, found):
    find = WITHOUT_LAST_DIGITS[found]
    expected = find(encoder, ways["at_once"])
    assert len(expected) > 1
    for way in ("shuffled", "in_small_batches", "on_one_thread"):
        assert find(encoder, ways[way]) == expected, way


DRAWN = {
    "umap": lambda vectors: el.project(vectors).coordinates,
    "tsne": lambda vectors: el.project(vectors, "tsne").coordinates,
    "pca": lambda vectors: el.project(vectors, "pca").coordinates,
    "hdbscan": lambda vectors: el.cluster(vectors, method="hdbscan").labels,
}


@pytest.mark.parametrize("drawn", DRAWN)
def test_the_same_embeddings_give_the_same_map_and_what_is_found_on_it(ways, drawn):
    """Bit for bit; these are moved by last digits, so they are promised for equal embeddings on one machine."""
    draw, vectors = DRAWN[drawn], ways["at_once"]
    np.testing.assert_array_equal(draw(vectors.copy()), draw(vectors))


if __name__ == "__main__":
    made = files_of(el.load_encoder("all-MiniLM-L6-v2", precision="float32"), Path(sys.argv[1]))
    print(json.dumps(digests_of(made)))
