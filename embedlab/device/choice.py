"""Which device is computed on: what was asked for, or the best there is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from embedlab.errors import InvalidInputError

DEVICES = ("auto", "cuda", "mps", "cpu")
DEVICE_SETTING = "EMBEDLAB_DEVICE"


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
        device = os.environ.get(DEVICE_SETTING) or "auto"
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


def has_own_memory(device: str) -> bool:
    """Return whether what lies on a device takes nothing of the machine's memory; Apple's cards share it."""
    return device == "cuda"


def card_name() -> str | None:
    """Return ``"cuda"`` or ``"mps"`` where models run there unasked, None where they run on the processor.

    Torch, which takes seconds, is imported only where the system shows a card.
    """
    if os.environ.get(DEVICE_SETTING) == "cpu" or not _shows_a_card():
        return None
    name = pick_device()
    return None if name == "cpu" else name


def _shows_a_card() -> bool:
    """Return whether the system shows a device that torch could use; a look at a folder."""
    if sys.platform == "darwin":
        return os.uname().machine == "arm64"
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    # Those of NVIDIA, of Windows' Linux, and of AMD.
    return any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/dxg").exists() or Path("/dev/kfd").exists()
