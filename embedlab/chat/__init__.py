"""A language model behind an address, where one is wanted: it names clusters from their words and typical texts.

Read ``describing.py`` first; ``writing.py`` says what is asked and checks the answers, ``requests.py`` sends it,
``endpoint.py`` says who is asked.
"""

from embedlab.chat.describing import Described, describe_clusters, offer_for
from embedlab.chat.endpoint import ChatEndpoint, read_endpoint
from embedlab.chat.requests import offer_of, request_digest, said_by, send
from embedlab.chat.writing import ClusterWords, cluster_words, request_for

__all__ = [
    "ChatEndpoint",
    "ClusterWords",
    "Described",
    "cluster_words",
    "describe_clusters",
    "offer_for",
    "offer_of",
    "read_endpoint",
    "request_digest",
    "request_for",
    "said_by",
    "send",
]
