"""The parts of a program that trains with torch and sentence-transformers alone; ``program.py`` fills them in."""

from __future__ import annotations

PROGRAM = """\
# pip install sentence-transformers pandas
# Makes the weights again, {exactly} with the same versions on the same kind of processor. The texts are read from
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
{changes}{others}loss_of = losses.{loss}(model{arguments})
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
    loss = loss_of(features, {told})
    loss.backward()
    torch.nn.utils.clip_grad_norm_(learning, {max_grad_norm!r})
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    print(f"step {{step + 1}} of {n_steps}: loss {{loss.item():.4f}}")

model.eval().save_pretrained(FOLDER, create_model_card=False)
"""

POOLING = """\
from sentence_transformers.sentence_transformer.modules import Pooling

place = next(place for place, module in enumerate({model}) if isinstance(module, Pooling))
{model}[place] = Pooling({model}[place].embedding_dimension, {mode})
"""

LAYERS = """\
transformer = model[0].auto_model
layers = next(
    module
    for module in transformer.modules()
    if isinstance(module, torch.nn.ModuleList) and len(module) == transformer.config.num_hidden_layers
)
"""

KEPT = """\
kept = [layers[round(number * len(layers) / {num_layers}) - 1] for number in range(1, {num_layers} + 1)]
del layers[:]
layers.extend(kept)
transformer.config.num_hidden_layers = {num_layers}
"""

FROZEN = """\
own = {{id(weights) for layer in layers for weights in layer.parameters()}}
for weights in model.parameters():
    if id(weights) in own:
        break
    weights.requires_grad_(False)
for layer in layers[: {n_layers}]:
    layer.requires_grad_(False)
"""

GUIDE = """\
guide = SentenceTransformer({source}, device="cpu").eval()
"""

TEACHER = """\
teacher = SentenceTransformer({source}, device="cpu").float().eval()
vectors = torch.nn.functional.normalize(teacher.encode(texts, prompt={prompt}, convert_to_tensor=True))
"""

READERS = {
    ".csv": "pd.read_csv(FILE, dtype=str, keep_default_na=False)",
    ".tsv": 'pd.read_csv(FILE, sep="\\t", dtype=str, keep_default_na=False)',
    ".xlsx": "pd.read_excel(FILE, dtype=str, keep_default_na=False)",
    ".parquet": "pd.read_parquet(FILE).astype(str)",
}
