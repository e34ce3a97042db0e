"""A language model behind an address, where one is wanted: it names clusters from their words and typical texts.

Read ``describing.py`` first; ``writing.py`` makes the requests and checks the answers, ``endpoint.py`` says who is
asked.
"""

from embedlab.chat.describing import Described, describe_clusters, offer_for
from embedlab.chat.endpoint import ChatEndpoint, read_endpoint
from embedlab.chat.writing import ClusterWords, cluster_words, request_for

__all__ = [
    "ChatEndpoint",
    "ClusterWords",
    "Described",
    "cluster_words",
    "describe_clusters",
    "offer_for",
    "read_endpoint",
    "request_for",
]
