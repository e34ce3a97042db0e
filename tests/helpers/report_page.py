"""A view made of texts, its report as a page, and what stands in that page."""

import json
import re
from html.parser import HTMLParser

import numpy as np

from embedlab.clustering import cluster
from embedlab.datasets import DatasetStore, select_texts
from embedlab.exports import ClusterSettings, MapSettings, View, ViewSettings, describe_source
from embedlab.exports.settings import EmbeddingSettings
from embedlab.naming import name_clusters
from embedlab.projection import project

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text inside each kind of element."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.open = [], {}, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "every element is closed where it should be"

    def handle_data(self, data):
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def make_view(texts, n_clusters=2, n_components=2, name="mine.csv"):
    """A view of texts on random vectors."""
    content = "".join(json.dumps({"text": text, "n": "1"}) + "\n" for text in texts).encode()
    dataset = DatasetStore().add(content, name)
    corpus = select_texts(dataset.table, "text")
    vectors = np.random.default_rng(0).standard_normal((len(corpus.texts), 8)).astype(np.float32)
    clustering = cluster(vectors, n_clusters)
    settings = ViewSettings(
        describe_source(dataset, "text", None),
        EmbeddingSettings("all-MiniLM-L6-v2", "abc", "mean"),
        ClusterSettings(n_clusters=n_clusters),
        MapSettings("pca", n_components),
    )
    names = name_clusters(corpus.texts, clustering.labels)
    return View(settings, corpus, vectors, clustering, names, project(vectors, "pca", n_components))


def data_of(html):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL).group(1))


EVIL = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "$title ${policy} $$",
    "\u2028 line \u2029 separators",
    "&lt;already escaped&gt; &amp;",
]
