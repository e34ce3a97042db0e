"""What a model can and cannot do: small contests with one right answer each, and the score in them.

Read ``known.py`` first: what is probed. ``items/`` has the contests that come with the package, ``made.py``
makes others from texts, and ``own.py`` reads a person's own.
"""

from embedlab.probes.bundled import CROSS_LANGUAGE, LANGUAGES, bundled_contests, bundled_sets
from embedlab.probes.cards import ReportCard, card_table
from embedlab.probes.contests import Contest, ContestSets, texts_of
from embedlab.probes.known import OWN, PROBES, find_probe
from embedlab.probes.made import made_contests
from embedlab.probes.own import OwnContests, contests_of_table, read_contests
from embedlab.probes.probing import probe
from embedlab.probes.scores import CHANCE, ProbeScore

__all__ = [
    "CHANCE",
    "CROSS_LANGUAGE",
    "Contest",
    "ContestSets",
    "LANGUAGES",
    "OWN",
    "OwnContests",
    "PROBES",
    "ProbeScore",
    "ReportCard",
    "bundled_contests",
    "bundled_sets",
    "card_table",
    "contests_of_table",
    "find_probe",
    "made_contests",
    "probe",
    "read_contests",
    "texts_of",
]
