"""The process that trains: told what to do on its input, it says events on its output, and ends when nobody listens."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import traceback
from contextlib import suppress

# Courtesy of a long job to whoever waits for a page.
_NICE = 10


def main() -> int:
    """Do the one assignment that is read; return 0 when it is done."""
    out = os.fdopen(os.dup(1), "wb")
    # What libraries print is no event.
    os.dup2(2, 1)
    pickled = _read(int.from_bytes(_read(8), "big"))
    threading.Thread(target=_end_with_input, daemon=True).start()
    with suppress(AttributeError, OSError):  # Windows has none
        os.nice(_NICE)

    from embedlab.device import is_out_of_memory
    from embedlab.errors import EmbedLabError
    from embedlab.training.running.events import Event, Failed
    from embedlab.training.running.work import Work

    def say(event: Event | Failed) -> None:
        pickle.dump(event, out)
        out.flush()

    try:
        import torch

        given = pickle.loads(pickled)
        torch.set_num_threads(given.settings.n_threads)
        if given.settings.device == "cuda":
            torch.use_deterministic_algorithms(True, warn_only=True)
        Work(given, say).run()
    except EmbedLabError as error:
        say(Failed(type(error).__name__, str(error)))
        return 1
    except (RuntimeError, MemoryError) as error:
        is_full = is_out_of_memory(error)
        say(Failed("NotEnoughMemoryError" if is_full else "", "" if is_full else traceback.format_exc()))
        return 1
    except Exception:
        say(Failed("", traceback.format_exc()))
        return 1
    return 0


def _read(n_bytes: int) -> bytes:
    """Read from the input without Python's buffer, whose lock a thread that waits would hold at the end."""
    parts = []
    while n_bytes and (part := os.read(0, min(n_bytes, 1 << 20))):
        parts.append(part)
        n_bytes -= len(part)
    return b"".join(parts)


def _end_with_input() -> None:
    """End this process when the one that has asked for it has ended: nobody would stop it any more."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
