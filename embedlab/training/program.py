"""The Python that makes the same weights again, with torch and sentence-transformers alone."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError
from embedlab.escape import quote_python
from embedlab.models import find_card
from embedlab.models.kept import is_kept_name
from embedlab.training.running import RECIPES, Batch, Settings, column_prompts, deal

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.training.result import Training

_PROGRAM = """\
# pip install sentence-transformers pandas
# Makes the weights again, bit for bit with the same versions on the same kind of processor. The texts are read from
# your file: what stands here are the places of its cells, in the order in which they are learned from.
import hashlib
import json
import math

import pandas as pd
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import losses
from transformers import get_linear_schedule_with_warmup

FILE, FOLDER = {file}, {folder}
CELLS = json.loads({cells})  # the rows of each column
BATCHES = json.loads({batches})  # places in the list of texts, a list for each column of a batch
TARGETS = json.loads({targets})

table = {read}
texts = [table[column].iloc[row] for column, rows in CELLS.items() for row in rows]
digest = hashlib.sha256("\\0".join(texts).encode()).hexdigest()
assert digest == {digest}, "This is not the file the model has learned from."

torch.set_num_threads({n_threads})
torch.manual_seed({seed})
model = SentenceTransformer({source}, device="cpu").float()
{changes}loss_of = losses.{loss}(model{arguments})
{matryoshka}prompts = {prompts}
learning = [weights for weights in model.parameters() if weights.requires_grad]
optimizer = torch.optim.AdamW(learning, lr={learning_rate!r}, weight_decay={weight_decay!r}, fused=True)
schedule = get_linear_schedule_with_warmup(optimizer, math.ceil(len(BATCHES) * {warmup_ratio!r}), len(BATCHES))

torch.manual_seed({seed})
for step in range({n_steps}):
    columns, target = BATCHES[step], TARGETS[step]
    features = [
        model.preprocess([texts[place] for place in column], prompt=prompts[min(number, len(prompts) - 1)] or None)
        for number, column in enumerate(columns)
    ]
    model.train()
    loss = loss_of(features, None if target is None else torch.tensor(target, dtype={dtype}))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learning, {max_grad_norm!r})
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    print(f"step {{step + 1}} of {n_steps}: loss {{loss.item():.4f}}")

model.eval().save_pretrained(FOLDER, create_model_card=False)
"""

_POOLING = """\
from sentence_transformers.sentence_transformer.modules import Pooling

place = next(place for place, module in enumerate(model) if isinstance(module, Pooling))
model[place] = Pooling(model[place].embedding_dimension, {mode})
"""

_FROZEN = """\
transformer = model[0].auto_model
layers = next(
    module
    for module in transformer.modules()
    if isinstance(module, torch.nn.ModuleList) and len(module) == transformer.config.num_hidden_layers
)
own = {{id(weights) for layer in layers for weights in layer.parameters()}}
for weights in model.parameters():
    if id(weights) in own:
        break
    weights.requires_grad_(False)
for layer in layers[: {n_layers}]:
    layer.requires_grad_(False)
"""

_READERS = {
    ".csv": "pd.read_csv(FILE, dtype=str, keep_default_na=False)",
    ".tsv": 'pd.read_csv(FILE, sep="\\t", dtype=str, keep_default_na=False)',
    ".xlsx": "pd.read_excel(FILE, dtype=str, keep_default_na=False)",
    ".parquet": "pd.read_parquet(FILE).astype(str)",
}


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
        Python for torch and sentence-transformers. It holds no text, and stops where the file is another one.

    Raises
    ------
    InvalidInputError
        For what no plain program does: another model that teaches or guides, layers left out, a graphics card, texts
        that stand in no cell as they were learned from, another kind of file.
    """
    settings = training.settings
    recipe = RECIPES[settings.recipe]
    _check(settings, file)
    batches = list(deal(training.learned_from, settings))
    texts = list(dict.fromkeys(text for batch in batches for column in batch.columns for text in column))
    cells, ordered = _cells(texts, table)
    place = {text: number for number, text in enumerate(ordered)}
    card = find_card(training.base)
    name = {"distance_metric": lambda metric: _distance(recipe.loss, metric)}
    arguments = "".join(f", {key}={name.get(key, repr)(value)}" for key, value in recipe.arguments.items())
    dimensions = f"sorted({{*{settings.truncate_dims!r}, model.get_embedding_dimension()}}, reverse=True)"
    changes = _POOLING.format(mode=quote_python(card.pooling_mode)) if card and not card.sentence_head else ""
    changes += _FROZEN.format(n_layers=settings.frozen_layers - 1) if settings.frozen_layers else ""
    return _PROGRAM.format(
        file=quote_python(file),
        folder=quote_python(folder),
        cells=_json(cells),
        batches=_json([[[place[text] for text in column] for column in batch.columns] for batch in batches]),
        targets=_json([None if batch.targets is None else batch.targets.tolist() for batch in batches]),
        read=_READERS[Path(file).suffix.lower()],
        digest=quote_python(sha256("\0".join(ordered).encode()).hexdigest()),
        source=_source(training.base),
        changes=changes,
        loss=recipe.loss,
        arguments=arguments,
        matryoshka=f"loss_of = losses.MatryoshkaLoss(model, loss_of, {dimensions})\n" if settings.truncate_dims else "",
        prompts=column_prompts(training.encoder(), training.learned_from.kind),
        dtype=_dtype(batches[0]),
        n_steps=training.best_step,
        seed=settings.random_state,
        n_threads=settings.n_threads,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_ratio=settings.warmup_ratio,
        max_grad_norm=settings.max_grad_norm,
    )


def _check(settings: Settings, file: str) -> None:
    recipe, why = RECIPES[settings.recipe], ""
    if recipe.needs_teacher or recipe.is_guided:
        why = "another model has a part in it"
    elif settings.num_layers is not None:
        why = "layers were left out of the model first"
    elif settings.device != "cpu":
        why = "it ran on a graphics card, where no two runs need to give the same bits"
    elif Path(file).suffix.lower() not in _READERS:
        why = f"{Path(file).suffix or file} is no kind of file it reads; save the table as CSV"
    if why:
        raise InvalidInputError(f"There is no plain program for this training: {why}.")


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
