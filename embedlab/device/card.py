"""The card beside the processor: whether there is one, who has it, how much fits, and what happens when it does not.

Work for the card is a function of a :class:`Card`. It cuts its rows into blocks by :meth:`Card.in_blocks`, which is all
it has to know of memory, and of the others who wait.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from embedlab.device.gate import gate_of
from embedlab.errors import EmbedLabError, InvalidInputError, first_line
from embedlab.limits import free_memory, limits

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

Found = TypeVar("Found")

DEVICES = ("auto", "cuda", "mps", "cpu")
DEVICE_SETTING = "EMBEDLAB_DEVICE"

# Numbers in a block: some kernels of torch count their places in 32 bits.
_BLOCK_NUMBERS = 2**31 - 1

_LOG = logging.getLogger(__name__)


def pick_device(device: str = "auto") -> str:
    """Return the device to compute on: the one asked for, or the best there is.

    Parameters
    ----------
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
        ``"auto"`` is what ``EMBEDLAB_DEVICE`` in the environment says, and the best there is where it says nothing.

    Raises
    ------
    InvalidInputError
        For an unknown device, or one this machine does not have.
    """
    import torch

    if device == "auto":
        device = os.environ.get(DEVICE_SETTING, "auto")
    if device not in DEVICES:
        raise InvalidInputError(f"There is no device {device!r}. Choose one of: {', '.join(DEVICES)}.")
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, there in available.items() if there)
    if not available[device]:
        raise InvalidInputError(f"This machine has no {device} device. Use device='auto' or 'cpu'.")
    return device


def prefer_device(device: str) -> None:
    """Have all of this process compute on a device, wherever nothing else is said."""
    os.environ[DEVICE_SETTING] = device


def card_name() -> str | None:
    """Return ``"cuda"`` or ``"mps"`` where models run there unasked, None where they run on the processor.

    Torch, which takes seconds, is imported only where the system shows a card.
    """
    if os.environ.get(DEVICE_SETTING) == "cpu" or not _shows_a_card():
        return None
    name = pick_device()
    return None if name == "cpu" else name


def on_card(what: str, work: Callable[[Card], Found], *, is_short: bool = False) -> Found | None:
    """Have the card do some work, alone.

    Parameters
    ----------
    what : str
        The beginning of what is logged where the card fails, such as "The search for neighbours".
    work : callable
        Given the card, returns what was found; anything but None.
    is_short : bool, default=False
        Whether it is done in a moment, as a query is; see :class:`embedlab.device.gate.Gate`.

    Returns
    -------
    object or None
        None where there is no card, or where it failed: then the processor has to do it.
    """
    name = card_name()
    if name is None:
        return None
    card = Card(name)
    try:
        with gate_of(name).turn(is_short=is_short), _exact_products():
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

        self.device, self._gate = torch.device(name), gate_of(name)

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
        """Return the products of rows in float32, summed in float64 where the card has it: equal rows, equal numbers."""
        import torch

        return (a * b).sum(dim=-1, dtype=None if self.device.type == "mps" else torch.float64).float()

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
            if self._fits(work, rows):
                first = rows.stop
                if progress is not None:
                    progress(first)
                if first < n_rows and self._gate.is_wanted():
                    self._gate.pass_on()
            else:
                size = (rows.stop - rows.start) // 2
                # Here and not where it is caught, because an exception keeps the tensors of its frames alive.
                self.release()

    @staticmethod
    def _fits(work: Callable[[slice], None], rows: slice) -> bool:
        try:
            work(rows)
        except (RuntimeError, MemoryError) as error:
            if rows.stop - rows.start == 1 or not is_out_of_memory(error):
                raise
            return False
        return True


def is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    """Return whether an error of torch or numpy says that memory was short."""
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        words in str(error) for words in ("out of memory", "can't allocate memory")
    )


def _shows_a_card() -> bool:
    """Return whether the system shows a device that torch could use; a look at a folder."""
    if sys.platform == "darwin":
        return os.uname().machine == "arm64"
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    # Those of NVIDIA, of Windows' Linux, and of AMD.
    return any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/dxg").exists() or Path("/dev/kfd").exists()


@contextmanager
def _exact_products() -> Iterator[None]:
    """Keep products in float32 from being rounded to TF32, and sums of half precision from being cut short."""
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
