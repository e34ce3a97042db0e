"""Cross-encoders: a model reads question and passage together and says how well they fit.

Read ``reranker.py`` first; ``finding.py`` says which of them are on this machine.
"""

from embedlab.reranking.finding import rerankers_on_disk
from embedlab.reranking.reranker import Reranker, Scored, load_reranker

__all__ = ["Reranker", "Scored", "load_reranker", "rerankers_on_disk"]
