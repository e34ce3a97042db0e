"""Encoding beside what a user would otherwise write, ``SentenceTransformer.encode`` with its defaults.

The same texts and weights, one process, the ways taking turns; medians of the rounds after a first one that is not
counted. Only the ratios mean something: absolute times depend on the machine and what else it does.
"""

import numpy as np
from _shared import in_turns, mixed_texts, print_table, record
from sentence_transformers import SentenceTransformer

import embedlab as el
from embedlab.models import DEFAULT_MODEL, catalog

ROUNDS, N_TEXTS = 5, 2000
SIX = [el.Variant(mode) for mode in ("mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")]


def main() -> None:
    """Print one table for the precisions and one for many variants in one pass."""
    texts = mixed_texts(N_TEXTS)
    folder = str(catalog()[DEFAULT_MODEL].bundled_folder())
    encoders = {precision: el.load_encoder(precision=precision) for precision in ("float32", "auto", "int8")}
    exact = encoders["float32"]
    lengths = exact.tokenizer.count(texts)
    print(f"{N_TEXTS:,} texts, {lengths.mean():.0f} tokens on average, {lengths.max()} at most, on {exact.device}\n")
    compare_precisions(texts, SentenceTransformer(folder, device=exact.device), encoders)
    print()
    compare_variants(texts, encoders["auto"])


def compare_precisions(texts: list[str], library: SentenceTransformer, encoders: dict[str, el.Encoder]) -> None:
    """Print speed and nearness of each precision."""
    found = {name: encoder.encode(texts) for name, encoder in encoders.items()}
    ways = {"library": lambda: library.encode(texts)}
    ways |= {name: lambda encoder=encoder: encoder.encode(texts) for name, encoder in encoders.items()}
    seconds = in_turns(ways, ROUNDS)
    reference = library.encode(texts, convert_to_numpy=True)
    rows = ["`SentenceTransformer.encode`, defaults | 1.0 | 1 | 1 | 0"]
    for name, encoder in encoders.items():
        cosines = np.minimum(np.einsum("ij,ij->i", found[name], reference), 1)
        rows.append(
            f'`precision="{name}"` ({encoder.backend}, {encoder.precision}) | {seconds["library"] / seconds[name]:.1f} '
            f"| {cosines.min():.5f} | {cosines.mean():.5f} | {np.abs(found[name] - reference).max():.0e}"
        )
    print_table("way | times as fast | lowest cosine | mean cosine | largest difference", rows)
    record({f"encode, {name} | SentenceTransformer.encode": seconds["library"] / seconds[name] for name in encoders})


def compare_variants(texts: list[str], encoder: el.Encoder) -> None:
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
    seconds = in_turns(ways, ROUNDS)
    print_table(
        "`encode_variants` | times one encode", [f"{name} | {seconds[name] / seconds['mean']:.2f}" for name in chosen]
    )


if __name__ == "__main__":
    main()
