"""Maps beside umap-learn's and scikit-learn's t-SNE: seconds, and how true they are near and far.

Four sets of different labelled texts in two dimensions; told ``others``, the two smaller ones by t-SNE and in three.
One process, the ways taking turns, each set once; the first call of each way compiles and is given apart. Judged by
trustworthiness at 15, 50 and 150 neighbours (over 1,000 points, which the suite holds against scikit-learn's over
all), and by how often most of the 15 nearest on the map have a point's own label.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from _shared import DATA, print_table, record
from numpy.typing import NDArray
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier
from umap import UMAP

import embedlab as el
from embedlab.projection import trustworthiness

NEIGHBORS, RECORDED_ROWS = (15, 50, 150), 10_000


Way: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def umap_learn(init: str, n_components: int = 2) -> Way:
    """Return umap-learn's way from a start."""
    usual = {"metric": "cosine", "random_state": 42, "n_jobs": 1}
    return lambda rows: UMAP(n_components=n_components, init=init, **usual).fit_transform(rows)


OTHERS: dict[str, Way] = {
    "scikit-learn TSNE": lambda rows: TSNE(perplexity=30, init="pca", random_state=42).fit_transform(rows),
    "embedlab.project, t-SNE": lambda rows: el.project(rows, "tsne").coordinates,
    "umap-learn, spectral start, 3-D": umap_learn("spectral", 3),
    "umap-learn, PCA start, 3-D": umap_learn("pca", 3),
    "embedlab.project, 3-D": lambda rows: el.project(rows, n_components=3).coordinates,
}
WAYS: dict[str, Way] = {
    "umap-learn, spectral start": umap_learn("spectral"),
    "umap-learn, PCA start": umap_learn("pca"),
    "engine='umap-learn'": lambda rows: el.project(rows, engine="umap-learn").coordinates,
    "embedlab.project": lambda rows: el.project(rows).coordinates,
}


def labelled_texts() -> dict[str, tuple[list[str], list[str]]]:
    """Return the sets: different texts and their labels."""
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    domains = json.loads((DATA / "clinc150" / "domains.json").read_text(encoding="utf-8"))
    domain = {intent: name for name, intents in domains.items() for intent in intents}
    intents = {text: intent for rows in splits.values() for text, intent in rows if intent != "oos"}
    lines = (DATA / "parakqc" / "paraKQC_v1.txt").read_text(encoding="utf-8-sig").splitlines()
    topics = {cells[2]: cells[0] for cells in (line.split("\t") for line in lines)}
    return {
        "CLINC150, 10 domains": drawn({text: domain[intent] for text, intent in intents.items()}, 4_000),
        "paraKQC (Korean), 4 topics": drawn(topics, 5_000),
        "CLINC150, 150 intents": drawn(intents, RECORDED_ROWS),
        "CLINC150, 150 intents, more": drawn(intents, 20_000),
    }


def drawn(labels: dict[str, str], n_texts: int) -> tuple[list[str], list[str]]:
    """Return some of the texts, drawn at random, with their labels."""
    texts = list(labels)
    chosen = [texts[i] for i in np.random.default_rng(0).permutation(len(texts))[:n_texts]]
    return chosen, [labels[text] for text in chosen]


def judge(embeddings: NDArray[np.float32], points: NDArray[np.float32], labels: list[str]) -> list[float]:
    """Return trustworthiness at each number of neighbours, then the share of points with the label of those around."""
    found = trustworthiness(embeddings, points, NEIGHBORS).values()
    nearest = KNeighborsClassifier(15).fit(points, labels)
    return [*found, float(np.mean(nearest.predict(None) == np.array(labels)))]


def main() -> None:
    """Print the table as Markdown."""
    with_others = sys.argv[1:] == ["others"]
    sets, ways = labelled_texts(), OTHERS if with_others else WAYS
    encoder = el.load_encoder()
    rows = []
    for place, (name, (texts, labels)) in enumerate(list(sets.items())[: 2 if with_others else None]):
        embeddings = encoder.encode(texts)
        seconds = {}
        for way, run in ways.items():
            if not place:
                start = time.perf_counter()
                run(embeddings)
                first = time.perf_counter() - start
                print(f"{way}: first call {first:.1f} s", flush=True)
            start = time.perf_counter()
            points = run(embeddings)
            seconds[way] = time.perf_counter() - start
            judged = " | ".join(f"{share:.3f}" for share in judge(embeddings, points, labels))
            rows.append(f"{name} | {len(texts):,} | {way} | {seconds[way]:.2f} | {judged}")
            print(rows[-1], flush=True)
        if len(texts) == RECORDED_ROWS and not with_others:
            ratio = seconds["umap-learn, spectral start"] / seconds["embedlab.project"]
            record({"map of 10,000 embeddings | umap.UMAP with a seed": ratio})
    trust = " | ".join(f"trust at {k}" for k in NEIGHBORS)
    print_table(f"texts | rows | way | seconds | {trust} | label accuracy", rows)


if __name__ == "__main__":
    main()
