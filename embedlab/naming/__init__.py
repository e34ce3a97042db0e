"""Names for clusters: the words that set them apart, and what a person changes by hand.

Read ``names.py`` first; ``segmenting.py`` finds words where none are written apart, ``stop_words.py`` leaves out those
that tell nothing, ``curation.py`` renames, merges and splits.
"""

from embedlab.naming.counting import WordCounts, count_words
from embedlab.naming.curation import Edit, edit_clusters
from embedlab.naming.names import NOISE_NAME, name_clusters, name_groups, typical_members
from embedlab.naming.segmenting import say_missing_segmenters

__all__ = [
    "Edit",
    "NOISE_NAME",
    "WordCounts",
    "count_words",
    "edit_clusters",
    "name_clusters",
    "name_groups",
    "say_missing_segmenters",
    "typical_members",
]
