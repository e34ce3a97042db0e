"""A million short texts on a graphics card: seconds of each step, and each answer beside the processor's on a part.

One run takes less than four minutes on a card of a data centre. For a trial without a card: `--device cpu --rows 20000`
lets the processor's device of torch stand in for one; its seconds say nothing.
"""

import argparse
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
from _shared import short_texts
from sklearn.metrics import adjusted_rand_score

import embedlab as el
from embedlab.device import card, pick_device
from embedlab.projection import say_trustworthiness
from embedlab.rows import sample_positions

Found = TypeVar("Found")
Say = Callable[[str], None]

N_CLUSTERS = 50
# Tokens of a batch on a card.
GPU_TOKENS = 131_072
# So many rows are computed by the processor, too.
N_ENCODED, N_ASKED, N_GROUPED = 5_000, 200, 50_000


def main() -> None:
    """Print one table, or say that there is no card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="number of texts")
    parser.add_argument("--device", default="auto", help="auto, cuda, mps, or cpu to try the script")
    options = parser.parse_args()
    device = pick_device(options.device)
    if device == "cpu" and options.device == "auto":
        print("No graphics card on this machine: not measured.")
        return
    if device == "cpu":
        card.card_name = lambda: "cpu"
    texts = short_texts(options.rows)
    where = f"{name_of(device)}, {os.cpu_count()} cores"
    print(f"| {len(texts):,} short texts on {where} | seconds | beside the processor |\n|---|---|---|")

    def say(row: str) -> None:
        # At once: a card may be lent for some minutes only.
        print(f"| {row} |", flush=True)

    embeddings = encode(say, texts, device)
    neighbors = find_neighbors(say, embeddings)
    group(say, embeddings)
    for n in sorted({min(100_000, len(texts)), len(texts)}):
        lay_out(say, embeddings[:n], neighbors if n == len(texts) else None)
    search(say, embeddings)
    whole_way(say, texts, options.device)


def encode(say: Say, texts: list[str], device: str) -> np.ndarray:
    """Tokens alone, then embeddings."""
    encoder = el.load_encoder(device=device)
    batches, seconds = timed(lambda: list(encoder.tokenizer.batches(texts, GPU_TOKENS)))
    n_tokens = sum(int(batch.lengths.sum()) for batch in batches)
    n_padded = sum(batch.input_ids.size for batch in batches)
    said = f"{len(texts) / seconds:,.0f} texts/s of {n_tokens / len(texts):.0f} tokens"
    say(f"tokens alone, in batches | {seconds:.1f} | {said}, {1 - n_tokens / n_padded:.1%} padding")
    encoder.encode(texts[:N_ENCODED])
    embeddings, seconds = timed(lambda: encoder.encode(texts))
    exact = el.load_encoder(device="cpu", precision="float32").encode(texts[:N_ENCODED])
    near = np.einsum("ij,ij->i", embeddings[:N_ENCODED], exact).min()
    say(f"encode, {encoder.precision} | {seconds:.1f} | {len(texts) / seconds:,.0f} texts/s, lowest cosine {near:.6f}")
    return embeddings


def find_neighbors(say: Say, embeddings: np.ndarray) -> el.NeighborGraph:
    """All of them, and those of some rows by the processor."""
    found, seconds = timed(lambda: el.neighbor_graph(embeddings))
    asked = sample_positions(len(embeddings), N_ASKED, 0)
    with on_processor():
        _, expected = el.nearest_neighbors(embeddings, 16, embeddings[asked])
    # Each finds itself first; of rows equally near any may come before the others.
    apart = np.abs(found.similarities[asked] - expected[:, 1:]).max()
    say(f"neighbours, exact | {seconds:.1f} | cosines of {len(asked)} rows at most {apart:.0e} apart")
    return found


def group(say: Say, embeddings: np.ndarray) -> None:
    """KMeans of all, and of some beside the processor."""
    _, seconds = timed(lambda: el.cluster(embeddings, N_CLUSTERS))
    part = embeddings[:N_GROUPED]
    found = el.cluster(part, N_CLUSTERS)
    with on_processor():
        expected = el.cluster(part, N_CLUSTERS)
    score = adjusted_rand_score(expected.labels, found.labels)
    say(f"KMeans, {N_CLUSTERS} clusters | {seconds:.1f} | ARI of {len(part):,} rows {score:.4f}")


def lay_out(say: Say, embeddings: np.ndarray, neighbors: el.NeighborGraph | None) -> None:
    """Draw the map with neighbours given; that of fewer rows beside the processor's."""
    known = neighbors or el.neighbor_graph(embeddings)
    found, seconds = timed(lambda: el.project(embeddings, neighbors=known))
    said = f"trustworthiness {say_trustworthiness(found.trustworthiness)}"
    if neighbors is None:
        with on_processor():
            beside = el.project(embeddings, neighbors=known).trustworthiness
        said += f"; the processor's {say_trustworthiness(beside)}"
    say(f"map of {len(embeddings):,}, neighbours given | {seconds:.1f} | {said}")


def search(say: Say, embeddings: np.ndarray) -> None:
    """One query at a time, after the first."""
    texts = [str(number) for number in range(len(embeddings))]
    queries = embeddings[sample_positions(len(embeddings), 20, 1)] + np.float32(0.01)
    index = el.SearchIndex(texts, embeddings)
    index.search(queries[0])
    found, seconds = timed(lambda: [index.search(query) for query in queries])
    with on_processor():
        index = el.SearchIndex(texts, embeddings)
        same = sum(index.search(query) == hits for query, hits in zip(queries, found, strict=True))
    each = seconds / len(queries)
    say(f"search, one query | {each:.4f} | the same hits and scores for {same} of {len(queries)} queries")


def whole_way(say: Say, texts: list[str], device: str) -> None:
    """From a Parquet file to named clusters on a map, by the command, in a new process."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as folder:
        table, output = Path(folder) / "texts.parquet", Path(folder) / "map.parquet"
        pq.write_table(pa.table({"text": texts}), table)
        command = [
            str(Path(sys.executable).with_name("embedlab")),
            "cluster",
            str(table),
            "--text",
            "text",
            "--no-cache",
        ]
        command += ["--n-clusters", str(N_CLUSTERS), "--device", device, "-o", str(output)]
        done, seconds = timed(lambda: subprocess.run(command, check=True, capture_output=True, text=True))
        n_rows = pq.read_metadata(output).num_rows
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    said = f"{n_rows:,} rows written, {peak:.1f} GiB of memory at most"
    say(f"from a Parquet file to the named map | {seconds:.1f} | {said}")
    # What the command says itself: each step and its seconds.
    print(re.sub(r".*\r", "", done.stderr))


@contextmanager
def on_processor() -> Iterator[None]:
    """Leave the card out for a while."""
    used, card.card_name = card.card_name, lambda: None
    try:
        yield
    finally:
        card.card_name = used


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """Return what some work finds, and its seconds."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def name_of(device: str) -> str:
    """Return the name of the card."""
    import torch

    return (
        torch.cuda.get_device_name() if device == "cuda" else f"{device} ({platform.processor() or platform.machine()})"
    )


if __name__ == "__main__":
    main()
