"""The first look at 10,000 texts: processor seconds of its steps, and what it is worth beside the map of the model.

Intents of CLINC150. Both maps are judged by the embeddings of the model: trustworthiness at 15, 50 and 150 neighbours,
and how often most of the 15 nearest on the map have a point's own label. Processor seconds are those of all threads:
on two idle cores a person waits a little more than half as long.
"""

import json
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from _shared import DATA, print_table
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

import embedlab as el
from embedlab.jobs import Jobs, Task
from embedlab.models import DEFAULT_MODEL, STATIC_PREFIX
from embedlab.projection import trustworthiness
from embedlab.ui.tasks import first_look, text_tasks

Found = TypeVar("Found")
N_TEXTS, NEIGHBORS = 10_000, (15, 50, 150)


def main() -> None:
    """Print what each step takes, and how true the two maps are."""
    splits = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    intents = {text: intent for rows in splits.values() for text, intent in rows if intent != "oos"}
    texts = np.random.default_rng(0).permutation(list(intents)).tolist()[:N_TEXTS]
    labels = [intents[text] for text in texts]
    words, encoder, jobs = el.load_encoder(f"{STATIC_PREFIX}{DEFAULT_MODEL}"), el.load_encoder(), Jobs()

    def done(task: Task[Found]) -> Found:
        return jobs.submit(task).result()

    few = text_tasks.Embedded(words.encode(texts[:500]), ("few", ""))  # compiles
    done(first_look.lay_out(few, 2))
    done(first_look.group(texts[:500], few, "auto"))
    vectors, embedding = timed(lambda: words.encode(texts))
    looked_at = text_tasks.Embedded(vectors, ("all", ""))
    drawn, drawing = timed(lambda: done(first_look.lay_out(looked_at, 2)))
    _, grouping = timed(lambda: done(first_look.group(texts, looked_at, "auto")))
    steps = {"word vectors": embedding, "map": drawing, "groups and names": grouping}
    steps["all"] = sum(steps.values())
    print_table("step | processor seconds", [f"{step} | {seconds:.2f}" for step, seconds in steps.items()])
    embeddings, reading = timed(lambda: encoder.encode(texts))
    maps = {
        "first look": drawn.coordinates,
        "of the model": el.project(embeddings).coordinates,
        "of the model, begun from the first look": el.project(embeddings, start=drawn.coordinates).coordinates,
    }
    rows = [
        f"{name} | {' | '.join(f'{share:.3f}' for share in judge(embeddings, points, labels))}"
        for name, points in maps.items()
    ]
    trust = " | ".join(f"trust at {k}" for k in NEIGHBORS)
    print_table(f"map | {trust} | label accuracy", rows)
    print(f"The model reads the texts in {reading:.1f} processor seconds.")


def timed(call: Callable[[], Found]) -> tuple[Found, float]:
    """Return what a call gives, and the processor seconds of all threads."""
    start = time.process_time()
    found = call()
    return found, time.process_time() - start


def judge(embeddings: NDArray[np.float32], points: NDArray[np.float32], labels: list[str]) -> list[float]:
    """Return trustworthiness at each number of neighbours, then the share of points with the label of those around."""
    nearest = KNeighborsClassifier(15).fit(points, labels)
    right = float(np.mean(nearest.predict(None) == np.array(labels)))
    return [*trustworthiness(embeddings, points, NEIGHBORS).values(), right]


if __name__ == "__main__":
    main()
