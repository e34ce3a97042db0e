"""Probes: what a model can and cannot do, by small contests with one right answer each."""

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_started
from embedlab.ui.views import probes


def show(selection: Selection) -> None:
    contests, how = probes.choose_contests(selection)
    if contests is None:
        return
    chosen = probes.choose_candidates(selection)
    if is_started("probes", "Probe", ":material/quiz:"):
        probes.show(contests, chosen, how)


run_page("Probes", show)
