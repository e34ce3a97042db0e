"""Files larger than memory to folders of embeddings: piece by piece, resumed where it was ended, counted before.

Read ``plan.py`` first: which files, cut into which pieces. ``pieces.py`` makes one, ``folder.py`` keeps what is
finished, ``running.py`` does all of them here, ``estimate.py`` says what that costs.
"""

from embedlab.bulk.estimate import Estimate, estimate
from embedlab.bulk.folder import MANIFEST, PieceFolder, plan_in
from embedlab.bulk.pieces import Finished, PieceEncoder, found_on_disk
from embedlab.bulk.plan import PIECE_ROWS, Piece, Plan, Way, make_plan, total_rows
from embedlab.bulk.running import encode_files

__all__ = [
    "Estimate",
    "Finished",
    "MANIFEST",
    "PIECE_ROWS",
    "Piece",
    "PieceEncoder",
    "PieceFolder",
    "Plan",
    "Way",
    "encode_files",
    "estimate",
    "found_on_disk",
    "make_plan",
    "plan_in",
    "total_rows",
]
