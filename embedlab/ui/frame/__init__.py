"""What stands around every page: title, menu, the panel on the left.

Read ``page.py`` first: every page ends with ``run_page``.
"""

from embedlab.ui.frame import filters, selecting
from embedlab.ui.frame.menu import PAGES, groups, show_link
from embedlab.ui.frame.page import DEFAULT_SAMPLE, run_page

__all__ = ["DEFAULT_SAMPLE", "PAGES", "filters", "groups", "run_page", "selecting", "show_link"]
