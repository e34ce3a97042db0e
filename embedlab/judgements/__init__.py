"""Which texts answer which questions, as people write it down: ids in the cells of a table, or a file of rows.

Read ``cells.py`` first, and ``qrels.py`` for the rows of TREC and BEIR.
"""

from embedlab.judgements.cells import fold_key, listed_keys, read_judgements, read_number, remark_on
from embedlab.judgements.qrels import Qrels, Style, read_qrels, to_qrels

__all__ = [
    "Qrels",
    "Style",
    "fold_key",
    "listed_keys",
    "read_judgements",
    "read_number",
    "read_qrels",
    "remark_on",
    "to_qrels",
]
