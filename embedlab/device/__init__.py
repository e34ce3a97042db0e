"""The card beside the processor: what models run on where there is one, and what runs there beside them, in torch.

Read ``card.py`` first: blocks of its memory, and the way back to the processor. ``choice.py`` says which device it is,
``gate.py`` who has it. Each other module does there what a function of another room asks for, with the same answers.
"""

from embedlab.device.card import card_memory, is_out_of_memory
from embedlab.device.choice import has_own_memory, pick_device, prefer_device
from embedlab.device.gate import SHORT_REQUEST, Gate, gate_of
from embedlab.device.kmeans import RowsOnCard, with_rows_on_card
from embedlab.device.layout import Walk, lay_out_on_card
from embedlab.device.neighbors import nearest_on_card
from embedlab.device.pairs import offer_pairs_on_card
from embedlab.device.search import IndexOnCard, keep_on_card

__all__ = [
    "Gate",
    "IndexOnCard",
    "RowsOnCard",
    "SHORT_REQUEST",
    "Walk",
    "card_memory",
    "gate_of",
    "has_own_memory",
    "is_out_of_memory",
    "keep_on_card",
    "lay_out_on_card",
    "nearest_on_card",
    "offer_pairs_on_card",
    "pick_device",
    "prefer_device",
    "with_rows_on_card",
]
