"""Starting a server: where it listens, and how it gives memory back.

Read ``app.py`` first.
"""

from embedlab.cli.starting.app import add_start

__all__ = ["add_start"]
