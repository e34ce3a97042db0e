"""Files larger than memory, embedded into a folder of pieces: here, or on a cluster."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.cli.parts import bar, load_model, read_options, say
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from embedlab.bulk import Estimate, Plan, Way


def add_pieces(command: argparse.ArgumentParser) -> None:
    """Add what is said of a folder of pieces."""
    group = command.add_argument_group(
        "into a folder (-o out/), for files larger than memory: Parquet files of some rows each, resumed where it was "
        "ended, and a manifest with their checksums"
    )
    group.add_argument("--dry-run", action="store_true", help="say what it costs, by some of the rows, and stop")
    group.add_argument("--piece-rows", type=int, metavar="N", help="rows of a piece at most (20,000)")
    group.add_argument("--engine", choices=["ray"], help="on a cluster, or on this machine as one, with the same bits")
    group.add_argument("--address", help="of a Ray cluster, such as auto or ray-head:6379 (this machine alone if none)")
    group.add_argument("--workers", type=int, metavar="N", help="processes that load the model (as many as fit)")
    group.add_argument("--worker-cpus", type=int, metavar="N", help="cores of each (all of a machine but one)")
    group.add_argument("--gpus", type=int, default=0, metavar="N", help="cards of the cluster, one for each worker")


def is_folder(output: Path) -> bool:
    """Return whether an output is a folder of pieces, and not one file."""
    return output.is_dir() or not output.suffix


def refuse_pieces(options: argparse.Namespace) -> None:
    """Refuse what is for folders alone where a file is written."""
    given = [
        f"--{name.replace('_', '-')}"
        for name in ("dry_run", "piece_rows", "engine", "address", "workers", "worker_cpus", "gpus")
        if getattr(options, name)
    ]
    if given:
        raise InvalidInputError(f"{given[0]} is for a folder of pieces. Name one: -o out/")


def encode_into(options: argparse.Namespace) -> None:
    """Embed files into a folder of pieces."""
    _refuse_others(options)
    from embedlab.bulk import PIECE_ROWS, Way, make_plan
    from embedlab.datasets import Preparation
    from embedlab.models import as_folder

    start = time.perf_counter()
    text = Preparation(tuple(options.text), options.clean) if options.text else None
    rows = PIECE_ROWS if options.piece_rows is None else options.piece_rows
    plan = make_plan(options.table, text, read_options(options), clean=options.clean, piece_rows=rows, say=say)
    say(f"{plan.n_rows:,} rows in {len(plan.pieces):,} pieces, looked through in {time.perf_counter() - start:.1f} s")
    if (folder := as_folder(options.model)) is not None:
        options.model = str(folder.resolve())  # workers stand in other folders
    way = Way(options.model, options.device, options.precision, options.pooling)
    manifest = _on_cluster(plan, way, options) if options.engine else _here(plan, way, options)
    if manifest is None:
        return
    if manifest["controls"] > 1:
        say(
            "The pieces come from machines whose last digits differ: the same text has embeddings that are equal to "
            "rounding, and not to the bit."
        )
    n_blank = manifest["rows"] - manifest["texts"]
    say(
        f"{manifest['texts']:,} embeddings in {len(manifest['pieces']):,} pieces in {options.output}"
        + (f"; {n_blank:,} blank {'text' if n_blank == 1 else 'texts'} without one" if n_blank else "")
    )


def _refuse_others(options: argparse.Namespace) -> None:
    """Refuse what is not done piece by piece."""
    from embedlab.hosted import is_hosted

    given = {"--passages": options.passages is not None, "--overlap": options.overlap, "--sample": options.sample}
    if refused := [name for name, value in given.items() if value]:
        raise InvalidInputError(f"{refused[0]} is not done piece by piece. Leave it out, or write one file.")
    if is_hosted(options.model):
        raise InvalidInputError(f"{options.model} runs elsewhere. Piece by piece, models of this machine embed alone.")
    if not options.engine and any((options.address, options.workers, options.worker_cpus, options.gpus)):
        raise InvalidInputError("Addresses, workers and cards are those of a cluster. Say --engine ray.")


def _here(plan: Plan, way: Way, options: argparse.Namespace) -> dict[str, Any] | None:
    from embedlab.bulk import encode_files, estimate

    encoder = load_model(options)
    _say_costs(estimate(plan, way, encoder), 1)
    if options.dry_run:
        return None
    with bar("embedding", "rows") as progress:
        return encode_files(plan, way, encoder, options.output, progress)


def _on_cluster(plan: Plan, way: Way, options: argparse.Namespace) -> dict[str, Any] | None:
    from embedlab.bulk.ray import connected, encode_on_ray, look_on_ray

    with connected(options.address) as cluster:
        workers = cluster.workers(options.workers, options.worker_cpus, options.gpus)
        say(workers.sentence)
        spec, costs = look_on_ray(plan, way, workers)
        _say_costs(costs, workers.number)
        if options.dry_run:
            return None
        with bar("embedding", "rows") as progress:
            return encode_on_ray(plan, way, spec, options.output, workers, progress)


def _say_costs(costs: Estimate, n_workers: int) -> None:
    for sentence in (*costs.said, *costs.sentences(n_workers)):
        say(sentence)
