"""Maps beside umap-learn's, with its usual start and with ours: seconds, and how true they are near and far.

Four sets of different labelled texts; one process, the ways taking turns, each set once; the first call of each way
compiles and is given apart. Judged by trustworthiness at 15, 50 and 150 neighbours (over 1,000 points, which the suite
holds against scikit-learn's over all), and by how often most of the 15 nearest on the map have a point's own label.
"""

import json
import time
from collections.abc import Callable

import numpy as np
from _shared import DATA, print_table, record
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier
from umap import UMAP

import embedlab as el
from embedlab.projection import trustworthiness

NEIGHBORS, RECORDED_ROWS = (15, 50, 150), 10_000


def umap_learn(init: str) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return umap-learn's way from a start."""
    return lambda rows: UMAP(metric="cosine", init=init, random_state=42, n_jobs=1).fit_transform(rows)


WAYS: dict[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    "umap-learn, spectral start": umap_learn("spectral"),
    "umap-learn, PCA start": umap_learn("pca"),
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
    found = [trustworthiness(embeddings, points, k) for k in NEIGHBORS]
    nearest = KNeighborsClassifier(15).fit(points, labels)
    return [*found, float(np.mean(nearest.predict(None) == np.array(labels)))]


def main() -> None:
    """Print the table as Markdown."""
    sets = labelled_texts()
    encoder = el.load_encoder()
    rows = []
    for place, (name, (texts, labels)) in enumerate(sets.items()):
        embeddings = encoder.encode(texts)
        seconds = {}
        for way, run in WAYS.items():
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
        if len(texts) == RECORDED_ROWS:
            ratio = seconds["umap-learn, spectral start"] / seconds["embedlab.project"]
            record({"map of 10,000 embeddings | umap.UMAP with a seed": ratio})
    trust = " | ".join(f"trust at {k}" for k in NEIGHBORS)
    print_table(f"texts | rows | way | seconds | {trust} | label accuracy", rows)


if __name__ == "__main__":
    main()
