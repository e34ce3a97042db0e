"""Work on files that may end the process that does it, done by a process of its own: bombs, endless views, damage.

Read ``run.py``.
"""

from embedlab.reading.apart.run import run_apart

__all__ = ["run_apart"]
