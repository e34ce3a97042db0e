"""The map in the browser: points on the graphics card, sent once, and a few bytes for all that a person does on it.

Read ``component.py`` first, then ``map.js``; ``polygons.py`` and ``picking.js`` say alike what is selected.
"""

from embedlab.ui.webgl.component import NOTHING_SELECTED, Name, Said, has_failed, point_map

__all__ = ["NOTHING_SELECTED", "Name", "Said", "has_failed", "point_map"]
