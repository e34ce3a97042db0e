"""How small the vectors of a model may be made: quality over bytes, and the smallest that is as good as the full ones.

Read ``curve.py`` first: a comparison of compressions of one model, seen from the full vectors. ``suggesting.py`` says
which are worth a try.
"""

from embedlab.dimensions.curve import Curve, Point, quality_curve
from embedlab.dimensions.report import curve_table, curve_verdict
from embedlab.dimensions.suggesting import suggest_compressions

__all__ = [
    "Curve",
    "Point",
    "curve_table",
    "curve_verdict",
    "quality_curve",
    "suggest_compressions",
]
