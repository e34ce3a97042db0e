"""What a model can and cannot do: small contests with one right answer each, and the score in them.

Read ``known.py`` first: what is probed. ``items/`` has the contests that come with the package.
"""

from embedlab.probes.bundled import CROSS_LANGUAGE, LANGUAGES, bundled_contests
from embedlab.probes.contests import Contest
from embedlab.probes.known import PROBES

__all__ = ["CROSS_LANGUAGE", "LANGUAGES", "PROBES", "Contest", "bundled_contests"]
