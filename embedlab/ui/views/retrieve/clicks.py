"""What a person says of passages: whether they hold the answer. Kept for the session, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.retrieval import PassageJudgement, read_passage_judgements, write_judgements
from embedlab.ui.parts import downloads, plain_errors

if TYPE_CHECKING:
    from embedlab.retrieval import Passage
    from embedlab.ui.choices import Selection

    Clicks = dict[tuple[str, str, int, int], float]

YES, NO = "Yes", "No"
_GRADES = {YES: 1.0, NO: 0.0}
ASK_HELP = "Whether the answer can be read in this passage is for you to say; nothing guesses it."


def ask(selection: Selection, question: str, passage: Passage, key: str) -> None:
    """Let the person say whether a passage holds the answer, or take back what she has said."""
    place = " ".join(question.split()), passage.document, passage.start, passage.end
    said = _clicks(selection).get(place)
    # Another widget may stand for the same passage: what was said there holds here.
    st.session_state[key] = None if said is None else YES if said > 0 else NO
    st.segmented_control(
        "Does it hold the answer?",
        [YES, NO],
        key=key,
        help=ASK_HELP,
        on_change=_keep,
        args=(selection, place, key),
        label_visibility="visible",
    )


def judged(selection: Selection) -> list[PassageJudgement]:
    """Return what has been said of the passages of these texts."""
    return [PassageJudgement(*place, grade) for place, grade in _clicks(selection).items()]


def offer_file(selection: Selection) -> None:
    """Let the person take what she has said along, and bring it back."""
    said = judged(selection)
    with st.expander(f"Your judgements ({len(said):,})", icon=":material/rule:"), plain_errors():
        st.caption(
            "A judgement is kept with its place in the document, so that it holds when texts are split otherwise. The "
            "file is one of judgements as BEIR has them, which Compare reads as well. It stays on this machine."
        )
        if said:
            content = write_judgements(said)
            file = downloads.File("judgements.tsv", "text/tab-separated-values", lambda: content)
            downloads.draw("Download judgements", file)
        brought = st.file_uploader("Judgements", key=f"judgements-{_digest(selection)}", type=["tsv", "txt"])
        seen = f"judgements-read:{_digest(selection)}"
        if brought is not None and st.session_state.get(seen) != brought.file_id:
            read = read_passage_judgements(brought.getvalue())
            st.session_state[seen] = brought.file_id
            for each in read:
                _clicks(selection)[each.question, each.document, each.start, each.end] = each.grade
            st.rerun()


def _keep(selection: Selection, place: tuple[str, str, int, int], key: str) -> None:
    said = st.session_state[key]
    if said is None:
        _clicks(selection).pop(place, None)
    else:
        _clicks(selection)[place] = _GRADES[said]


def _clicks(selection: Selection) -> Clicks:
    kept: Clicks = st.session_state.setdefault(f"clicks:{_digest(selection)}", {})
    return kept


def _digest(selection: Selection) -> str:
    return selection.of_documents.corpus.digest
