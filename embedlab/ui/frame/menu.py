"""The pages, in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """An entry of the menu; those that show something of texts have a card on the home page, too."""

    file: str
    title: str
    icon: str
    description: str
    has_card: bool = True


PAGES = (
    Page("app.py", "Home", ":material/home:", "What is here, and what you are working on.", has_card=False),
    Page(
        "pages/1_Data.py",
        "Data",
        ":material/table_view:",
        "Bring your own file or take a sample, and see what is in it before anything is computed.",
    ),
    Page(
        "pages/2_Similarity.py",
        "Similarity",
        ":material/grid_on:",
        "Which texts mean the same? A matrix of every pair, and the most and least similar ones.",
    ),
    Page(
        "pages/3_Duplicates.py",
        "Duplicates",
        ":material/content_copy:",
        "Texts that are there twice, word for word or nearly; choose how alike, and take the cleaned table away.",
    ),
    Page(
        "pages/4_Clusters.py",
        "Clusters",
        ":material/bubble_chart:",
        "Groups of texts: found, named, measured, and shown on a map.",
    ),
    Page(
        "pages/5_Search.py",
        "Search",
        ":material/search:",
        "Find texts by what they mean, by the words they hold, or by both.",
    ),
    Page(
        "pages/6_Classification.py",
        "Classification",
        ":material/label:",
        "Learn the labels you have: how well they can be told apart, which look wrong, and what other texts would get.",
    ),
    Page(
        "pages/7_Compare.py",
        "Compare",
        ":material/compare_arrows:",
        "Models, poolings and layers on your own texts: what is better, by how much, and at what cost.",
    ),
    Page(
        "pages/8_Inside.py",
        "Inside",
        ":material/biotech:",
        "Follow one sentence through the model: tokens, layers, attention, pooling, the final vector.",
    ),
    Page(
        "pages/9_Models.py",
        "Models",
        ":material/inventory_2:",
        "What each model is good for, which are on this machine, and fetching the others.",
        has_card=False,
    ),
    Page(
        "pages/10_Cache.py",
        "Cache",
        ":material/database:",
        "Embeddings kept on this machine, so that no text is embedded twice.",
        has_card=False,
    ),
)
