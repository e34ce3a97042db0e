"""Models that somebody has trained and kept: each in a folder of its own, never overwritten, with what is known of it.

Read ``keeping.py``. ``find_model`` of ``embedlab.models`` opens them by name, as any other model.
"""

from embedlab.models.kept.about import About
from embedlab.models.kept.keeping import KeptModel, find_kept, is_kept_name, keep, kept_models, remove_kept, touch_kept

__all__ = ["About", "KeptModel", "find_kept", "is_kept_name", "keep", "kept_models", "remove_kept", "touch_kept"]
