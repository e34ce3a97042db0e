"""What each page is made of: one file or folder a page, named as the page.

Views do not know each other: what two of them share is a part or a task.
"""

__all__ = ["alike", "cache", "classification", "duplicates", "home", "inside"]
