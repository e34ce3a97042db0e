"""Bytes to text: settled where it can be, otherwise the likely readings side by side.

Read ``decoding.py`` first; ``alphabets.py`` says whether a reading looks like a language,
``deciding.py`` what of a long text decides.
"""

from embedlab.reading.encodings.deciding import HEAD_BYTES, what_decides
from embedlab.reading.encodings.decoding import Decoded, decode

__all__ = ["Decoded", "HEAD_BYTES", "decode", "what_decides"]
