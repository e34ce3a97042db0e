"""The commands about embeddings themselves: written to a file, and kept on disk."""

from __future__ import annotations

import argparse

from embedlab.cli.commands.bulk import add_pieces, encode_into, is_folder, refuse_pieces
from embedlab.cli.parts import (
    Commands,
    add_command,
    add_output,
    add_passages,
    check_ending,
    embed,
    load,
    look_at_unread,
    say,
    set_aside,
    write,
)
from embedlab.escape import printable

ENCODE_ENDINGS = (".parquet", ".npy")


def add_encode(group: Commands) -> None:
    """Add the command that writes embeddings."""
    command = add_command(
        group,
        "encode",
        encode,
        "write the embeddings of a column",
        "embedlab encode in.csv --text review -o out.parquet",
    )
    add_passages(command)
    add_output(
        command,
        ".parquet: the table with a column 'embedding'; .npy: the array alone, one row a row of the table; a folder, "
        "which has no ending: pieces",
        required=True,
    )
    add_pieces(command)


def add_cache(group: Commands) -> None:
    """Add the command about what is kept on disk."""
    summary = "show the embeddings kept on disk, or drop them"
    command = group.add_parser(
        "cache", help=summary, description=summary.capitalize() + ".", epilog="example: embedlab cache --clear"
    )
    command.set_defaults(run=cache)
    command.add_argument("--clear", action="store_true", help="drop all of them; they are computed again when needed")


def encode(options: argparse.Namespace) -> None:
    """Write the embeddings of a column of texts."""
    if is_folder(options.output):
        encode_into(options)
        return
    refuse_pieces(options)
    from embedlab.exports import embedding_table, spread_rows, to_npy, to_parquet

    check_ending(options.output, ENCODE_ENDINGS)
    _, corpus, encoder = load(options)
    look_at_unread(encoder, corpus)
    vectors = embed(encoder, corpus, options)
    # Rows stay rows: where a text is blank there is no vector, and nothing below it moves up.
    if options.output.suffix == ".npy":
        full = spread_rows(vectors, corpus.summary.kept, corpus.summary.n_texts)
        write(options.output, to_npy(full))
    else:
        write(options.output, to_parquet(embedding_table(corpus.whole, corpus.summary.kept, vectors)))
    say(f"{len(vectors):,} embeddings of {vectors.shape[1]} dimensions written to {options.output}{set_aside(corpus)}")


def cache(options: argparse.Namespace) -> None:
    """Show the embeddings that are kept on disk, or drop them."""
    from embedlab.store import EmbeddingStore

    store = EmbeddingStore()
    if options.clear:
        print(f"{store.clear():,} embeddings dropped")
    print(f"{printable(str(store.path))}: {store.nbytes / 2**20:,.1f} MiB of {store.max_bytes / 2**20:,.0f} MiB")
    for entry in store.entries():
        print(f"{entry.n_texts:,}\t{printable(entry.spec.description)}\t{entry.last_used}")
