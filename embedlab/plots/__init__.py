"""Arrays in, Plotly figures out. Every text of a person is escaped; no figure depends on a global template."""

from embedlab.plots.charts import silhouette_curve, token_length_histogram
from embedlab.plots.heatmaps import contingency_heatmap, similarity_heatmap
from embedlab.plots.maps import point_map

__all__ = [
    "contingency_heatmap",
    "point_map",
    "silhouette_curve",
    "similarity_heatmap",
    "token_length_histogram",
]
