"""Probes: what a model can and cannot do, by small contests with one right answer each."""

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_started
from embedlab.ui.views import probes


def show(selection: Selection) -> None:
    contests = probes.choose_contests(selection)
    chosen = probes.choose_candidates(selection)
    if is_started("probes", "Probe", ":material/quiz:"):
        probes.show(contests, chosen)


run_page("Probes", show)
