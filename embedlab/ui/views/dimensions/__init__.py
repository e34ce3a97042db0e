"""The Dimensions page: which compressions of the model's vectors are tried, what they cost, and the files to take away.

Read ``choosing.py`` first.
"""

from embedlab.ui.views.dimensions.choosing import choose
from embedlab.ui.views.dimensions.showing import compute, show
from embedlab.ui.views.dimensions.taking import offer_take_away

__all__ = ["choose", "compute", "offer_take_away", "show"]
