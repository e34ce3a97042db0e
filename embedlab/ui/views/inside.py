"""What the Inside page is made of: a sentence, the six steps it goes through, and one word in two sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.inspection import find_word, shared_words, word_divergence
from embedlab.models import is_transformer
from embedlab.plots import attention_heatmap, divergence_line, named_matrix, norm_bars, pooling_heatmap, token_heatmap
from embedlab.pooling import POOLING_MODES, pooling_title
from embedlab.similarity import paired_cosine_similarity
from embedlab.texts import is_blank
from embedlab.ui.parts import is_dark, plain_errors, token_chips, token_name
from embedlab.ui.tasks import services

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.inspection import Inspection, Inspector
    from embedlab.ui.choices import Selection

MEAN = "Mean"
NO_INSIDE = (
    "{} is no transformer on this machine. Only such have layers and attention to look into; choose one on the left."
)
MAX_CHARS = 2000
TITLES = [pooling.title for pooling in POOLING_MODES.values()]
FIRST, SECOND = "We sat on the bank of the river.", "The bank closed my account."
GERMAN = "In German, for a model that knows it: “Die Bank am Fluss ist schön.” and “Die Bank hat heute geschlossen.”"


def open_model(selection: Selection) -> Inspector | None:
    """Open the chosen model for looking inside; one without an inside is said, and gives None."""
    if not is_transformer(selection.model):
        st.info(NO_INSIDE.format(selection.model), icon=":material/visibility_off:")
        return None
    return services.inspector(selection.model)


def choose_sentence(inspector: Inspector) -> Inspection | None:
    """Let the person type a sentence, and return what the model makes of it; None while there is none."""
    if inspector.prompts:
        typed, chosen = st.columns([4, 1], vertical_alignment="bottom")
        names = [] if inspector.default_prompt_name else ["none"]
        names += sorted(inspector.prompts, key=lambda name: name != inspector.default_prompt_name)
        prompt_name = chosen.selectbox("Prompt", names, key=f"prompt:{inspector.name}")
    else:
        typed, prompt_name = st.container(), "none"
    sentence = typed.text_input(
        "Sentence",
        "The bank by the river is unforgettable.",
        key="sentence",
        bind="query-params",
        max_chars=MAX_CHARS,
        placeholder="Type any sentence",
    )
    if is_blank(sentence):
        return None
    return services.inspection(inspector, sentence, None if prompt_name == "none" else prompt_name)


def show_look_up(inspection: Inspection) -> None:
    """Draw the token vectors before the first layer."""
    vectors = inspection.layers[0]
    row, column = np.unravel_index(np.abs(vectors).argmax(), vectors.shape)
    _draw_vectors(inspection, 0, "look_up")
    st.caption(
        f"Each id is looked up in a table: {len(vectors)} tokens, {vectors.shape[1]} numbers each. The largest value "
        f"is {vectors[row, column]:.2f}, in dimension {column} of {token_name(inspection, int(row))}; so that the rest "
        "can be seen, the colours end at 99 of 100 values."
    )


def show_layers(inspection: Inspection) -> None:
    """Draw the token vectors after a layer the person chooses."""
    layer = st.slider(
        "Layer", 0, inspection.n_layers, inspection.n_layers, key="layer", bind="query-params", help="0 is the look-up."
    )
    _draw_vectors(inspection, layer, "vectors")
    if layer == 0:
        st.caption("The look-up once more: no token has seen another one yet.")
        return
    cosines = paired_cosine_similarity(inspection.layers[0], inspection.layers[layer])
    least, most = int(cosines.argmax()), int(cosines.argmin())
    st.caption(
        f"After layer {layer} of {inspection.n_layers} the tokens have taken in what stands around them: the cosine to "
        f"their look-up is {cosines.mean():.2f} on average. {token_name(inspection, least)} has changed least "
        f"({cosines[least]:.2f}), {token_name(inspection, most)} most ({cosines[most]:.2f})."
    )


def show_attention(inspection: Inspection) -> None:
    """Draw which token looks at which, in a layer and head the person chooses."""
    left, right = st.columns(2)
    layers, heads = ([MEAN, *map(str, range(1, n + 1))] for n in (inspection.n_layers, inspection.n_heads))
    chosen = (
        left.select_slider("Layer of the attention", layers, key="attention_layer", bind="query-params"),
        right.select_slider("Head", heads, key="head", bind="query-params"),
    )
    layer, head = (None if choice == MEAN else int(choice) for choice in chosen)
    attention = inspection.attention_matrix(layer, head)
    st.plotly_chart(
        attention_heatmap(attention, _pieces(inspection), dark=is_dark()),
        key="attention",
        alt="Heatmap of how much each token attends to each; the text below names the largest value",
    )
    looks, looked_at = np.unravel_index(attention.argmax(), attention.shape)
    where = " and ".join(
        f"{word} {number}" if number else f"the mean of all {word}s"
        for word, number in (("head", head), ("layer", layer))
    )
    special = [i for i, token in enumerate(inspection.kept) if token.is_special]
    st.caption(
        f"The largest attention in {where} goes from {token_name(inspection, int(looks))} to "
        f"{token_name(inspection, int(looked_at))}: {attention.max():.2f}. Each row adds up to 1."
        + (f" The special tokens receive {attention[:, special].sum() / len(attention):.0%} of all." if special else "")
    )


def show_pooling(inspection: Inspection, pooling_mode: str) -> None:
    """Draw how each pooling weighs the tokens, and how far the poolings lie from each other."""
    weights = np.stack([inspection.token_weights(mode) for mode in POOLING_MODES])
    cosines = inspection.pooling_cosines(list(POOLING_MODES))
    st.plotly_chart(
        pooling_heatmap(weights, TITLES, _pieces(inspection), dark=is_dark()),
        key="weights",
        alt="Heatmap of the share of each token in each pooling; the text below names the largest",
    )
    # Of several poolings put one behind the other, the first.
    chosen = list(POOLING_MODES).index(pooling_mode.split("+")[0])
    heaviest, is_even = int(weights[chosen].argmax()), np.ptp(weights[chosen]) < 1e-6
    st.caption(
        f"With {TITLES[chosen]}, "
        + (
            f"every token counts the same: {weights[chosen, heaviest]:.0%}. "
            if is_even
            else f"{token_name(inspection, heaviest)} counts most: {weights[chosen, heaviest]:.0%}; evenly dealt, each "
            f"token would count {1 / len(inspection.kept):.0%}. "
        )
        + "For Max, it is the share of the dimensions in which a token is largest."
    )
    st.plotly_chart(
        named_matrix(cosines, TITLES, dark=is_dark()), key="poolings", alt="Table of the cosines between the poolings"
    )
    others = np.delete(np.arange(len(TITLES)), chosen)
    nearest, furthest = others[cosines[chosen, others].argmax()], others[cosines[chosen, others].argmin()]
    st.caption(
        f"The same tokens, {len(TITLES)} vectors. Nearest to {TITLES[chosen]} lies {TITLES[nearest]} (cosine "
        f"{cosines[chosen, nearest]:.2f}), furthest {TITLES[furthest]} ({cosines[chosen, furthest]:.2f})."
    )


def show_normalisation(inspection: Inspection, pooling_mode: str) -> None:
    """Draw how long the vector is before it is scaled to length 1."""
    st.plotly_chart(
        norm_bars(inspection.norms(list(POOLING_MODES)), TITLES),
        key="norms",
        alt="Bars of the length of the vector by each pooling before normalisation",
    )
    (before,), (after,) = (inspection.norms([pooling_mode], normalize_embeddings=is_on) for is_on in (False, True))
    n_numbers = len(inspection.pooled(pooling_mode))
    st.caption(
        f"{pooling_title(pooling_mode)}: length {before:.2f} before and {after:.2f} after, because each of the "
        f"{n_numbers} numbers was divided by {before:.2f}. The direction stays, and the product of two such vectors is "
        "their cosine. This is the embedding."
    )


def compare_word(inspector: Inspector) -> None:
    """Draw how a word's vector parts between two sentences, layer by layer."""
    left, right = st.columns(2)
    texts = (
        left.text_input("One sentence", FIRST, key="one", bind="query-params", help=GERMAN),
        right.text_input("Another sentence", SECOND, key="another", bind="query-params"),
    )
    if any(is_blank(text) for text in texts):
        st.info("Type two sentences that share a word.", icon=":material/keyboard:")
        return
    with plain_errors():
        word = st.selectbox("Shared word", shared_words(*texts), key="shared_word")
        first, second = (services.inspection(inspector, text) for text in texts)
        cosines = word_divergence(first, second, word)
        places = [each.pieces_of(*find_word(each.text, word)) for each in (first, second)]
        left.markdown(token_chips(first, places[0]))
        right.markdown(token_chips(second, places[1]))
        ids = [[each.tokens[i].id for i in found] for each, found in zip((first, second), places, strict=True)]
        _show_divergence(word, cosines, has_same_ids=ids[0] == ids[1])


def _show_divergence(word: str, cosines: NDArray[np.float32], *, has_same_ids: bool) -> None:
    st.plotly_chart(
        divergence_line(cosines),
        key="divergence",
        alt="Line of the cosine between the word's two vectors by layer; the text below names both ends",
    )
    steepest = int(np.diff(cosines).argmin()) + 1
    ids = "has the same ids in both" if has_same_ids else "is written differently, and has other ids"
    st.caption(
        f"“{escape_markdown(word)}” {ids}. After the look-up, which adds the place in the sentence, the cosine of its "
        f"two vectors is {cosines[0]:.2f}; after layer {len(cosines) - 1} it is {cosines[-1]:.2f}. The largest step "
        f"down is layer {steepest} ({cosines[steepest] - cosines[steepest - 1]:+.2f})."
    )


def _draw_vectors(inspection: Inspection, layer: int, key: str) -> None:
    st.plotly_chart(
        token_heatmap(inspection.layers[layer], _pieces(inspection), dark=is_dark()),
        key=key,
        alt="Heatmap of the token vectors; the text below says what stands out",
    )


def _pieces(inspection: Inspection) -> list[str]:
    return [token.piece for token in inspection.kept]
