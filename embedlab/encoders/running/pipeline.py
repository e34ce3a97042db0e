"""Sending batches through a transformer, several under way at a time, in turns with everybody else on the device."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from embedlab.device import Gate
from embedlab.encoders.running.batches import Batch
from embedlab.encoders.running.forward import Forward, Key, Pooled
from embedlab.pooling import Modules, TokenStates, needs_attention
from embedlab.spec import EmbeddingSpec


def embed_batches(
    batches: Iterable[Batch],
    forward: Forward,
    modules: Modules,
    specs: Mapping[Key, EmbeddingSpec],
    *,
    n_prompt_tokens: int,
    gate: Gate,
    is_short: bool,
) -> Iterator[tuple[Batch, Pooled[Key]]]:
    """Run batches through a transformer once and read them out in every way asked for.

    Parameters
    ----------
    batches : iterable of Batch
    forward : Forward
        Runs the transformer.
    modules : Modules
        What stands behind it.
    specs : mapping of any key to EmbeddingSpec
    n_prompt_tokens : int
        Tokens at the start of each text that are left out of the pooling.
    gate : Gate
        Where the turn on the device is waited for, and given up between two batches when somebody else wants it.
    is_short : bool
        Whether the whole is done in a moment.

    Yields
    ------
    batch : Batch of n texts
    pooled : dict of the same keys to float32 array of shape (n, d)
    """
    import torch

    layers = frozenset(spec.layer for spec in specs.values())
    wants_attention = any(needs_attention(spec.pooling_mode) for spec in specs.values())

    def read_out(states: TokenStates) -> dict[Key, torch.Tensor]:
        with torch.inference_mode():
            return {key: modules.read_out(states, spec, n_prompt_tokens) for key, spec in specs.items()}

    under_way: deque[tuple[Batch, Callable[[], Pooled[Key]]]] = deque()
    with gate.turn(is_short=is_short):
        try:
            for number, batch in enumerate(batches):
                # Not before the first: whoever was let in does something with it, and a query is done by then.
                if number and gate.is_wanted():
                    yield from _finish(under_way, 0)
                    gate.pass_on()
                under_way.append((batch, forward.start(batch, layers, wants_attention, read_out)))
                yield from _finish(under_way, forward.depth - 1)
            yield from _finish(under_way, 0)
        finally:
            # Whoever stops early leaves nothing behind that would write into the next request's memory.
            for _, result in under_way:
                result()
            if not is_short:
                forward.release_memory()


def _finish(
    under_way: deque[tuple[Batch, Callable[[], Pooled[Key]]]], n_left: int
) -> Iterator[tuple[Batch, Pooled[Key]]]:
    """Wait for the oldest batches until ``n_left`` are under way."""
    while len(under_way) > n_left:
        batch, result = under_way.popleft()
        yield batch, result()
