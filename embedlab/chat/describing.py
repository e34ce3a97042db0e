"""Names and summaries of clusters, written by a language model that somebody has agreed to ask."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from embedlab.chat.endpoint import ChatEndpoint
from embedlab.chat.writing import ClusterWords, read_answer, request_for
from embedlab.hosted import Budget, Offer, agreed_to, ask
from embedlab.naming import Edit

_MAX_ANSWER = 256 << 10
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
    unasked = [(cluster, request_for(endpoint, cluster)) for cluster in clusters]
    unasked = [(cluster, body) for cluster, body in unasked if _digest(endpoint, body) not in _kept]
    n_texts, n_sent = sum(len(cluster.texts) for cluster in clusters), sum(len(c.texts) for c, _ in unasked)
    return Offer(
        endpoint.name,
        endpoint.address.origin,
        n_texts,
        n_texts - n_sent,
        sum(_n_characters(body) for _, body in unasked),
        sum(len(each["content"].encode()) for _, body in unasked for each in body["messages"]),  # no token is shorter
        is_counted=False,
        n_cut=0,
        dollars=None,
        price_date="",
        price_source="",
        leaves_machine=not endpoint.address.is_loopback,
    )


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
    digest = _digest(endpoint, body)
    with _lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
    n_texts, n_characters = len(cluster.texts), _n_characters(body)
    for budget in budgets:
        budget.spend(endpoint.address.origin, n_texts, n_characters, None)
    found = read_answer(ask(endpoint.address, "chat/completions", body, max_bytes=_MAX_ANSWER).content)
    if found is not None:
        with _lock:
            _kept[digest] = found
            while len(_kept) > _MAX_KEPT:
                _kept.popitem(last=False)
    return found


def _digest(endpoint: ChatEndpoint, body: dict[str, Any]) -> str:
    whole = json.dumps([str(endpoint.address), body], sort_keys=True)
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _n_characters(body: dict[str, Any]) -> int:
    return sum(len(each["content"]) for each in body["messages"])
