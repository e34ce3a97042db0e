"""Whether a trained model is better than the one it was made from: on what was held out, and on what is not one's own.

Read ``judging.py`` first; ``forgetting.py`` says what is not one's own, ``changing.py`` which texts have moved.
"""

from embedlab.verdicts.changing import changed_neighbors, confusions
from embedlab.verdicts.judging import judge
from embedlab.verdicts.verdict import Change, Verdict

__all__ = ["Change", "Verdict", "changed_neighbors", "confusions", "judge"]
