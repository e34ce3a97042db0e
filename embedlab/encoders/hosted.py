"""A model that answers over the network as an encoder like any other, which sends nothing that nobody agreed to."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from embedlab.encoders.base import Encoder
from embedlab.encoders.preparing import Pieces
from embedlab.encoders.running import check_texts
from embedlab.errors import InvalidInputError, ServerNotAskedError
from embedlab.hosted import (
    Answered,
    HostedModel,
    Offer,
    TokenCounts,
    agreed_to,
    embed_texts,
    hosted_policy,
    plan_requests,
)
from embedlab.rows import normalize_rows
from embedlab.spec import EmbeddingSpec, Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Embeddings = NDArray[np.float32]

_LOG = logging.getLogger(__name__)

# Requests, and runs of them, that are remembered for how long they took.
_REMEMBERED = 1_000

Keep = Callable[[EmbeddingSpec, Sequence[str], "Embeddings"], None]


class Holding(Protocol):
    """What of a store is asked here."""

    def missing(self, spec: EmbeddingSpec, texts: Sequence[str]) -> list[str]: ...  # noqa: D102 - as of the store


class HostedEncoder(Encoder):
    """A model that answers over the network. It may be shared between threads.

    Nothing is sent before somebody agrees: :meth:`offer` says what would be, and the work is done within
    ``allowed(offer)``. A server on this machine needs no leave. Prompts are what the server is told of the use of the
    texts (``input_type``); it puts them before the texts itself.

    Parameters
    ----------
    model : HostedModel
        Its ``embedding_dimension`` is known.

    Attributes
    ----------
    model : HostedModel

    Raises
    ------
    ModelLoadError
        Where hosted models are switched off (``EMBEDLAB_HOSTED``), or the server was not asked what it offers.
    """

    backend = "http"
    runs_elsewhere = True
    latencies: deque[float]
    runs: deque[tuple[int, float]]

    def __init__(self, model: HostedModel) -> None:
        hosted_policy().check_is_on()
        if model.embedding_dimension is None:
            raise ServerNotAskedError(model.name, model.host)
        self.model, self.name, self.revision = model, model.name, model.revision
        self.device = model.host  # where it runs
        self.embedding_dimension, self.max_seq_length = model.embedding_dimension, model.max_seq_length
        self.orders_dimensions = model.orders_dimensions
        self.default_prompt_name = model.default_input_type
        self.n_parameters, self.nbytes = 0, 0
        self._tokens = TokenCounts(model)
        self.dollars_per_token = _dollars(model)
        self.latencies = deque[float](maxlen=_REMEMBERED)
        self.runs = deque[tuple[int, float]](maxlen=_REMEMBERED)
        self._keep: Keep | None = None
        self._n_cached = 0

    @property
    def prompts(self) -> dict[str, str]:
        """The uses of texts the server knows, by name; it puts its own words before them, so these are empty."""
        return dict.fromkeys(self.model.input_types, "")

    def spec(self, *, include_prompt: bool | None = None, **ways: Any) -> EmbeddingSpec:  # noqa: ANN401 - handed on
        """Return the full description of what :meth:`encode` would give; see :meth:`Encoder.spec`.

        Raises
        ------
        InvalidInputError
            As there, and for ``include_prompt=False``, which no server is asked for.
        """
        found = super().spec(**ways)
        if include_prompt is False and found.prompt_name is not None:
            raise InvalidInputError(f"{self.name} pools what it puts before texts. Leave include_prompt out.")
        return EmbeddingSpec(
            **{
                **vars(found),
                "address": str(self.model.address),
                "input_type": self.model.input_types.get(found.prompt_name or ""),
                "dimensions": self.model.dimensions,
            }
        )

    def offer(
        self,
        texts: str | Sequence[str],
        *,
        store: Holding | None = None,
        prompt_name: str | None = None,
        normalize_embeddings: bool = True,
        long_texts: str = "cut",
        **_ways: object,
    ) -> Offer:
        """Say what would be sent for some texts, and what it costs; nothing is sent.

        Parameters
        ----------
        texts, prompt_name, normalize_embeddings, long_texts
            As for :meth:`encode`; other arguments of it change nothing here.
        store : EmbeddingStore, optional
            Where embeddings are kept: what it holds is not sent.

        Returns
        -------
        Offer
        """
        different = list(dict.fromkeys(check_texts(texts)))
        ways: dict[str, Any] = {"prompt_name": prompt_name, "normalize_embeddings": normalize_embeddings}
        spec = self.spec(long_texts=long_texts, **ways)
        missing = different if store is None else store.missing(spec, different)
        pieces = Pieces.of(self, missing, prompt_name).texts if spec.long_texts == "mean" else missing
        return self._offer(*self._as_sent(list(dict.fromkeys(pieces))), len(different), len(different) - len(missing))

    def _offer(self, sent: list[str], n_cut: int, n_texts: int, n_cached: int) -> Offer:
        n_tokens, card, leaves = (
            int(self._tokens.count(sent).sum()),
            self.model.card,
            not self.model.address.is_loopback,
        )
        dollars = n_tokens * self.dollars_per_token
        return Offer(
            self.name,
            self.model.host,
            n_texts,
            n_cached,
            sum(map(len, sent)),
            n_tokens,
            self._tokens.is_exact,
            n_cut,
            None if math.isnan(dollars) else dollars,
            card.price_date if card else "",
            card.price_source if card else "",
            leaves,
        )

    def kept_by(self, keep: Keep, n_cached: int = 0) -> HostedEncoder:
        """Return this encoder handing every answer on as soon as it is there, so that nothing paid for is lost."""
        keeping = copy.copy(self)
        keeping._keep, keeping._n_cached = keep, n_cached
        return keeping

    def count_tokens(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Count the tokens of each text, shape (n,): by the model's own tokenizer, or an upper estimate."""
        return self._tokens.count(texts)

    def _as_sent(self, texts: list[str]) -> tuple[list[str], int]:
        """Return texts as they are sent, those longer than the model reads cut, and the number of these."""
        limit = None if self.model.cuts_texts else self.max_seq_length
        if limit is None:
            return texts, 0
        is_long = (self._tokens.count(texts) > limit).tolist()
        sent = [self._tokens.cut(text, limit) if long else text for text, long in zip(texts, is_long, strict=True)]
        return sent, sum(is_long)

    def _embed(
        self, texts: list[str], specs: Mapping[Variant, EmbeddingSpec], report: Callable[[int], None]
    ) -> dict[Variant, Embeddings]:
        if not all(texts):
            raise InvalidInputError("An empty text has nothing to embed, and hosted models take none. Leave it out.")
        spec = next(iter(specs.values()))  # there is one pooling and one layer
        sent, n_cut = self._as_sent(texts)
        requests = plan_requests(sent, self._tokens.count(sent), self.model)
        found, n_cut_more = np.empty((len(texts), self.embedding_dimension), dtype=np.float32), 0

        def finished(rows: Embeddings) -> Embeddings:
            return normalize_rows(rows) if spec.normalize_embeddings else rows

        def keep(answered: Answered) -> None:
            self.latencies.append(answered.seconds)
            if self._keep is not None and spec.long_texts == "cut":
                kept = [texts[row] for row in answered.request.rows.tolist()]
                self._keep(spec, kept, finished(answered.vectors))

        began = time.perf_counter()
        with agreed_to(self._offer(sent, n_cut, len(texts) + self._n_cached, self._n_cached)) as budgets:
            answers = embed_texts(self.model, requests, self._tokens, spec.input_type, budgets, keep, report)
            for answered in answers:
                found[answered.request.rows] = answered.vectors
                n_cut_more += answered.n_cut
        self.runs.append((len(texts), time.perf_counter() - began))
        if n_cut_more:
            said = "%s took the beginning only of %s texts that are longer than they seemed."
            _LOG.warning(said, self.name, f"{n_cut_more:,}")
        return {variant: finished(found) for variant in specs}


def _dollars(model: HostedModel) -> float:
    """Return what a token costs: nothing on this machine, NaN where no price is known."""
    if model.address.is_loopback:
        return 0.0
    return model.card.dollars_per_million / 1e6 if model.card else math.nan
