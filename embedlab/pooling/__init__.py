"""Pooling: from one vector a token to one vector a text.

Read ``modes.py`` first: every pooling is one function. ``modules.py`` applies them behind the transformer of a model.
"""

from embedlab.pooling.modes import POOLING_MODES, check_pooling_mode, find_pooling, needs_attention, pool, pooling_title
from embedlab.pooling.modules import Modules, TokenStates

__all__ = [
    "Modules",
    "POOLING_MODES",
    "TokenStates",
    "check_pooling_mode",
    "find_pooling",
    "needs_attention",
    "pool",
    "pooling_title",
]
