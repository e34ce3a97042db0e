"""The command about retrieval: the prompt a language model would get, and ways to it judged."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.cli.commands.comparing import add_known, ends_in_words
from embedlab.cli.parts import Commands, add_output, add_table, add_yes, bar, known, read, say, write
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.comparison import Load
    from embedlab.datasets import Corpus
    from embedlab.retrieval import Prompt, TokenCounter, Way


def add_retrieve(group: Commands) -> None:
    """Add the command."""
    summary = "show the prompt a language model would get for a question, or judge ways to it on questions with answers"
    example = (
        "example: embedlab retrieve in.csv all-MiniLM-L6-v2~k=5 all-MiniLM-L6-v2~by=both~split=128+16 --qrels q.tsv"
    )
    command = group.add_parser("retrieve", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=retrieve)
    add_table(command, is_last=False)
    command.add_argument(
        "ways", nargs="+", metavar="way", help="model, then what differs from the usual, joined by ~: by=words or "
        "both, weight=0.3, split=128+16 (tokens of a passage, and of them again), k=5 (passages in the prompt), "
        "rerank=NAME (a cross-encoder on this machine), depth=50 (passages it reads), order=best-last or ends, "
        "distinct=1, context=8192, answer=512",
    )  # fmt: skip
    add_yes(command)
    command.add_argument("--ask", metavar="QUESTION", help="print the prompt for a question, by each way")
    command.add_argument(
        "--tokenizer", type=Path, metavar="FOLDER", help="of the language model, to count its tokens (estimated "
        "otherwise)",
    )  # fmt: skip
    add_known(command, hits=False)
    add_output(command, ".md, .csv, .xlsx or .parquet: the table of all figures; with --ask .txt: the prompts")


def retrieve(options: argparse.Namespace) -> None:
    """Print prompts for a question, or figures of ways on questions whose answers are known, the best first."""
    from embedlab.comparison import remembering
    from embedlab.retrieval import ESTIMATE, Way, token_counter

    ways = [Way.parse(key) for key in options.ways]
    counter = token_counter(options.tokenizer) if options.tokenizer else ESTIMATE
    corpus = read(options)[1]
    say(f"tokens are counted by {counter.name}")
    if options.ask is None:
        _judge(options, corpus, ways, counter)
        return
    load = remembering(corpus.texts)
    prompts = [(way, _prompt(corpus, options.ask, way, load, counter)) for way in ways]
    for way, prompt in prompts:
        best = f", the best at {prompt.best.middle:.0%}" if prompt.best else ""
        say(f"{printable(way.title)}: {len(prompt.placed)} passages, {prompt.n_tokens:,} tokens{best}")
        if prompt.is_full:
            say("the context is full: passages that were wanted are left out")
        for twin in prompt.twins:
            say(f"[{twin.number}] is nearly the same as [{twin.twin}]")
    text = "\n\n".join(prompt.text for _, prompt in prompts)
    if options.output:
        write(options.output, f"{text}\n".encode("utf-8", "surrogatepass"))
    for line in text.splitlines():
        print(printable(line))


def _prompt(corpus: Corpus, question: str, way: Way, load: Load, counter: TokenCounter) -> Prompt:
    from embedlab.encoders import split_corpus
    from embedlab.reranking import load_reranker
    from embedlab.retrieval import index_corpus, retrieve
    from embedlab.store import EmbeddingStore

    encoder = load(way.candidate)
    split = split_corpus(corpus, encoder, **asdict(way.splitting)) if way.splitting else corpus
    with bar("embedding") as progress:
        index = index_corpus(split, way, encoder, EmbeddingStore(), progress=progress)
    reranker = load_reranker(way.reranker) if way.reranker else None
    return retrieve(question, index, way, encoder=encoder, reranker=reranker, counter=counter)


def _judge(options: argparse.Namespace, corpus: Corpus, ways: Sequence[Way], counter: TokenCounter) -> None:
    from embedlab.comparison import to_markdown
    from embedlab.exports import find_format
    from embedlab.gold import Retrieval
    from embedlab.retrieval import compare_retrieval, retrieval_table
    from embedlab.store import EmbeddingStore

    is_markdown = options.output is not None and options.output.suffix == ".md"
    to_file = find_format(options.output) if options.output and not is_markdown else None
    gold = known(options, corpus)
    if not isinstance(gold, Retrieval):
        raise InvalidInputError(
            "A way is judged on questions whose answers are known, and the table has none. Name a file of judgements "
            "with --qrels, or ask a question with --ask."
        )
    with bar("judging", "questions") as progress:
        found = compare_retrieval(gold, ways, store=EmbeddingStore(), counter=counter, progress=progress)
    table = retrieval_table(found, found.measures[0])
    if options.output:
        write(options.output, to_file.write(table) if to_file else to_markdown(table).encode())
    for row in table.itertuples(index=False):
        print(f"{row[1]:.3f}\t{ends_in_words(row[2], row[3])}\t{printable(row[0])}")
