"""Many texts to one hosted model: in requests of the size it takes, several under way, each answer kept as it comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.hosted.asking import RefusedError, ask
from embedlab.hosted.consent import Budget
from embedlab.hosted.shapes import counted_tokens, most_bytes, read_vectors, shape_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.hosted.names import HostedModel
    from embedlab.hosted.offers import TokenCounts

    Vectors = NDArray[np.float32]

# Requests under way at a time, and seconds between two looks at whether the asker still wants them.
_AT_A_TIME, _LOOK = 4, 0.1


@dataclass(frozen=True)
class Request:
    """Texts that are sent together: their rows among all, themselves, and their tokens."""

    rows: NDArray[np.int64]
    texts: list[str]
    n_tokens: int


@dataclass(frozen=True)
class Answered:
    """What came of a request.

    Parameters
    ----------
    request : Request
    vectors : float32 array of shape (n, d)
    seconds : float
        What the answer took.
    n_cut : int
        Texts that the server would not take before they were cut.
    """

    request: Request
    vectors: Vectors
    seconds: float
    n_cut: int = 0


def plan_requests(texts: Sequence[str], n_tokens: NDArray[np.int64], model: HostedModel) -> list[Request]:
    """Put texts into requests in their order, as many each as the model takes by their number and by their tokens."""
    edges, n_inputs, n_sum = [0], 0, 0
    for row, n in enumerate(n_tokens.tolist()):
        if n_inputs and (n_inputs >= model.max_inputs or n_sum + n > model.max_tokens):
            edges.append(row)
            n_inputs = n_sum = 0
        n_inputs, n_sum = n_inputs + 1, n_sum + n
    return [
        Request(np.arange(start, end), list(texts[start:end]), int(n_tokens[start:end].sum()))
        for start, end in zip(edges, [*edges[1:], len(texts)], strict=True)
        if end > start
    ]


def embed_texts(
    model: HostedModel,
    requests: Sequence[Request],
    tokens: TokenCounts,
    input_type: str | None,
    budgets: tuple[Budget, ...],
    keep: Callable[[Answered], None],
    look: Callable[[int], None],
) -> Iterator[Answered]:
    """Send requests and yield the answers as they come.

    Parameters
    ----------
    model : HostedModel
    requests : sequence of Request
    tokens : TokenCounts
    input_type : str or None
    budgets : tuple of Budget
        What somebody has agreed to, as :func:`embedlab.hosted.consent.agreed_to` gives it.
    keep : callable
        Given every answer in the thread that got it, also when nobody waits any longer: it is paid for.
    look : callable
        Told ten times a second in this thread how many texts are answered; what it raises ends the work at once.
        Answers of requests under way are kept.

    Raises
    ------
    BudgetError
        When so much is not agreed to; nothing more is sent then.
    HostedError
        As :func:`embedlab.hosted.asking.ask`, and for answers that cannot be.
    """
    work = _Work(model, tokens, input_type, budgets, keep)
    for request in requests:
        work.waiting.put(request)
    n_threads = min(_AT_A_TIME, len(requests))
    for number in range(n_threads):
        threading.Thread(target=work.run, name=f"embedlab-hosted-{number}", daemon=True).start()
    failed: BaseException | None = None
    try:
        n_texts = 0
        while n_threads:
            look(n_texts)
            try:
                found = work.found.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(found, Answered):
                n_texts += len(found.vectors)
                yield found
            elif found is None:
                n_threads -= 1
            else:
                # What is under way is paid for: whoever tries again at once finds it kept.
                failed = failed or found
                work.stop.set()
        if failed is not None:
            raise failed
        look(n_texts)
    finally:
        work.stop.set()


class _Work:
    """Requests that wait, and what came of the others."""

    def __init__(
        self,
        model: HostedModel,
        tokens: TokenCounts,
        input_type: str | None,
        budgets: tuple[Budget, ...],
        keep: Callable[[Answered], None],
    ) -> None:
        self._model, self._tokens, self._input_type = model, tokens, input_type
        self._budgets, self._keep = budgets, keep
        self.waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self.found: queue.SimpleQueue[Answered | BaseException | None] = queue.SimpleQueue()
        self.stop = threading.Event()

    def run(self) -> None:
        """Send what waits until nothing does, or somebody stops it."""
        try:
            while not self.stop.is_set():
                answered = self._answer(self.waiting.get_nowait())
                self._keep(answered)
                self.found.put(answered)
        except queue.Empty:
            pass
        except BaseException as error:  # handed to whoever waits
            self.found.put(error.with_traceback(None))
        finally:
            self.found.put(None)

    def _answer(self, request: Request) -> Answered:
        try:
            return self._ask(request)
        except RefusedError:
            cut, n_cut = self._certain(request)
            if not n_cut:
                raise
        return replace(self._ask(cut), request=request, n_cut=n_cut)

    def _certain(self, request: Request) -> tuple[Request, int]:
        """Return the request with texts that may be too long cut so far that they are not: no token is under a byte."""
        limit = self._model.max_seq_length
        if limit is None or self._tokens.is_exact or self._model.cuts_texts:
            return request, 0
        texts = [text.encode()[: limit - 2].decode(errors="ignore") for text in request.texts]
        n_cut = sum(cut != text for cut, text in zip(texts, request.texts, strict=True))
        return replace(request, texts=texts), n_cut

    def _ask(self, request: Request) -> Answered:
        model, n = self._model, len(request.texts)
        n_characters, dollars = sum(map(len, request.texts)), self._dollars(request.n_tokens)
        spent: list[Budget] = []
        try:
            for budget in self._budgets:
                budget.spend(model.host, n, n_characters, dollars)
                spent.append(budget)
            shape, most = shape_of(model), most_bytes(n, model.embedding_dimension or 0)
            body = shape.body(model, request.texts, self._input_type)
            answer = ask(model.address, shape.service, body, max_bytes=most, stop=self.stop)
        except BaseException:
            # What was not answered is not billed, as far as anybody can say.
            for budget in spent:
                budget.correct(-n, -n_characters, -(dollars or 0.0))
            raise
        n_tokens = counted_tokens(model, answer.content)
        if n_tokens is not None and dollars is not None:
            for budget in self._budgets:
                budget.correct(0, 0, (self._dollars(n_tokens) or 0.0) - dollars)
        return Answered(request, read_vectors(model, answer.content, n), answer.seconds)

    def _dollars(self, n_tokens: int) -> float | None:
        card = self._model.card
        return None if card is None else n_tokens * card.dollars_per_million / 1e6
