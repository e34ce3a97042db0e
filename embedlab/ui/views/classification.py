"""What the Classification page is made of: how well labels can be predicted, which look wrong, what new texts get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from embedlab.classification import Classification, Learned, MultiClassification
from embedlab.columns import write_labels
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.exports import classification_table
from embedlab.plots import confusion_heatmap
from embedlab.texts import is_blank
from embedlab.ui.parts import choose_ties, downloads, is_dark
from embedlab.ui.tasks import services
from embedlab.ui.views.classified import MAX_LISTED, list_rows, list_typed

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

    from embedlab.ui.choices import Selection

MAX_DRAWN = 30
MAX_NAMED = 5
ACCURACY_HELP = (
    "Share of the labelled texts whose label was predicted. Every text is predicted by a model that has not seen it: "
    "the texts are cut into five parts, and each part is predicted by what was learned from the other four. Texts that "
    "come twice stay in one part, and so do those that are kept together."
)
MAJORITY_HELP = (
    "What predicting the most frequent label for every text would reach. The accuracy is worth what it adds."
)
OVERLAP_HELP = (
    "Labels that a text has and was given, over those it has or was given: 1 where all are right and none is missing, "
    "mean over the texts. Every text is predicted by models that have not seen it, one for each label."
)
CONSTANT_HELP = "What giving every text the same most frequent labels would reach. The overlap is worth what it adds."
F1_HELP = (
    "Mean over the labels of F1, which is high only where a label is both found and not given to others. Rare labels "
    "count as much as frequent ones."
)
BALANCED_HELP = (
    "Share of the texts found, mean over the labels: what the accuracy would be if all were equally frequent."
)
PRECISION_HELP = "Of the texts that were given this label, the share that has it."
RECALL_HELP = "Of the texts that have this label, the share that was given it."
SUSPECTS_HELP = (
    "Sorted by how much more probable the predicted label is than the given one, by a model that has not seen the text."
)
PASSAGES_NOTE = (
    "Texts are passages here, each with the label of its document. Figures count passages; those of one document are "
    "never on both sides of what is learned and what is predicted, and count as one for the interval."
)
DOWNLOAD_HELP = (
    "All rows with the predicted label, its probability, and whether a given label is suspect: another one was "
    "predicted."
)


def learn(selection: Selection) -> Classification | MultiClassification | None:
    """Learn the chosen label column, or say what is missing."""
    corpus = selection.corpus
    if selection.label_column is None:
        st.info(
            f"Choose a label column in the panel on the left. What its labels have in common is learned from the "
            f"{len(corpus.texts):,} texts, so that labels which look wrong stand out and texts without one get one.",
            icon=":material/label:",
        )
        return None
    ties = choose_ties(selection)
    found = services.classification(selection, selection.label_column, *ties)
    if selection.splitting is not None:
        st.caption(f":material/splitscreen: {PASSAGES_NOTE}")
    if isinstance(found, MultiClassification):
        st.caption(
            ":material/info: The cells of this column list several labels. Each label is learned on its own, and a "
            "text is given those with a probability of a half or more, which may be none."
        )
    if found.is_grouped:
        document = "document" if selection.splitting else None
        near = "near-duplicate" if ties.near_duplicates else None
        named = " and ".join(filter(None, (document, ties.column, near)))
        st.caption(
            f":material/link: Held out together by {escape_markdown(named)}: {found.n_groups:,} groups of "
            f"{found.n_labelled:,} texts."
        )
    if found.of_one_group:
        named = ", ".join(escape_markdown(name) for name in found.of_one_group[:MAX_NAMED])
        st.caption(
            ":material/warning: All texts of these labels are in one group, so nothing is left to learn them from and "
            f"they count as wrong: {named}{', …' if len(found.of_one_group) > MAX_NAMED else ''}."
        )
    return found


def show_figures(found: Classification | MultiClassification) -> None:
    """Say how well the labels can be predicted, and from what."""
    if isinstance(found, MultiClassification):
        low, high = found.overlap_interval
        how_well = [
            ("Mean overlap", f"{found.mean_overlap:.3f}", OVERLAP_HELP),
            ("Baseline", f"{found.baseline:.3f}", CONSTANT_HELP),
        ]
        said = f"overlap: {low:.3f} to {high:.3f}. All labels are right for {found.exact:.1%} of the texts."
    else:
        low, high = found.accuracy_interval
        how_well = [
            ("Accuracy", f"{found.accuracy:.1%}", ACCURACY_HELP),
            ("Baseline", f"{found.majority:.1%}", MAJORITY_HELP),
        ]
        said = f"accuracy: {low:.1%} to {high:.1%}. Balanced accuracy {found.balanced_accuracy:.1%}."
    figures = [
        *how_well,
        ("Macro F1", f"{found.macro_f1:.3f}", F1_HELP),
        ("Learned from", f"{found.n_labelled:,}", "Texts with a label, each also predicted once."),
        ("Without a label", f"{found.n_unlabelled:,}", "Texts whose label is blank; they get a prediction, too."),
    ]
    for column, (label, value, help_) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, border=True, help=help_)
    st.caption(
        f"95 % interval of the {said} {len(found.classes):,} labels.",
        help=None if isinstance(found, MultiClassification) else BALANCED_HELP,
    )
    if found.left_out:
        named = ", ".join(escape_markdown(name) for name in list(found.left_out)[:MAX_NAMED])
        more = ", …" if len(found.left_out) > MAX_NAMED else ""
        st.caption(f":material/info: Left out, because only one text has it as its label: {named}{more}.")


def show_confusion(selection: Selection, found: Classification) -> None:
    """Draw which labels are taken for which, and list the texts of the cell that is clicked."""
    shown = found.most_confused(MAX_DRAWN)
    event = st.plotly_chart(
        confusion_heatmap(found.confusion, found.classes, shown, dark=is_dark()),
        key="confusion",
        on_select="rerun",
        selection_mode="points",
        alt=f"Number of texts for each label and prediction, {len(shown)} labels; the tables hold the same",
    )
    if len(shown) < len(found.classes):
        st.caption(f"The {len(shown)} labels that are confused most often; there are {len(found.classes):,}.")
    points = event["selection"]["points"]
    if not points:
        st.caption("Click a cell to read its texts here. Colours are shares of the texts of a label.")
        return
    label, given = points[0]["customdata"][:2]
    rows = np.flatnonzero((found.labels == label) & (found.predictions == given))
    names = escape_markdown(found.classes[label]), escape_markdown(found.classes[given])
    st.subheader(f"{len(rows):,} labelled {names[0]}, predicted {names[1]}", anchor=False)
    list_rows(selection, found, rows[np.argsort(-found.margins[rows], kind="stable")])


def show_suspects(selection: Selection, found: Classification | MultiClassification) -> None:
    """List the texts whose labels are most confidently contradicted."""
    rows = found.suspects()
    if not len(rows):
        st.info("Every label was predicted as it is given: none looks wrong.", icon=":material/check:")
        return
    st.markdown(
        f"**{len(rows):,} texts were given other labels than they have.** Where the prediction is sure, often the "
        "label in the file is wrong. Read from the top, correct your file, and load it again.",
        help=SUSPECTS_HELP,
    )
    list_rows(selection, found, rows)


def show_classes(selection: Selection, found: Learned) -> None:
    """List precision, recall, F1 and number of texts of each label."""

    def share(label: str, help_: str) -> ColumnConfig:
        return st.column_config.ProgressColumn(
            label, help=help_, width="small", format="%.2f", min_value=0, max_value=1
        )

    st.dataframe(
        pd.DataFrame(
            {
                "label": found.classes,
                "texts": found.support,
                "precision": found.precision,
                "recall": found.recall,
                "f1": found.f1,
            }
        ),
        hide_index=True,
        column_config={
            "label": st.column_config.TextColumn("Label", width="medium"),
            "texts": st.column_config.NumberColumn("Texts", width="small"),
            "precision": share("Precision", PRECISION_HELP),
            "recall": share("Recall", RECALL_HELP),
            "f1": share("F1", "Harmonic mean of the two."),
        },
        alt="Precision, recall, F1 and number of texts of each label",
    )


def show_typed(selection: Selection, found: Classification | MultiClassification) -> None:
    """Predict the labels of texts the person types."""
    typed = st.text_area(
        "Texts, one a line", key="typed", height=140, persist_state="session", placeholder="Where is my parcel?"
    )
    texts = [line for line in typed.splitlines() if not is_blank(line)]
    if not texts:
        st.caption("Type or paste some texts and press Ctrl+Enter.")
        return
    if len(texts) > MAX_LISTED:
        raise InvalidInputError(
            f"There are {len(texts):,} lines; at most {MAX_LISTED:,} are predicted here. Load more as a file, with "
            "their labels left blank."
        )
    embeddings = services.embed_typed(selection, texts)
    if isinstance(found, MultiClassification):
        sets, probabilities = found.predict(embeddings)
        list_typed(texts, [write_labels(labels) for labels in sets], probabilities, several=True)
    else:
        list_typed(texts, *found.predict(embeddings), several=False)


def show_unlabelled(selection: Selection, found: Classification | MultiClassification) -> None:
    """List what texts without a label are predicted to be, the surest first."""
    rows = np.flatnonzero(~found.is_labelled)
    if not len(rows):
        st.info("Every text has a label. Those whose cell is left blank in the file are predicted here.")
        return
    list_rows(selection, found, rows[np.argsort(-found.probabilities[rows].max(axis=1), kind="stable")])


def offer_download(selection: Selection, found: Learned) -> None:
    """Offer the table with prediction, probability and suspects."""
    frame = selection.corpus.frame
    table = downloads.with_groups(selection.corpus, lambda: classification_table(frame, found))
    with st.container(horizontal=True):
        downloads.offer(downloads.table_files("classified", table, DOWNLOAD_HELP))
