"""Tables to texts: uploads, the column that is embedded, and which rows are looked at.

Read ``dataset.py`` first; ``corpus.py`` is the texts taken from one, and ``preparation.py`` says how they are made.
"""

from embedlab.datasets.corpus import Corpus, select_texts
from embedlab.datasets.dataset import Dataset
from embedlab.datasets.filters import Filter, matching_rows
from embedlab.datasets.groups import group_column
from embedlab.datasets.passages import passage_corpus
from embedlab.datasets.preparation import Preparation, prepare
from embedlab.datasets.uploads import DatasetStore, id_of_sample, read_files, title_of
from embedlab.datasets.vectors import check_directions, read_vectors

__all__ = [
    "Corpus",
    "Dataset",
    "DatasetStore",
    "Filter",
    "Preparation",
    "check_directions",
    "group_column",
    "id_of_sample",
    "matching_rows",
    "passage_corpus",
    "prepare",
    "read_files",
    "read_vectors",
    "select_texts",
    "title_of",
]
