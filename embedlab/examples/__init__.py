"""What a model learns from, and what of it is held out before anything starts.

Read ``kinds.py`` first. ``columns.py`` finds examples in a table, ``splitting.py`` holds some of them out,
``mining.py`` looks for hard negatives, and ``batches.py`` says in which order they are learned from.
"""

from embedlab.examples.batches import (
    BATCHINGS,
    contrasts_of_labels,
    draw_batches,
    pairs_of_labels,
    triplets_of_labels,
    twins,
)
from embedlab.examples.columns import EXAMPLE_LAYOUTS, build_examples, guess_examples
from embedlab.examples.kinds import (
    Examples,
    LabelledTexts,
    ScoredPairs,
    Texts,
    Translations,
    Triplets,
)
from embedlab.examples.known import as_examples
from embedlab.examples.mining import SAMPLING_STRATEGIES, HardNegatives, mine_hard_negatives
from embedlab.examples.splitting import Split, hold_out

__all__ = [
    "BATCHINGS",
    "EXAMPLE_LAYOUTS",
    "Examples",
    "HardNegatives",
    "LabelledTexts",
    "SAMPLING_STRATEGIES",
    "ScoredPairs",
    "Split",
    "Texts",
    "Translations",
    "Triplets",
    "as_examples",
    "build_examples",
    "contrasts_of_labels",
    "draw_batches",
    "guess_examples",
    "hold_out",
    "mine_hard_negatives",
    "pairs_of_labels",
    "triplets_of_labels",
    "twins",
]
