"""A million short texts on a GPU: seconds, texts a second, and how near half precision stays to float32."""

import time

import numpy as np
from _shared import print_table, short_texts

import embedlab as el

N_TEXTS, N_COMPARED = 1_000_000, 5_000


def main() -> None:
    """Print one row, or say that there is no GPU."""
    encoder = el.load_encoder()
    if encoder.device == "cpu":
        print("No GPU on this machine: not measured.")
        return
    texts = short_texts(N_TEXTS)
    mean = encoder.tokenizer.count(texts[:N_COMPARED]).mean()
    exact = el.load_encoder(precision="float32").encode(texts[:N_COMPARED])
    near = np.einsum("ij,ij->i", encoder.encode(texts[:N_COMPARED]), exact)
    start = time.perf_counter()
    encoder.encode(texts)
    seconds = time.perf_counter() - start
    print_table(
        f"{N_TEXTS:,} texts of {mean:.0f} tokens on {encoder.device} | seconds | texts/s | lowest cosine to float32",
        [f'`precision="auto"` ({encoder.precision}) | {seconds:.1f} | {N_TEXTS / seconds:,.0f} | {near.min():.5f}'],
    )


if __name__ == "__main__":
    main()
