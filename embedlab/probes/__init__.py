"""What a model can and cannot do: small contests with one right answer each, and the score in them.

Read ``known.py`` first: what is probed. ``items/`` has the contests that come with the package.
"""

from embedlab.probes.bundled import CROSS_LANGUAGE, LANGUAGES, bundled_contests, bundled_sets
from embedlab.probes.cards import ReportCard, card_table
from embedlab.probes.contests import Contest, texts_of
from embedlab.probes.known import OWN, PROBES, find_probe
from embedlab.probes.probing import probe
from embedlab.probes.scores import CHANCE

__all__ = [
    "CHANCE",
    "CROSS_LANGUAGE",
    "Contest",
    "LANGUAGES",
    "OWN",
    "PROBES",
    "ReportCard",
    "bundled_contests",
    "bundled_sets",
    "card_table",
    "find_probe",
    "probe",
    "texts_of",
]
