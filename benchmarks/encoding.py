"""Encoding beside what a user would otherwise write, ``SentenceTransformer.encode`` with its defaults.

The same texts and weights, one process, the ways taking turns; medians of the rounds after a first one that is not
counted. Only the ratios mean something: absolute times depend on the machine and what else it does.

A machine with AVX-512 does what one without it does, nearly, under
``ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 OPENBLAS_CORETYPE=Haswell``; products by MLAS in OpenVINO, half of
them in float32, do not obey.
"""

import argparse
import os

import numpy as np
from _shared import in_turns, mixed_texts, print_table, record
from sentence_transformers import SentenceTransformer

import embedlab as el
from embedlab.encoders.running import processor_words, product_speeds
from embedlab.models import DEFAULT_MODEL, catalog

ROUNDS, N_TEXTS = 5, 2000
SIX = [el.Variant(mode) for mode in ("mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")]


def main() -> None:
    """Print one table for the precisions and one for many variants in one pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=N_TEXTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    texts = mixed_texts(options.texts)
    folder = str(catalog()[DEFAULT_MODEL].bundled_folder())
    encoders = {precision: el.load_encoder(precision=precision) for precision in ("float32", "auto", "int8")}
    exact = encoders["float32"]
    lengths = exact.tokenizer.count(texts)
    print(f"{len(texts):,} texts, {lengths.mean():.0f} tokens on average, {lengths.max()} at most, on {exact.device}")
    print(f"{os.environ.get('ONEDNN_MAX_CPU_ISA', 'all')} instructions, load {os.getloadavg()[0]:.1f}\n")
    compare_precisions(texts, SentenceTransformer(folder, device=exact.device), encoders, options.rounds)
    print()
    for encoder in encoders.values():
        print(processor_words(product_speeds(), encoder.precision, encoder.reached))
    print()
    compare_variants(texts, encoders["auto"], options.rounds)


def compare_precisions(
    texts: list[str], library: SentenceTransformer, encoders: dict[str, el.Encoder], rounds: int
) -> None:
    """Print speed and nearness of each precision."""
    found = {name: encoder.encode(texts) for name, encoder in encoders.items()}
    ways = {"library": lambda: library.encode(texts)}
    ways |= {name: lambda encoder=encoder: encoder.encode(texts) for name, encoder in encoders.items()}
    seconds = in_turns(ways, rounds)
    reference = library.encode(texts, convert_to_numpy=True)
    rows = ["`SentenceTransformer.encode`, defaults | 1.0 | 1 | 1 | 0"]
    for name, encoder in encoders.items():
        cosines = np.minimum(np.einsum("ij,ij->i", found[name], reference), 1)
        rows.append(
            f'`precision="{name}"` ({encoder.backend}, {encoder.precision}) | {seconds["library"] / seconds[name]:.1f} '
            f"| {cosines.min():.5f} | {cosines.mean():.5f} | {np.abs(found[name] - reference).max():.0e}"
        )
    print_table("way | times as fast | lowest cosine | mean cosine | largest difference", rows)
    if "ONEDNN_MAX_CPU_ISA" in os.environ:
        return  # the figure shows what a processor does whole
    record({f"encode, {name} | SentenceTransformer.encode": seconds["library"] / seconds[name] for name in encoders})


def compare_variants(texts: list[str], encoder: el.Encoder, rounds: int) -> None:
    """Print what more poolings and layers cost."""
    chosen = {
        "mean": SIX[:1],
        "six poolings": SIX,
        "six poolings and attention": [*SIX, el.Variant("attention")],
        "mean of every layer": [el.Variant("mean", layer) for layer in range(encoder.n_layers + 1)],
    }
    ways = {
        name: lambda variants=variants: encoder.encode_variants(texts, variants) for name, variants in chosen.items()
    }
    seconds = in_turns(ways, rounds)
    print_table(
        "`encode_variants` | times one encode", [f"{name} | {seconds[name] / seconds['mean']:.2f}" for name in chosen]
    )


if __name__ == "__main__":
    main()
