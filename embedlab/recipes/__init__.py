"""The Python that gives a candidate's vectors with plain sentence-transformers, without EmbedLab.

Read ``recipes.py`` first; ``long_texts.py`` reads these in passages, ``compressed.py`` makes vectors smaller.
"""

from embedlab.recipes.compressed import fitted_file, shrinking_program
from embedlab.recipes.recipes import recipe

__all__ = ["fitted_file", "recipe", "shrinking_program"]
