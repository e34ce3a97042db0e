"""What was sent and spent on each day, kept where a restart does not lose it and other processes see it.

Read ``ledger.py``.
"""

from embedlab.hosted.ledger.ledger import Ledger, Spent

__all__ = ["Ledger", "Spent"]
