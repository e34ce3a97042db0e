"""The card beside the processor: what models run on where there is one, and what runs there beside them, in torch.

Read ``card.py`` first: which card there is, its blocks of memory, and the way back to the processor. Each other module
does there what a function of another room asks for: the answers are those of the processor.
"""

from embedlab.device.card import is_out_of_memory, pick_device, prefer_device
from embedlab.device.gate import SHORT_REQUEST, Gate, gate_of
from embedlab.device.neighbors import nearest_on_card

__all__ = [
    "Gate",
    "SHORT_REQUEST",
    "gate_of",
    "is_out_of_memory",
    "nearest_on_card",
    "pick_device",
    "prefer_device",
]
