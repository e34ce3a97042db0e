"""The card beside the weights of a new model: where it comes from and what came of it, and no text of anybody's."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES
from embedlab.training.running import RECIPES

if TYPE_CHECKING:
    from embedlab.training.result import Training

_CARD = """---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags:
- sentence-transformers
- sentence-similarity
- feature-extraction
{tags}
---

# {base}, trained further

Made with EmbedLab from {base}. Load it with `SentenceTransformer(folder)` or `embedlab.load_encoder(folder)`.

## Data

Learned from {learned_from}; held out: {held_out}. The texts are in none of these files.

## Recipe

{title}: `{loss}`.

| setting | value |
|---|---|
{settings}

## What came of it

{n_steps:,} steps in {seconds:,.0f} s; the loss of the first tenth of the steps was {first:.4g}, of the last {last:.4g}.
The weights are those after step {best:,}.
{curve}"""


def write_card(training: Training, folder: Path) -> None:
    """Write the card of a training as README.md into a folder."""
    settings, losses = training.settings, [loss for _, loss in training.losses]
    recipe, tenth = RECIPES[settings.recipe], max(1, len(losses) // 10)
    tags = [recipe.loss, *(["MatryoshkaLoss"] if settings.truncate_dims else [])]
    lines = "\n".join(f"| {step:,} | {figure:.4f} |" for step, figure in training.evaluations)
    title = MEASURES[training.measure].title if training.measure else ""
    base = Path(training.base).name
    text = _CARD.format(
        tags="\n".join(f"- loss:{tag}" for tag in tags),
        base=base,
        learned_from=training.shape[0],
        held_out=training.shape[1],
        title=recipe.title,
        loss=recipe.loss,
        settings="\n".join(f"| {name} | {_plain(value)} |" for name, value in asdict(settings).items()),
        n_steps=len(losses),
        seconds=training.seconds,
        first=sum(losses[:tenth]) / tenth,
        last=sum(losses[-tenth:]) / tenth,
        best=training.best_step,
        curve=f"\n| step | {title} of what was watched |\n|---|---|\n{lines}\n" if title else "",
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def _plain(value: object) -> str:
    """Return a setting as a cell of a table; of a folder its name, for a card goes to others."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else Path(value).name if isinstance(value, str) else str(value)
