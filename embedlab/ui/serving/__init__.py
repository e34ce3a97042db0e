"""The server: started, guarded, warmed up, and kept to its size.

Read ``server.py`` first.
"""

from embedlab.ui.serving.server import serve

__all__ = ["serve"]
