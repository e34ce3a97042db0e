"""What the commands about vector stores do: write a table into one, say what is in it, ask it, judge it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from embedlab.cli.parts import bar, embed, load, load_model, look_at_unread, say, write
from embedlab.escape import printable
from embedlab.models import DEFAULT_MODEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.spec import EmbeddingSpec
    from embedlab.stores import Collection, VectorStore
    from embedlab.stores.judging import Judged


def _opened(options: argparse.Namespace) -> VectorStore:
    from embedlab.stores import open_store
    from embedlab.stores.exchange import own_store

    return open_store(options.store or own_store())


def write_store(options: argparse.Namespace) -> None:
    """Embed the texts of a table and write those that are new or have changed."""
    from embedlab.stores import write as write_rows
    from embedlab.stores.exchange import make_rows

    _, corpus, encoder = load(options)
    prompt_name = encoder.document_prompt_name
    look_at_unread(encoder, corpus, prompt_name)
    spec = encoder.spec(pooling_mode=options.pooling or encoder.pooling_mode, prompt_name=prompt_name)
    with _opened(options) as store:
        is_there = store.has_collection(options.collection)
        collection = (
            store.open_collection(options.collection)
            if is_there
            else store.create_collection(options.collection, encoder.embedding_dimension, spec=spec)
        )
        found = make_rows(corpus, embed(encoder, corpus, options, prompt_name=prompt_name), id_column=options.id)
        rows = found.records
        assert rows.embeddings is not None
        with bar("writing", "rows") as progress:
            written = write_rows(
                collection, rows.ids, rows.embeddings, rows.documents, rows.metadatas, spec=spec, progress=progress
            )
    if found.n_left_out:
        say(f"{found.n_left_out:,} texts left out: their embeddings are nothing but zeros, which no store takes")
    say(
        f"{options.collection}: {written.n_new:,} rows are new, {written.n_changed:,} were replaced, "
        f"{written.n_unchanged:,} were there as they are; {written.n_others:,} others are in it"
    )


def list_store(options: argparse.Namespace) -> None:
    """Print the collections of a store, a line each."""
    with _opened(options) as store:
        infos = store.list_collections()
        place = str(store.address)
    if not infos:
        say(f"nothing is in {place} yet")
        return
    print("collection\trows\tdimensions\tmodel\tindex\tmade by")
    for info in infos:
        made_by = "EmbedLab" if info.is_ours else "others"
        said = info.name, info.count, info.dimension, info.model or "not said", info.index, made_by
        print("\t".join(printable(str(each)) for each in said))


def query_store(options: argparse.Namespace) -> None:
    """Print the rows nearest to a query, best first."""
    with _opened(options) as store:
        collection = store.open_collection(options.collection)
        vectors, spec = _embed_queries(options, collection, [options.query])
        (found,) = collection.query(vectors, options.top_k, options.where, spec=spec)
    for match in found:
        print("\t".join((f"{match.score:.3f}", printable(match.id), printable(match.document))))
    if not found:
        say("no row passes the condition")


def judge_collection(options: argparse.Namespace) -> None:
    """Print what a collection finds of what there is, how fast, and what to do where that is too little."""
    from embedlab.exports import find_format
    from embedlab.stores.judging import judge_store, judged_table, judged_verdict, sweep_store

    to_file = find_format(options.output) if options.output else None
    with _opened(options) as store:
        collection = store.open_collection(options.collection)
        queries = None
        if options.queries is not None:
            from embedlab.search import read_queries

            queries = _embed_queries(options, collection, read_queries(options.queries))[0]
        records = collection.get(with_embeddings=True)
        asked: dict[str, Any] = {"records": records, "queries": queries, "top_k": options.top_k}
        judged: list[Judged] = []
        for where in [None] if options.where is None else [None, options.where]:
            with bar("asking", "queries") as progress:
                judged.append(judge_store(collection, where=where, progress=progress, **asked))
            say(judged_verdict(judged[-1], options.wanted))
        if options.sweep:
            with bar("trying settings", "settings") as progress:
                sweep = sweep_store(store, where=options.where, progress=progress, **asked)
            best = sweep.reaching(options.wanted)
            judged += sweep.tried
            say(
                f"no setting reaches a recall of {options.wanted:g}" if best is None else
                f"{best.title} reaches {best.recall:.3f} in {best.latency_p50 * 1e3:.2f} ms, the fastest that does"
            )  # fmt: skip
    table = judged_table(judged)
    if to_file:
        write(options.output, to_file.write(table))
        return
    print("\t".join(table.columns))
    for row in table.itertuples(index=False):
        print("\t".join(f"{each:.3f}" if isinstance(each, float) else str(each) for each in row))


def _embed_queries(
    options: argparse.Namespace, collection: Collection, queries: list[str]
) -> tuple[NDArray[np.float32], EmbeddingSpec]:
    """Embed questions by the model that was asked for, or that of the collection."""
    kept = collection.spec
    if options.model is None:
        options.model = DEFAULT_MODEL if kept is None else kept.model
        if kept is None:
            say(f"nobody said which model {collection.name} is of; asked with {options.model}, --model names another")
    encoder = load_model(options)
    pooling = kept.pooling_mode if kept is not None and kept.model == encoder.name else encoder.pooling_mode
    spec = encoder.spec(pooling_mode=pooling, prompt_name=encoder.query_prompt_name)
    return encoder.encode_query(queries, pooling_mode=pooling), spec
