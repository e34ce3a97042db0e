"""What the Probes page is made of: which contests, which candidates, and their report cards."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.escape import escape_markdown
from embedlab.models import BASELINES
from embedlab.probes import LANGUAGES, PROBES, find_probe
from embedlab.ui.candidates import choosing, report_cards
from embedlab.ui.choices import Selection, address
from embedlab.ui.tasks import probing

BUNDLED, MADE, OWN = "Those that come along", "Made from your texts", "Your own"
SOURCES = [BUNDLED, MADE, OWN]
SOURCE_HELP = (
    f"{BUNDLED}: in English, German and Korean. {MADE}: by rules; another number, id or day, or a denial, must lie "
    f"farther than a slip of the pen. {OWN}: a file with a contest in each row."
)
HOW = {
    BUNDLED: "The far text shares more words with the anchor, so that who goes by words alone fails.",
    MADE: "The near text has a slip of the pen, the far one says something else in nearly the same words.",
    OWN: "What is near and far is as your file says.",
}
NO_FILE = "Bring a file with a contest in each row: an anchor, what is near, and what is far."
FILE_HELP = (
    "A table with the columns anchor, near and far, or what they are often called, such as query, positive and "
    "negative. The file stays on this machine."
)
LANGUAGES_HELP = "Nothing chosen: the languages of your texts, where there are contests in them, or English."
PROBES_HELP = "Nothing chosen: all of them."
CANDIDATES_HELP = (
    "Averaged word vectors and TF-IDF stand beside them in any case: what does no better goes by words, too. TF-IDF is "
    "fitted to the texts of the contests. Vectors are full ones, whatever a candidate makes them smaller to."
)


def choose_contests(selection: Selection) -> tuple[probing.Contests | None, str]:
    """Let the person choose by which contests to probe; return them, and what is to be said of them.

    None while a file is missing.

    Raises
    ------
    InvalidInputError
        When no contests can be made of her texts, or her file holds none.
    """
    source = address.switch("contests", "Contests", SOURCES, help=SOURCE_HELP)
    if source == MADE:
        return probing.made(selection), HOW[MADE]
    if source == OWN:
        return _bring(), HOW[OWN]
    return _choose_bundled(selection), HOW[BUNDLED]


def _bring() -> probing.Contests | None:
    file = st.file_uploader("A table of contests", key="contests-file", help=FILE_HELP)
    if file is None:
        st.info(
            "Bring a file with a contest in each row: an anchor, what is near, and what is far.",
            icon=":material/upload:",
        )
        return None
    found = probing.brought(file.name, file.getvalue())
    for remark in found.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")
    return probing.Contests(found.sets)


def _choose_bundled(selection: Selection) -> probing.Contests:
    boxes = st.columns(2)
    known = {name: key for key, name in LANGUAGES.items()}
    with boxes[0]:
        chosen = address.pick_several(
            "languages", "Languages", list(known), scope="", placeholder="As your texts", help=LANGUAGES_HELP
        )
    titles = {find_probe(key).title: key for key in PROBES}
    with boxes[1]:
        wanted = address.pick_several("probes", "Probes", list(titles), scope="", placeholder="All", help=PROBES_HELP)
    return probing.bundled(selection, [known[name] for name in chosen], [titles[title] for title in wanted])


def choose_candidates(selection: Selection) -> list[Candidate]:
    """Let the person choose what is probed; the baselines stand beside it in any case."""
    chosen = choosing.choose(selection, "What to probe", CANDIDATES_HELP)
    models = [each.full for each in chosen if each.model not in BASELINES]
    return list(dict.fromkeys([*models, *map(Candidate, BASELINES)]))


def show(contests: probing.Contests, chosen: Sequence[Candidate], how: str) -> None:
    """Probe the candidates, and show their cards as they come; ``how`` says what the contests are like."""
    cards = report_cards.compute(contests, chosen)
    report_cards.show(cards, how)
    report_cards.offer(cards)
