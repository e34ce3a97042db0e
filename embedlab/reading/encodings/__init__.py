"""Bytes to text: settled where it can be, otherwise the likely readings side by side.

Read ``decoding.py`` first; ``alphabets.py`` says whether a reading looks like a language.
"""

from embedlab.reading.encodings.decoding import HEAD_BYTES, Decoded, decode, what_decides

__all__ = ["Decoded", "HEAD_BYTES", "decode", "what_decides"]
