"""A second look at the same texts: how much of the first it costs when their embeddings are kept on disk."""

import tempfile
import time
from pathlib import Path

from _shared import print_table, short_texts

import embedlab as el

N_TEXTS, N_NEW = 20_000, 10


def main() -> None:
    """Embed texts through an empty store, again, and with ten new ones; print shares of the first time."""
    encoder, texts = el.load_encoder(), short_texts(N_TEXTS + N_NEW)
    encoder.encode(texts[:500])
    with tempfile.TemporaryDirectory() as folder:
        store = el.EmbeddingStore(Path(folder))
        looks = {
            f"first look at {N_TEXTS:,} texts": texts[:N_TEXTS],
            "second look": texts[:N_TEXTS],
            f"with {N_NEW} new texts": texts,
            "without the store": texts[:N_TEXTS],
        }
        seconds = {}
        for name, chosen in looks.items():
            start = time.perf_counter()
            if name == "without the store":
                encoder.encode(chosen)
            else:
                store.encode(encoder, chosen)
            seconds[name] = time.perf_counter() - start
    first = next(iter(seconds.values()))
    print_table(
        "embeddings kept on disk | share of the first look",
        [f"{name} | {100 * taken / first:.1f} %" for name, taken in seconds.items()],
    )


if __name__ == "__main__":
    main()
