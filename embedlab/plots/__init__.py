"""Arrays in, Plotly figures out. Every text of a person is escaped; no figure depends on a global template.

Read the room ``look`` first: the same colour for the same thing everywhere.
"""

from embedlab.plots.charts import duplicate_curve, silhouette_curve, token_length_histogram
from embedlab.plots.classification import confusion_heatmap
from embedlab.plots.comparison import cost_scatter, ranking_lines, score_intervals
from embedlab.plots.dimensions import bytes_curve, recall_curve
from embedlab.plots.heatmaps import contingency_heatmap, difference_heatmap, named_matrix, similarity_heatmap
from embedlab.plots.inside import attention_heatmap, divergence_line, norm_bars, pooling_heatmap, token_heatmap
from embedlab.plots.maps import point_map
from embedlab.plots.probes import probe_heatmap
from embedlab.plots.similarity import ImageSide, cosine_histogram, similarity_overview
from embedlab.plots.thresholds import cosine_curves
from embedlab.plots.training import change_intervals, training_curves

__all__ = [
    "ImageSide",
    "attention_heatmap",
    "bytes_curve",
    "change_intervals",
    "confusion_heatmap",
    "contingency_heatmap",
    "cosine_curves",
    "cosine_histogram",
    "cost_scatter",
    "difference_heatmap",
    "divergence_line",
    "duplicate_curve",
    "named_matrix",
    "norm_bars",
    "point_map",
    "pooling_heatmap",
    "probe_heatmap",
    "ranking_lines",
    "recall_curve",
    "score_intervals",
    "silhouette_curve",
    "similarity_heatmap",
    "similarity_overview",
    "token_heatmap",
    "token_length_histogram",
    "training_curves",
]
