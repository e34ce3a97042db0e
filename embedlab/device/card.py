"""The card beside the processor: who has it, how much fits at once, and what happens when it does not.

Work for the card is a function of a :class:`Card`. It cuts its rows into blocks by :meth:`Card.in_blocks`, which is all
it has to know of memory, and of the others who wait.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from embedlab.device.choice import card_name
from embedlab.device.gate import gate_of
from embedlab.errors import EmbedLabError, first_line
from embedlab.limits import free_memory, limits

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

Found = TypeVar("Found")

# Numbers in a block: some kernels of torch count their places in 32 bits.
_BLOCK_NUMBERS = 2**31 - 1

_LOG = logging.getLogger(__name__)


def on_card(
    what: str, work: Callable[[Card], Found], *, is_short: bool = False, without: Collection[str] = ()
) -> Found | None:
    """Have the card do some work, alone.

    Parameters
    ----------
    what : str
        The beginning of what is logged where the card fails, such as "The search for neighbours".
    work : callable
        Given the card, returns what was found; anything but None.
    is_short : bool, default=False
        Whether it is done in a moment, as a query is; see :class:`embedlab.device.gate.Gate`.
    without : collection of str, default=()
        Cards for which torch lacks something that is needed.

    Returns
    -------
    object or None
        None where there is no such card, or where it failed: then the processor has to do it.
    """
    name = card_name()
    if name is None or name in without:
        return None
    card = Card(name)
    try:
        with gate_of(name).turn(is_short=is_short):
            return work(card)
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, EmbedLabError):
            raise
        _LOG.warning("%s goes on on the processor; the device %s failed: %s", what, name, first_line(error))
        return None
    finally:
        if not is_short:
            card.release()


class Card:
    """A device of torch that somebody has for themselves.

    Parameters
    ----------
    name : {"cuda", "mps", "cpu"}
        The processor is a card, too, for tests.
    """

    def __init__(self, name: str) -> None:
        import torch

        self.device, self._gate, self._has_worked = torch.device(name), gate_of(name), False

    @property
    def half(self) -> torch.dtype:  # type: ignore[name-defined]  # noqa: F821
        """The type whose products are fastest and still summed in float32: none such is promised for Apple's."""
        import torch

        return {"cuda": torch.float16, "mps": torch.float32}.get(self.device.type, torch.bfloat16)

    def send(self, rows: NDArray[np.generic]) -> Tensor:
        """Return a copy on the card."""
        import torch

        return torch.from_numpy(np.ascontiguousarray(rows)).to(self.device)

    def dots(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the products of rows, exact but for rounding to float32 at the end where the card knows float64."""
        import torch

        exact = torch.float32 if self.device.type == "mps" else torch.float64
        return (a.to(exact) * b.to(exact)).sum(dim=-1).float()

    def free(self) -> int:
        """Return how many bytes blocks may take: a share of what is free, as for any other operation."""
        import torch

        if self.device.type == "cuda":
            # What torch keeps for the next tensor is free, too.
            free = torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
        elif self.device.type == "mps":
            free = torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
        else:
            free = free_memory()
        return max(0, free) * limits().max_memory_percent // 100

    def release(self) -> None:
        """Give back what torch keeps for the next tensor: others may be waiting for it."""
        import torch

        if self.device.type == "cuda":
            torch.cuda.empty_cache()
        elif self.device.type == "mps":
            torch.mps.empty_cache()

    def in_blocks(
        self,
        n_rows: int,
        row_bytes: int,
        work: Callable[[slice], None],
        *,
        n_columns: int = 1,
        most: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Call ``work(rows)`` for block after block, as large as fit, and let others in between them.

        Parameters
        ----------
        n_rows : int
        row_bytes : int
            What a row of a block takes, about; what does not fit all the same is tried again in halves.
        work : callable
            Given a slice of the rows. What it did for a block that does not fit is done again.
        n_columns : int, default=1
            Numbers in a row of the largest tensor.
        most : int, optional
            Rows in a block, where more would make nothing faster.
        progress : callable, optional
            Called with the rows done after each block; what it raises ends the work.

        Raises
        ------
        RuntimeError or MemoryError
            When not even one row fits, and what else goes wrong on the card.
        """
        size = max(1, min(most or n_rows, self.free() // max(1, row_bytes), _BLOCK_NUMBERS // max(1, n_columns)))
        first = 0
        while first < n_rows:
            rows = slice(first, min(first + size, n_rows))
            # Not before the first: whoever was let in does something with it.
            if self._has_worked and self._gate.is_wanted():
                self._gate.pass_on()
            self._has_worked = True
            if self._fits(work, rows):
                first = rows.stop
                if progress is not None:
                    progress(first)
            else:
                size = (rows.stop - rows.start) // 2
                # Here and not where it is caught, because an exception keeps the tensors of its frames alive.
                self.release()

    @staticmethod
    def _fits(work: Callable[[slice], None], rows: slice) -> bool:
        try:
            with exact_products():
                work(rows)
        except (RuntimeError, MemoryError) as error:
            if rows.stop - rows.start == 1 or not is_out_of_memory(error):
                raise
            return False
        return True


def card_memory() -> int:
    """Return how many bytes the card has that models run on; only where there is one with a memory of its own."""
    import torch

    return int(torch.cuda.mem_get_info()[1])


def is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    """Return whether an error of torch or numpy says that memory was short."""
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        words in str(error) for words in ("out of memory", "can't allocate memory")
    )


@contextmanager
def exact_products() -> Iterator[None]:
    """Keep products in float32 from being rounded to TF32, and sums of half precision from being cut short.

    Torch has one setting for all threads: it is changed by who has the card, and for as long.
    """
    import torch

    settings = torch.backends.cuda.matmul
    name, exact = ("fp32_precision", "ieee") if hasattr(settings, "fp32_precision") else ("allow_tf32", False)
    before = getattr(settings, name), settings.allow_fp16_reduced_precision_reduction
    setattr(settings, name, exact)
    settings.allow_fp16_reduced_precision_reduction = False
    try:
        yield
    finally:
        setattr(settings, name, before[0])
        settings.allow_fp16_reduced_precision_reduction = before[1]
