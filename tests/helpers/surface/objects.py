"""What is recorded, made anew: a table of nasty cells, and everything that is found in it, built by hand.

Numbers are whole, or sums of few powers of two, so that every processor gives the same bits. This file alone knows in
which module a thing lies.
"""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

import embedlab as el
from embedlab.cli import main
from embedlab.comparison import Result, comparison_table, costs, to_markdown
from embedlab.datasets import DatasetStore, select_texts
from embedlab.evaluation.reports import ClusterReport, ProbeReport, RetrievalReport, StsReport
from embedlab.exports import (
    EXPORT_FORMATS,
    UPLOADED,
    ClusterSettings,
    MapSettings,
    View,
    ViewSettings,
    classification_table,
    cleaned_table,
    describe_source,
    hits_table,
    html_report,
    removed_table,
    snippet,
    to_csv,
)
from embedlab.exports.settings import EmbeddingSettings, SourceSettings
from embedlab.inspection import Token
from embedlab.intervals import MeanEstimate, ResampledEstimate
from embedlab.models import OWN_VECTORS
from embedlab.recipes import recipe
from embedlab.store import StoredEmbeddings
from embedlab.tables import ReadOptions, ReadReport
from embedlab.texts import Splitting
from embedlab.ui.choices import Selection
from embedlab.ui.choices.address import KEYS
from embedlab.ui.views.clusters import takeaway

__all__ = ["KEYS", "ViewSettings", "costs", "main", "recipe", "snippet"]

RESULTS = (costs.Cost, MeanEstimate, ResampledEstimate, Result, ReadReport, StoredEmbeddings, Token)
RESULTS += (ClusterReport, ProbeReport, RetrievalReport, StsReport)
"""What public functions return that has no public name."""

TEXTS = (
    "=SUM(A1:A9)",
    "<script>alert('parcel')</script> & <b>bold</b>",
    'Sie sagte: "Grüße aus Köln", 1;5 €',
    " ",
    "two\nlines\tand a tab",
    "@parcel 한국어 👋",
    "=SUM(A1:A9)",
    "\u200b",
    "$title ${policy} | `code` \\ 'late' \u202e turned",
    "-1 parcel, _x003D_",
)
FILE = "it's “nasty”.jsonl"
CONTENT = "".join(
    json.dumps({"text": text, "=note": f"+{row}", "cluster": "ä" * (row % 2)}) + "\n" for row, text in enumerate(TEXTS)
).encode()
VECTORS = np.eye(4, dtype=np.float32)[[0, 0, 1, 2, 3, 0, 2, 3]]
FORMATS = EXPORT_FORMATS.values()
MODEL = EmbeddingSettings("all-MiniLM-L6-v2", "8b3219a9", "mean", "auto", "float32 by torch")
WORDS = EmbeddingSettings("tf-idf", "", "mean", "auto", "float32 by scikit-learn")


def dataset():
    """The table, as it is read when somebody uploads it."""
    return DatasetStore().add(CONTENT, FILE)


def settings():
    """Every kind of settings, by name."""
    table = describe_source(dataset(), "text", "cluster")
    sample = DatasetStore().get("support_messages~50")
    usual = ViewSettings(table, MODEL, version="0.1.0")
    by_hand = SourceSettings(
        'a "b" \\ \u202e.csv', "0" * 64, "it's", None,
        ReadOptions("cp1252", ";", 0, trim=False, repair=True, missing=("NA", "n/a"), day_first=True),
    )  # fmt: skip
    edits = ('rename 0 to It\'s "one" \\ ü', "merge 1, 2", "split 0 into 2")
    return {
        "usual": usual,
        "edited": replace(usual, clusters=ClusterSettings("agglomerative", 4, None, 5, edits)),
        "dense": replace(usual, clusters=ClusterSettings("hdbscan", min_cluster_size=6), map=MapSettings("tsne", 2, 5)),
        "sample": replace(usual, source=describe_source(sample, "text", "topic")),
        "by_hand": replace(usual, source=by_hand, embedding=replace(MODEL, pooling_mode="cls", precision="float32")),
        "passages": replace(usual, passages=Splitting(200, 20)),
        "own_vectors": replace(usual, embedding=EmbeddingSettings(OWN_VECTORS, "", "mean")),
        "own_map": replace(usual, map=MapSettings(UPLOADED)),
        # One group under a name of its own: what is replayed is the same on any machine, but for the coordinates.
        "replayed": ViewSettings(
            table,
            WORDS,
            ClusterSettings(n_clusters=1, edits=("rename 0 to =Everything",)),
            MapSettings("pca", 3, 4, 0.25, 1),
            "0.1.0",
        ),
    }


def view():
    """A view of the table: two clusters, one text in none."""
    silhouettes = np.array([0.5, 0.25, 0.75, 0.5, 0.125, 0.375, 0.25, np.nan])
    labels = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    coordinates = np.array([[0, 0], [1, 0], [2, 0.5], [4, 1], [0.25, 3], [1, 3], [2, 3], [3, 2]], dtype=np.float32)
    return View(
        settings()["edited"],
        select_texts(dataset().table, "text"),
        VECTORS,
        el.Clustering(labels, VECTORS[:2], silhouettes, ((2, 0.25), (3, 0.5))),
        {0: "late, <b>parcel</b>", 1: '=SUM("Grüße")', -1: "no cluster"},
        el.Projection(coordinates, {15: 0.875, 50: 0.75, 150: 0.625}, "umap"),
    )


def given_away():
    """The files of the Clusters page, by what their buttons say."""
    shown = view()
    return takeaway.files(shown, Selection(dataset(), "text", "cluster", MODEL.model, "mean"))


def report():
    """The page that holds a view, of one day."""
    return html_report(view(), 'Mine & "<yours>" $title', max_texts=6, today=date(2026, 5, 4))


def other_files():
    """What the other pages give away, by the names of the files."""
    shown, whole = view(), dataset().table.frame
    frame, rows, texts = shown.corpus.frame, shown.corpus.summary.kept, shown.corpus.texts
    hits = [[el.FusedHit(4, 0.75, (1, None)), el.FusedHit(0, 0.5, (2, 1))], []]
    chances = np.array([[3, 1], [1, 3], [2, 2], [4, 0], [0, 4], [1, 3], [3, 1], [1, 3]], dtype=np.float32) / 4
    codes = np.array([0, 0, 0, 0, 1, 1, 1, -1])
    learned = el.Classification(("<i>", "ä"), codes, chances, {"rare": 1}, 0, np.arange(len(codes)), None, None)
    groups = el.DuplicateGroups(np.array([0, -1, -1, -1, -1, 0, -1, -1]), 1, texts, VECTORS)
    kept = groups.keep("first")
    compared = comparison_table(comparison(), "spearman")
    tables = {
        "hits": hits_table(texts, ["=late", "grüße"], hits),
        "classified": classification_table(frame, learned),
        "cleaned": cleaned_table(whole, rows, kept),
    }
    files = {f"{name}{form.suffix}": form.write(table) for name, table in tables.items() for form in FORMATS}
    files |= {"removed.csv": to_csv(removed_table(whole, rows, groups, kept)), "comparison.csv": to_csv(compared)}
    return files | {"comparison.md": to_markdown(compared).encode()}


def comparison():
    """Three candidates, one without the main figure, one told apart from the best, with a name that is no Markdown."""
    pairs = el.Pairs(("a", "b", "c"), ("d", "e", "f"), np.array([0.0, 1.0, 2.0]))
    signs = np.tile([-1.0, 1.0], 20)

    def figure(value, size):
        return ResampledEstimate(lambda counts: value + (counts - 1) @ signs * size, np.arange(40))

    figures = {
        "best": {"spearman": figure(0.75, 1 / 512), "pearson": figure(0.5, 1 / 64)},
        "my|model<b>~cls~layer=3": {"spearman": figure(0.25, -1 / 128)},
        "tf-idf~raw": {"spearman": figure(0.6875, -1 / 64)},
        "none": {"pearson": figure(0.125, 1 / 64)},
    }
    results = []
    for key, found in figures.items():
        candidate = el.Candidate.parse(key)
        spec = el.EmbeddingSpec(candidate.model, "1", "mean", 6, "query", False, True, "float32")
        results.append(Result(candidate, spec, found, costs.Cost(1024.5, 384, 1_536, 22_713_216, 0.125, 0.0), True))
    return el.Comparison(pairs, tuple(results))


def table_without_map(content):
    """Return a table as CSV without its coordinates, which differ in their last digits from machine to machine."""
    frame = pd.read_csv(content, dtype=str, keep_default_na=False)
    return frame.drop(columns=["x", "y", "z"]).to_csv(index=False, lineterminator="\n")
