"""A model behind an address: the embeddings protocol of OpenAI, so that a chosen or trained model goes to work.

Read ``app.py`` first: what can be asked. ``protocol.py`` reads requests and writes answers, ``lanes.py`` joins those
that wait into batches, ``server.py`` listens.
"""

from embedlab.serving.app import make_app
from embedlab.serving.server import serve

__all__ = ["make_app", "serve"]
