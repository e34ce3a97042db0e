"""The Python that makes the same weights again, with torch and sentence-transformers alone."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.encoders import StaticEncoder, TransformerEncoder, load_encoder
from embedlab.errors import InvalidInputError
from embedlab.escape import quote_python
from embedlab.models import STATIC_PREFIX, find_card
from embedlab.models.kept import is_kept_name
from embedlab.training import plain
from embedlab.training.running import RECIPES, Batch, Settings, column_prompts, deal

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.training.result import Training


def training_program(training: Training, file: str, table: pd.DataFrame, folder: str = "trained") -> str:
    """Return a program that makes the weights of a training again.

    Parameters
    ----------
    training : Training
    file : str
        Path of the table, as the program is to read it: CSV, TSV, XLSX or Parquet.
    table : DataFrame of str
        What stands in it: the texts are named by their cells.
    folder : str, default="trained"
        Where the program writes the model.

    Returns
    -------
    str
        Python for torch and sentence-transformers. It holds no text, and stops where the file is another one. The
        weights are the same bit for bit, but where a model teaches: here its vectors may have been computed by a
        faster way, whose last digits are others.

    Raises
    ------
    InvalidInputError
        For what no plain program does: a teacher whose vectors were turned to those of its student, or that is no
        transformer; a graphics card, texts that stand in no cell as they were learned from, another kind of file.
    """
    settings, recipe = training.settings, RECIPES[training.settings.recipe]
    _check(training, file)
    batches = list(deal(training.learned_from, settings))
    texts = list(dict.fromkeys(text for batch in batches for column in batch.columns for text in column))
    cells, ordered = _cells(texts, table)
    place = {text: number for number, text in enumerate(ordered)}
    name = {"distance_metric": lambda metric: _distance(recipe.loss, metric)}
    arguments = "".join(f", {key}={name.get(key, repr)(value)}" for key, value in recipe.arguments.items())
    dimensions = f"sorted({{*{settings.truncate_dims!r}, model.get_embedding_dimension()}}, reverse=True)"
    told = f"None if target is None else torch.tensor(target, dtype={_dtype(batches[0])})"
    return plain.PROGRAM.format(
        exactly="but for last digits of what its teacher says," if recipe.needs_teacher else "bit for bit",
        file=quote_python(file),
        folder=quote_python(folder),
        cells=_json(cells),
        batches=_json([[[place[text] for text in column] for column in batch.columns] for batch in batches]),
        targets=_json([None if batch.targets is None else batch.targets.tolist() for batch in batches]),
        read=plain.READERS[Path(file).suffix.lower()],
        digest=quote_python(sha256("\0".join(ordered).encode()).hexdigest()),
        source=_source(training.base),
        changes=_pooling("model", training.base) + _changed_layers(settings),
        others=_others(training),
        loss=recipe.loss,
        arguments=arguments + (", guide=guide" if recipe.is_guided else ""),
        matryoshka=f"loss_of = losses.MatryoshkaLoss(model, loss_of, {dimensions})\n" if settings.truncate_dims else "",
        prompts=column_prompts(training.encoder(), training.learned_from.kind),
        told="vectors[columns[0]]" if recipe.needs_teacher else told,
        n_steps=training.best_step,
        seed=settings.random_state,
        n_threads=settings.n_threads,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_ratio=settings.warmup_ratio,
        max_grad_norm=settings.max_grad_norm,
    )


def _check(training: Training, file: str) -> None:
    settings, why = training.settings, ""
    if RECIPES[settings.recipe].needs_teacher:
        why = _why_not_taught(training)
    if training.base.startswith(STATIC_PREFIX):
        why = (
            f"sentence-transformers alone does not make {training.base}, whose words are weighed by how common they are"
        )
    elif settings.device != "cpu":
        why = "it ran on a graphics card, where no two runs need to give the same bits"
    elif Path(file).suffix.lower() not in plain.READERS:
        why = f"{Path(file).suffix or file} is no kind of file it reads; save the table as CSV"
    if why:
        raise InvalidInputError(f"There is no plain program for this training: {why}.")


def _why_not_taught(training: Training) -> str:
    """Say what of a teacher sentence-transformers alone does not do; nothing where it does."""
    teacher, student = load_encoder(_teacher(training)), training.encoder()
    if not isinstance(teacher, TransformerEncoder):
        return f"{teacher.name} is no transformer of this machine, which alone a plain program reads"
    if isinstance(student, StaticEncoder) or student.embedding_dimension != teacher.embedding_dimension:
        return "the vectors of its teacher were turned to those of its student first"
    return ""


def _teacher(training: Training) -> str:
    return training.settings.teacher or training.base


def _others(training: Training) -> str:
    """Return what opens the model that teaches or guides; nothing where there is none."""
    recipe, name = RECIPES[training.settings.recipe], _teacher(training)
    if recipe.is_guided:
        return plain.GUIDE.format(source=_source(name))
    if not recipe.needs_teacher:
        return ""
    (prompt,) = column_prompts(load_encoder(name), "texts")
    opened, _, read = plain.TEACHER.format(source=_source(name), prompt=quote_python(prompt)).partition("\n")
    return f"{opened}\n{_pooling('teacher', name)}{read}"


def _pooling(model: str, name: str) -> str:
    """Return what gives a model the pooling that the catalog knows of, and its files do not say."""
    card = find_card(name)
    return (
        ""
        if card is None or card.sentence_head
        else plain.POOLING.format(model=model, mode=quote_python(card.pooling_mode))
    )


def _changed_layers(settings: Settings) -> str:
    kept = "" if settings.num_layers is None else plain.KEPT.format(num_layers=settings.num_layers)
    frozen = plain.FROZEN.format(n_layers=settings.frozen_layers - 1) if settings.frozen_layers else ""
    return plain.LAYERS + kept + frozen if kept or frozen else ""


def _cells(texts: list[str], table: pd.DataFrame) -> tuple[dict[str, list[int]], list[str]]:
    """Return the rows of each column that hold the texts, and the texts in that order."""
    wanted, cells, ordered = set(texts), dict[str, list[int]](), list[str]()
    for column in table.columns:
        for row, cell in enumerate(table[column].tolist()):
            if cell in wanted:
                wanted.discard(cell)
                cells.setdefault(str(column), []).append(row)
                ordered.append(cell)
    if wanted:
        raise InvalidInputError(
            f"There is no plain program for this training: {len(wanted):,} of its texts stand in no cell of the table "
            "as they were learned from. Clean the texts in the file itself, and train from that."
        )
    return cells, ordered


def _source(base: str) -> str:
    card = find_card(base)
    if card is None:
        return quote_python(f"./{base}" if is_kept_name(base) else base)
    revision = f", revision={quote_python(card.revision)}" if card.revision else ""
    return f"{quote_python(card.hub_id)}{revision}"


def _distance(loss: str, metric: object) -> str:
    """Return a distance as the loss names it; see ``running/losses.py``."""
    if loss == "TripletLoss":
        return f"losses.TripletDistanceMetric.{str(metric).upper()}"
    return f"losses.BatchHardTripletLossDistanceFunction.{metric}_distance"


def _dtype(batch: Batch) -> str:
    return "None" if batch.targets is None else f"torch.{batch.targets.dtype}"


def _json(value: Any) -> str:  # noqa: ANN401
    return quote_python(json.dumps(value, separators=(",", ":")))
