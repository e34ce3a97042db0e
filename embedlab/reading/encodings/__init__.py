"""Bytes to text: settled where it can be, otherwise the likely readings side by side.

Read ``decoding.py`` first; ``alphabets.py`` says whether a reading looks like a language.
"""

from embedlab.reading.encodings.decoding import Decoded, decode

__all__ = ["Decoded", "decode"]
