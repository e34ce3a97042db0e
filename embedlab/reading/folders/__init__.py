"""Folders that are one table, as they lie on a disk or packed in a zip: datasets of Hugging Face, exports of Slack.

Read ``read.py``.
"""

from embedlab.reading.folders.read import read_folder, read_zipped_folder

__all__ = ["read_folder", "read_zipped_folder"]
