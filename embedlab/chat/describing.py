"""Names and summaries of clusters, written by a language model that somebody has agreed to ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from embedlab.chat.endpoint import ChatEndpoint
from embedlab.chat.requests import offer_of, request_digest, send
from embedlab.chat.writing import ClusterWords, read_answer, request_for
from embedlab.hosted import Budget, Offer, agreed_to
from embedlab.naming import Edit

# Answers that are kept while the process runs: as many as a person looks at in a day.
_MAX_KEPT = 2_000
_kept: OrderedDict[str, tuple[str, str]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Described:
    """A cluster in words.

    Parameters
    ----------
    name : str
    summary : str, default=""
        One sentence; empty where the name is made of words.
    model : str, default=""
        The language model that wrote both; empty where the name is made of the cluster's own words.
    said : str, default=""
        Why it is made of words although a model was asked.
    """

    name: str
    summary: str = ""
    model: str = ""
    said: str = ""

    def edit(self, label: int) -> Edit:
        """Return the change that gives a cluster this name, marked as written by the model."""
        return Edit("rename", (label,), self.name, by=self.model, summary=self.summary)


def offer_for(endpoint: ChatEndpoint, clusters: Sequence[ClusterWords]) -> Offer:
    """Return what :func:`describe_clusters` would send, for whoever is to agree to it."""
    unasked = [(len(cluster.texts), request_for(endpoint, cluster)) for cluster in clusters]
    unasked = [(n, body) for n, body in unasked if request_digest(endpoint, body) not in _kept]
    return offer_of(endpoint, sum(len(cluster.texts) for cluster in clusters), unasked)


def describe_clusters(
    endpoint: ChatEndpoint,
    clusters: Sequence[ClusterWords],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> dict[int, Described]:
    """Have a language model name clusters and say in a sentence what they are.

    Each cluster is a request of its own, so that nothing a text says reaches another cluster. What was answered before
    is not asked again while the process runs. An answer that is not a name and a sentence is not used.

    Parameters
    ----------
    endpoint : ChatEndpoint
        A server that is not on this machine is asked only where somebody agrees; see :mod:`embedlab.hosted`.
    clusters : sequence of ClusterWords
        From :func:`cluster_words`.
    progress : callable, optional
        Called as ``progress(done, total)`` in clusters; what it raises ends the work, and what was answered is kept.

    Returns
    -------
    dict of int to Described
        By label. All names are different.

    Raises
    ------
    BudgetError
        When nobody has agreed to it, or not to so much.
    HostedError
        When the server cannot be reached, or refuses.
    ModelLoadError
        When hosted models are switched off.
    """
    with agreed_to(offer_for(endpoint, clusters)) as budgets:
        return _describe(endpoint, clusters, budgets, progress)


def _describe(
    endpoint: ChatEndpoint,
    clusters: Sequence[ClusterWords],
    budgets: Sequence[Budget],
    progress: Callable[[int, int], None] | None,
) -> dict[int, Described]:
    described: dict[int, Described] = {}
    names: set[str] = set()
    for number, cluster in enumerate(clusters):
        answer = _ask(endpoint, cluster, budgets)
        if answer is None:
            said = f"{endpoint.model} did not answer with a name and a sentence; these are the words of the cluster."
            found = Described(cluster.name, said=said)
        else:
            found = Described(*answer, endpoint.model)
        if found.name in names:
            found = replace(found, name=f"{found.name} (cluster {cluster.label})")
        names.add(found.name)
        described[cluster.label] = found
        if progress is not None:
            progress(number + 1, len(clusters))
    return described


def _ask(endpoint: ChatEndpoint, cluster: ClusterWords, budgets: Sequence[Budget]) -> tuple[str, str] | None:
    """Return the name and summary of a cluster; None where the answer is not to be used, which is not kept."""
    body = request_for(endpoint, cluster)
    digest = request_digest(endpoint, body)
    with _lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
    found = read_answer(send(endpoint, body, len(cluster.texts), budgets))
    if found is not None:
        with _lock:
            _kept[digest] = found
            while len(_kept) > _MAX_KEPT:
                _kept.popitem(last=False)
    return found
