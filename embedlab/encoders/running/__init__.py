"""Running a transformer: tokens, batches, one device for many askers, and the fastest way that changes no answer.

Read ``forward.py`` first: one batch through torch. ``precision.py`` chooses the way, ``batches.py`` cuts the batches,
``pipeline.py`` sends them, ``processor.py`` says what the processor can do.
"""

from embedlab.encoders.running.attention import received_attention
from embedlab.encoders.running.batches import Batch
from embedlab.encoders.running.forward import Forward
from embedlab.encoders.running.pipeline import embed_batches
from embedlab.encoders.running.precision import PRECISIONS, choose_forward
from embedlab.encoders.running.processor import (
    operations_per_token,
    processor_words,
    product_speeds,
    why_not_int8,
)
from embedlab.encoders.running.tokens import (
    TOKENIZE_CHUNK,
    TextTokenizer,
    check_texts,
)
from embedlab.encoders.running.unread import Unread, find_unread

__all__ = [
    "Batch",
    "Forward",
    "PRECISIONS",
    "TOKENIZE_CHUNK",
    "TextTokenizer",
    "Unread",
    "check_texts",
    "choose_forward",
    "embed_batches",
    "find_unread",
    "operations_per_token",
    "processor_words",
    "product_speeds",
    "why_not_int8",
    "received_attention",
]
