"""The list of candidates: kept for the session and in the address, one for all pages, added to in a small form."""

from __future__ import annotations

from itertools import product
from urllib.parse import unquote

import streamlit as st

from embedlab.comparison import Candidate
from embedlab.compression import Compression
from embedlab.encoders.running import PRECISIONS, why_not_int8
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.hosted import find_hosted_card, is_hosted
from embedlab.models import BASELINES, DEFAULT_MODEL, catalog, is_ready, is_transformer
from embedlab.pooling import POOLING_MODES
from embedlab.ui.choices import Selection
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services

MAX_CANDIDATES = 60
LIST, KEPT, POOL, ADDRESS = "candidate-list", "kept-candidates", "candidate-pool", "candidates"
LAST, OWN = "Last", "As trained"
PROMPTS = {"As the model wants": None, "None": ""}
AUTO_HELP = "auto is the fastest arithmetic that keeps a cosine of 0.9999 to float32."
INT8_HELP = "int8 is faster still, and less exact."
PROMPT_HELP = "Some models want words such as “query: ” before each text, and were trained with them."
LAYER_HELP = "0 is the token look-up. Earlier layers are sometimes better than the last for another kind of task."
RAW_HELP = "Vectors keep their lengths and are compared by dot product instead of cosine."
PASSAGES_HELP = (
    "A text longer than the model reads is split into passages, and its vector is the mean of theirs, weighed by their "
    "tokens. Otherwise its beginning alone is read. Other texts stay as they are."
)
VECTORS = ["", "float16", "vectors=int8", "binary", "binary~rescore", "pca128", "pca128~int8", "dim128", "random128"]
VECTORS_HELP = (
    "What the vectors are made smaller to; each is compared with the full ones, too. Type another one, such as "
    "pca64~binary: **dim**, **pca** or **random** with the dimensions that are left, then **float16**, **int8**, "
    "**binary** or **pq16** (16 bytes), then **rescore**."
)
OWN_LENGTH = 0
LENGTHS_HELP = (
    "Hosted models can be asked for shorter vectors. Each length is a model of its own: all texts are sent for each, "
    "and you are shown the price before."
)
WEIGHTS_HELP = "A mean in which the weight of a token goes in even steps from the first to the last."


def choose(selection: Selection, label: str, help: str) -> list[Candidate]:
    """Draw the list of candidates and the form that adds to it; return the chosen ones."""
    _restore(selection)
    kept, add = st.columns([4, 1], vertical_alignment="bottom")
    with add.popover("Add", icon=":material/add:", width="stretch"):
        _draw_form(selection)
    chosen = kept.multiselect(
        label,
        st.session_state[POOL],
        key=LIST,
        format_func=lambda key: Candidate.parse(key).title,
        placeholder="Add a model, a pooling or a layer",
        help=help,
    )
    st.session_state[KEPT] = chosen
    st.query_params[ADDRESS] = ",".join(chosen)
    return [Candidate.parse(key) for key in chosen]


def suggest(model: str) -> list[Candidate]:
    """Return what a person should see beside a model: another pooling, and what it has to beat."""
    baselines = [Candidate(baseline) for baseline in BASELINES]
    if is_hosted(model):
        return [Candidate(model), Candidate(DEFAULT_MODEL), *baselines]
    name = model if is_transformer(model) else DEFAULT_MODEL
    card = catalog().get(name)
    other = "mean" if card and card.pooling_mode == "cls" else "cls"
    return [Candidate(name), Candidate(name, other), *baselines]


def _restore(selection: Selection) -> None:
    """Fill the list on the first visit, from a link, or after another page has made Streamlit forget it."""
    if LIST not in st.session_state:
        linked = _valid(st.query_params.get(ADDRESS, "").split(","))
        kept = st.session_state.get(KEPT)
        st.session_state[LIST] = linked or kept or [candidate.key for candidate in suggest(selection.model)]
    known = st.session_state.get(POOL, [candidate.key for candidate in suggest(selection.model)])
    st.session_state[POOL] = list(dict.fromkeys([*known, *st.session_state[LIST]]))


def _valid(keys: list[str]) -> list[str]:
    """Return the keys of a link that mean something and name a model this session may use."""
    names = [unquote(key.split("~")[0]) for key in keys[:MAX_CANDIDATES]]
    allowed = {*sharing.kept_here(names), *sharing.usable_hosted(names), *sharing.offered_cards(), *BASELINES}
    allowed |= set(st.session_state["own_models"])
    found = []
    for key in keys[:MAX_CANDIDATES]:
        try:
            candidate = Candidate.parse(key)
        except InvalidInputError:
            continue
        if candidate.model in allowed:
            found.append(candidate.key)
    return list(dict.fromkeys(found))


def _choose_precisions() -> list[str]:
    """Let the person choose what is computed in; 8-bit integers where they are faster."""
    why_not = why_not_int8(services.processor())
    offered = [precision for precision in PRECISIONS if precision != "int8" or not why_not]
    return st.multiselect(
        "Arithmetic", offered, ["auto"], key="add-precisions", help=f"{AUTO_HELP} {why_not or INT8_HELP}"
    )


def _choose_weights() -> list[str]:
    """Let the person choose a pooling with weights by position; none where she does not."""
    with st.expander("Weights by position", icon=":material/line_axis:"):
        weighted = st.checkbox("Add a pooling with these weights", key="add-weighted", help=WEIGHTS_HELP)
        first = st.slider("Weight of the first token", 0.0, 1.0, 1.0, 0.05, key="add-first")
        last = st.slider("Weight of the last token", 0.0, 1.0, 0.25, 0.05, key="add-last")
    return [f"position:{first:g}:{last:g}"] if weighted and first + last else []


def _choose_vectors() -> list[Compression]:
    """Let the person choose what the vectors are made smaller to; what means nothing is named and left out."""
    found = []
    for key in st.multiselect(
        "Vectors",
        VECTORS,
        [""],
        key="add-vectors",
        format_func=_vectors_name,
        accept_new_options=True,
        help=VECTORS_HELP,
    ):
        try:
            found.append(Compression.parse(key))
        except InvalidInputError as error:
            st.warning(escape_markdown(str(error)))
    return found


def _vectors_name(key: str) -> str:
    try:
        return Compression.parse(key).title.capitalize()
    except InvalidInputError:
        return key


def _choose_lengths(models: list[str]) -> list[str]:
    """Let the person choose what lengths hosted models are asked for, and return all models by name and length."""
    cards = {name: card for name in models if (card := find_hosted_card(name)) and card.dimensions}
    if not cards:
        return models
    lengths = sorted({n for card in cards.values() for n in card.dimensions})
    chosen = st.multiselect(
        "Dimensions",
        [OWN_LENGTH, *lengths],
        [OWN_LENGTH],
        key="add-lengths",
        format_func=_length_name,
        help=LENGTHS_HELP,
    )
    asked = [f"{name}@{n}" for name, card in cards.items() for n in chosen if n in card.dimensions]
    return [name for name in models if name not in cards or OWN_LENGTH in chosen] + asked


def _length_name(length: int) -> str:
    return f"{length:,}" if length else "The model's own"


def _draw_form(selection: Selection) -> None:
    """Draw the form; every combination of what is chosen is added."""
    ready = [name for name, card in sharing.offered_cards().items() if is_ready(card)]
    own = [*sharing.kept_here(), *st.session_state["own_models"]]
    offered = [*own, *ready, *sharing.usable_hosted(), *BASELINES]
    models = st.multiselect(
        "Models",
        offered,
        [selection.model if selection.model in offered and selection.model not in BASELINES else DEFAULT_MODEL],
        key="add-models",
        help="Those on this machine, and hosted ones whose key is here; the Models page fetches others.",
    )
    models = _choose_lengths(models)
    poolings = st.multiselect("Poolings", [OWN, *POOLING_MODES], [OWN], key="add-poolings", format_func=_pooling_name)
    modes = [*(None if mode == OWN else mode for mode in poolings), *_choose_weights()]
    layers = st.multiselect("Layers", [LAST, *range(25)], [LAST], key="add-layers", help=LAYER_HELP)
    precisions = _choose_precisions()
    prompt = st.segmented_control(
        "Prompt", list(PROMPTS), default=next(iter(PROMPTS)), required=True, key="add-prompt", help=PROMPT_HELP
    )
    unpooled = st.toggle("Leave the prompt's tokens out of the pooling", key="add-unpooled")
    raw = st.toggle("Not normalised", key="add-raw", help=RAW_HELP)
    averaged = st.toggle("Mean of passages for long texts", key="add-passages", help=PASSAGES_HELP)
    long_texts, vectors = "mean" if averaged else "cut", _choose_vectors()
    combined = [
        Candidate(
            model, mode, layer, precision, PROMPTS[prompt], False if unpooled else None, not raw, long_texts, small
        )
        for model, mode, layer, precision, small in product(
            models, modes, [-1 if layer == LAST else layer for layer in layers], precisions, vectors
        )
        if is_transformer(model)
    ]
    combined += [
        Candidate(model, normalize_embeddings=not raw, compression=small)
        for model, small in product(models, vectors)
        if not is_transformer(model)
    ]
    keys = list(dict.fromkeys(candidate.key for candidate in combined))
    label = f"Add {len(keys)}" if keys else "Add"
    st.button(label, type="primary", disabled=not keys, on_click=add, args=(keys,), key="add-candidates")


def _pooling_name(mode: str) -> str:
    return mode if mode == OWN else POOLING_MODES[mode].title


def add(keys: list[str]) -> None:
    """Put candidates on the list, those that are not on it yet."""
    st.session_state[POOL] = list(dict.fromkeys([*st.session_state[POOL], *keys]))
    listed = list(dict.fromkeys([*st.session_state[LIST], *keys]))
    if len(listed) > MAX_CANDIDATES:
        st.toast(f"{MAX_CANDIDATES} candidates are the most that fit; the last ones were left out.")
    st.session_state[LIST] = listed[:MAX_CANDIDATES]
