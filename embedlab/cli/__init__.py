"""The command line: ``embedlab`` starts the app; its commands do the same work without a browser.

Exit codes: 0 all went well, 1 something was wrong with the input (one line says what), 2 the command was not
understood, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from functools import partial

from embedlab.cli.arguments import make_parser
from embedlab.cli.parts import agree, say
from embedlab.compute import one_blas_thread
from embedlab.errors import EmbedLabError
from embedlab.hosted import ask_first
from embedlab.jobs import NO_MEMORY


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    # A terminal or a file in an old encoding lacks letters; a text then loses them, and no command ends over it.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    options = make_parser().parse_args(arguments)
    try:
        with one_blas_thread, ask_first(partial(agree, is_agreed=getattr(options, "yes", False))):
            options.run(options)
    except EmbedLabError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error.filename or 'file'}: {error.strerror or error}")
        return 1
    except MemoryError:
        say(NO_MEMORY)
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 0
