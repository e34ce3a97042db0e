"""The commands about vector stores: ``options.py`` says what each is given, ``work.py`` what it does."""

from embedlab.cli.storing.options import add_store

__all__ = ["add_store"]
