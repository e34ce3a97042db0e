"""What a vector may cost: fewer dimensions, fewer bits, and what a search over such codes finds.

Read ``compressions.py`` first: what can be chosen, and its key. ``fitted.py`` does it, ``quantization.py`` rounds as
sentence-transformers does, ``product.py`` names parts of a vector by the nearest of 256, and ``neighbors.py`` finds
the nearest by codes.
"""

from embedlab.compression.compressions import FULL, VECTOR_PRECISIONS, Compression
from embedlab.compression.fitted import FittedCompression, fit_compression
from embedlab.compression.neighbors import SHORTLIST, nearest_by_codes, nearest_others_by_codes
from embedlab.compression.quantization import quantize

__all__ = [
    "Compression",
    "FULL",
    "FittedCompression",
    "SHORTLIST",
    "VECTOR_PRECISIONS",
    "fit_compression",
    "nearest_by_codes",
    "nearest_others_by_codes",
    "quantize",
]
