"""What the Stores page computes: what is in a store, a write, a query, a judgement, a collection taken out.

Read ``tasks.py`` first; ``reaching.py`` says which stores this session may name.
"""

from embedlab.ui.stores import reaching, tasks
from embedlab.ui.stores.tasks import Condition, Taken

__all__ = ["Condition", "Taken", "reaching", "tasks"]
