"""What was said, by whom and when: subtitles and exported chats, where a file is unmistakably one of them.

Read ``read.py``.
"""

from embedlab.reading.talks.read import read_talk

__all__ = ["read_talk"]
