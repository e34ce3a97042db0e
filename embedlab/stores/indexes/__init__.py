"""The approximate indexes of vector stores: which there are, what they are built with and searched with.

Read ``settings.py``: a setting, and what a collection is that has some.
"""

from embedlab.stores.indexes.settings import Indexed, IndexSetting

__all__ = ["IndexSetting", "Indexed"]
