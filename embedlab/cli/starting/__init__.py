"""Starting a server: where it listens, and how it gives memory back.

Read ``app.py`` first; ``model.py`` starts that of a model.
"""

from embedlab.cli.starting.app import add_start
from embedlab.cli.starting.model import add_serve

__all__ = ["add_serve", "add_start"]
