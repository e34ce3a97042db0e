"""The menu: all pages in order, in groups by what a person wants to do with her texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from embedlab.ui.choices import address


@dataclass(frozen=True)
class Page:
    """An entry of the menu; those that show something of texts have a card on the home page, too."""

    file: str
    title: str
    icon: str
    description: str
    group: str = ""
    has_card: bool = True


TEXTS, EXPLORE, CHOOSE, WORK, MACHINE = "Your texts", "Explore", "Choose a model", "Put to work", "This machine"

PAGES = (
    Page("app.py", "Home", ":material/home:", "What is here, and what you are working on.", has_card=False),
    Page(
        "pages/1_Data.py",
        "Data",
        ":material/table_view:",
        "Bring your own file or take a sample, and see what is in it before anything is computed.",
        TEXTS,
    ),
    Page(
        "pages/2_Similarity.py",
        "Similarity",
        ":material/grid_on:",
        "Which texts mean the same? A matrix of every pair, and the most and least similar ones.",
        EXPLORE,
    ),
    Page(
        "pages/3_Duplicates.py",
        "Duplicates",
        ":material/content_copy:",
        "Texts that are there twice, word for word or nearly; choose how alike, and take the cleaned table away.",
        EXPLORE,
    ),
    Page(
        "pages/4_Clusters.py",
        "Clusters",
        ":material/bubble_chart:",
        "Groups of texts: found, named, measured, and shown on a map.",
        EXPLORE,
    ),
    Page(
        "pages/5_Search.py",
        "Search",
        ":material/search:",
        "Find texts by what they mean, by the words they hold, or by both.",
        EXPLORE,
    ),
    Page(
        "pages/6_Classification.py",
        "Classification",
        ":material/label:",
        "Learn the labels you have: how well they can be told apart, which look wrong, and what other texts would get.",
        EXPLORE,
    ),
    Page(
        "pages/7_Compare.py",
        "Compare",
        ":material/compare_arrows:",
        "Models, poolings and layers on your own texts: what is better, by how much, and at what cost.",
        CHOOSE,
    ),
    Page(
        "pages/8_Probes.py",
        "Probes",
        ":material/quiz:",
        "What a model can and cannot do: negation, numbers, ids, other words, other languages, by small contests.",
        CHOOSE,
    ),
    Page(
        "pages/9_Dimensions.py",
        "Dimensions",
        ":material/compress:",
        "How small the vectors may be made: quality over bytes, and what a smaller vector costs on your texts.",
        CHOOSE,
    ),
    Page(
        "pages/12_Training.py",
        "Training",
        ":material/model_training:",
        "Make the model better on your own texts; what was held out says whether it is, and you keep it or leave it.",
        CHOOSE,
    ),
    Page(
        "pages/13_Inside.py",
        "Inside",
        ":material/biotech:",
        "Follow one sentence through the model: tokens, layers, attention, pooling, the final vector.",
        CHOOSE,
    ),
    Page(
        "pages/14_Models.py",
        "Models",
        ":material/inventory_2:",
        "What each model is good for, which are on this machine, and fetching the others.",
        CHOOSE,
        has_card=False,
    ),
    Page(
        "pages/10_Stores.py",
        "Stores",
        ":material/storage:",
        "Write your texts into a vector store, judge what it finds against exact search, or look at what is in one.",
        WORK,
    ),
    Page(
        "pages/11_Retrieve.py",
        "Retrieve",
        ":material/manage_search:",
        "What a language model would be given to answer a question from, as it would be given it.",
        WORK,
    ),
    Page(
        "pages/15_Cache.py",
        "Cache",
        ":material/database:",
        "Embeddings kept on this machine, so that no text is embedded twice.",
        MACHINE,
        has_card=False,
    ),
)


def groups(pages: Sequence[Page] = PAGES) -> dict[str, list[Page]]:
    """Return pages by the group they stand in, in the order of the menu; the home page stands before all groups."""
    names = dict.fromkeys(page.group for page in pages)
    return {name: [page for page in pages if page.group == name] for name in names}


def show_menu() -> None:
    """Draw links to all pages, which carry what has been chosen."""
    for name, pages in groups().items():
        if name:
            st.caption(name)
        for page in pages:
            show_link(page, page.title, page.icon)


def show_link(page: Page, label: str, icon: str) -> None:
    """Draw a link to a page, which carries what has been chosen."""
    st.page_link(page.file, label=label, icon=icon, query_params=address.current())
