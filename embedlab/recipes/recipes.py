"""The Python that gives a candidate's vectors with plain sentence-transformers, without EmbedLab."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING

from embedlab.encoders import StaticEncoder, TransformerEncoder
from embedlab.escape import quote_python
from embedlab.models import STATIC_PREFIX, TFIDF, find_card
from embedlab.models.kept import is_kept_name
from embedlab.pooling import find_pooling
from embedlab.recipes.compressed import learning_program
from embedlab.recipes.long_texts import averaged

if TYPE_CHECKING:
    from embedlab.comparison import Candidate
    from embedlab.encoders import Encoder
    from embedlab.spec import EmbeddingSpec

_COMMIT = re.compile(r"[0-9a-f]{40}")

_TFIDF = """\
# pip install scikit-learn
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

different = list(dict.fromkeys(texts))
vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\\b\\w+\\b")
counts = vectorizer.fit_transform(different)
svd = TruncatedSVD({dimension}, random_state=0).fit(counts)


def encode(texts):
    rows = svd.transform(vectorizer.transform(texts))
    return {result}
"""

_INT8 = """\
# Eight-bit arithmetic is fitted by EmbedLab; plain sentence-transformers has no equal of it.
import embedlab

encoder = embedlab.load_encoder({name!r}, precision="int8")


def encode(texts, prompt_name=None):
    return encoder.encode({arguments})
"""

_PLAIN = """\
# pip install sentence-transformers
from sentence_transformers import SentenceTransformer
{imports}
model = SentenceTransformer({source})
{changes}

def encode(texts, prompt=""):
    return model.encode(texts, prompt=prompt, normalize_embeddings={normalize})
"""

_BY_HAND = """\
# pip install sentence-transformers
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

model = SentenceTransformer({source}{eager}).eval()
modules = [module for module in model if not isinstance(module, Normalize)]
behind = modules[[type(module) for module in modules].index(Pooling) + 1 :]


def encode(texts, prompt=""):
    rows = []
    for start in range(0, len(texts), 32):
        chosen = [prompt + text for text in texts[start : start + 32]]
        batch = model.tokenizer(
            chosen, padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="pt"
        ).to(model.device)
        with torch.inference_mode():
            output = model[0].auto_model(**batch, {outputs})
            tokens, mask = {tokens}, batch["attention_mask"].float()
{unpooled}{pool}
            features = {{"sentence_embedding": pooled}}
            for module in behind:
                features = module(features)
        rows.append(features["sentence_embedding"].float())
    return {result}
"""

_UNPOOLED = """\
n_prompt_tokens = len(model.tokenizer(prompt)["input_ids"]) - {n_behind}
mask = mask * (mask.cumsum(dim=1) > n_prompt_tokens)
"""

_BY_MODULE = """\
pooling = Pooling(tokens.shape[2], {mode})
pooled = pooling({{"token_embeddings": tokens, "attention_mask": mask}})["sentence_embedding"]"""

_BY_POSITION = """\
n_tokens = mask.sum(dim=1, keepdim=True)
way = (mask.cumsum(dim=1) - 1) / (n_tokens - 1).clamp_min(1)
weights = (({first} + ({last} - {first}) * way) * mask).where(n_tokens > 1, mask)
pooled = (weights.unsqueeze(1) @ tokens).squeeze(1) / weights.sum(dim=1, keepdim=True)"""

_BY_ATTENTION = """\
received = output.attentions[-1].mean(dim=1)  # heads
received = (received * batch["attention_mask"].unsqueeze(2)).sum(dim=1)  # tokens that attend
weights = mask * received
pooled = (weights.unsqueeze(1) @ tokens).squeeze(1) / weights.sum(dim=1, keepdim=True)"""


def recipe(candidate: Candidate, encoder: Encoder, *, searches: bool = False) -> str:
    """Return a program that embeds ``texts`` as a candidate does.

    Parameters
    ----------
    candidate : Candidate
    encoder : Encoder
        Its model.
    searches : bool, default=False
        Whether texts are searched, so that queries have a prompt of their own: it also embeds ``queries`` then.

    Returns
    -------
    str
        Python that defines ``encode`` and calls it: ``texts``, a list, has to be there, and ``fitting_texts`` where
        vectors are compressed by what others are like. It runs in float32; vectors in other arithmetic differ from it
        by a cosine of 0.0001 at most.
    """
    spec = candidate.spec(encoder, encoder.document_prompt_name if searches else None)
    if encoder.precision == "int8":
        return _INT8.format(name=encoder.name, arguments=_own_arguments(spec)) + _calls(
            candidate, encoder, searches, by_name=True
        )
    if encoder.name == TFIDF:
        result = "normalize(rows)" if spec.normalize_embeddings else "rows"
        program = _TFIDF.format(dimension=encoder.embedding_dimension, result=result)
    elif isinstance(encoder, TransformerEncoder) and not _is_plain(spec, encoder):
        program = _by_hand(spec, encoder)
    else:
        program = _plain(spec, encoder)
    if spec.long_texts == "mean":
        program += averaged(spec, encoder)
    if is_kept_name(encoder.name):
        program = f"# {encoder.name} is your own: unpack its zip, which the Models page gives, beside this.\n{program}"
    return program + _calls(candidate, encoder, searches)


def _calls(candidate: Candidate, encoder: Encoder, searches: bool, by_name: bool = False) -> str:
    """Return the lines that embed texts, and queries where they are treated in another way."""

    def call(name: str, prompt_name: str | None) -> str:
        chosen = candidate.spec(encoder, prompt_name).prompt_name
        keyword, prompt = ("prompt_name", chosen) if by_name else ("prompt", encoder.prompts.get(chosen or ""))
        return f"encode({name}, {keyword}={quote_python(prompt)})" if prompt else f"encode({name})"

    of_texts = encoder.document_prompt_name if searches else None
    lines = f"\n\nembeddings = {call('texts', of_texts)}\n"
    lines += f"query_embeddings = {call('queries', encoder.query_prompt_name)}\n" if searches else ""
    if candidate.compression.is_full:
        return lines
    fitting = call("fitting_texts", of_texts)
    normalizes = candidate.normalize_embeddings
    return lines + learning_program(candidate.compression, normalizes=normalizes, fitting=fitting, searches=searches)


def _own_arguments(spec: EmbeddingSpec) -> str:
    ways = {"pooling_mode": spec.pooling_mode, "layer": spec.layer, "include_prompt": spec.include_prompt}
    ways |= {"normalize_embeddings": spec.normalize_embeddings}
    ways |= {"long_texts": spec.long_texts} if spec.long_texts != "cut" else {}
    return ", ".join(["texts", "prompt_name=prompt_name", *(f"{name}={value!r}" for name, value in ways.items())])


def _is_plain(spec: EmbeddingSpec, encoder: TransformerEncoder) -> bool:
    """Whether sentence-transformers' own modules do it all: the last layer, in a pooling of theirs."""
    return spec.layer == encoder.n_layers and not _is_ours(spec.pooling_mode)


def _is_ours(pooling_mode: str) -> bool:
    return pooling_mode.startswith("position:") or find_pooling(pooling_mode.split("+")[0]).by_attention


def _source(encoder: Encoder) -> str:
    """Return the arguments that load the model: hub id and commit, or the folder."""
    if isinstance(encoder, StaticEncoder) and encoder.name.startswith(STATIC_PREFIX):
        teacher = encoder.name.removeprefix(STATIC_PREFIX)
        return f"{str(encoder.folder)!r})  # distilled by embedlab.load_encoder({STATIC_PREFIX + teacher!r}"
    if is_kept_name(encoder.name):
        return quote_python(f"./{encoder.name}")
    card = find_card(encoder.name)
    name = card.hub_id if card else encoder.name
    commit = encoder.revision if _COMMIT.fullmatch(encoder.revision) else card.revision if card else None
    return f"{quote_python(name)}, revision={quote_python(commit)}" if commit else quote_python(name)


def _modes(pooling_mode: str) -> str:
    modes = [quote_python(mode) for mode in pooling_mode.split("+")]
    return f"({', '.join(modes)})" if len(modes) > 1 else modes[0]


def _plain(spec: EmbeddingSpec, encoder: Encoder) -> str:
    modules, changes = [], ""
    is_pooled_otherwise = spec.pooling_mode != encoder.pooling_mode or spec.include_prompt != encoder.pools_prompt
    if is_pooled_otherwise and isinstance(encoder, TransformerEncoder):
        modules.append("Pooling")
        prompt = "" if spec.include_prompt else ", include_prompt=False"
        changes += (
            "place = [type(module) for module in model].index(Pooling)\n"
            f"model[place] = Pooling(model[place].embedding_dimension, {_modes(spec.pooling_mode)}{prompt})\n"
        )
    if not spec.normalize_embeddings and isinstance(encoder, TransformerEncoder):
        modules.insert(0, "Normalize")
        changes += (
            "kept = [module for module in model if not isinstance(module, Normalize)]\n"
            "model = SentenceTransformer(modules=kept)\n"
        )
    imports = ""
    if modules:
        imports = f"from sentence_transformers.sentence_transformer.modules import {', '.join(modules)}\n"
    return _PLAIN.format(imports=imports, source=_source(encoder), changes=changes, normalize=spec.normalize_embeddings)


def _by_hand(spec: EmbeddingSpec, encoder: TransformerEncoder) -> str:
    by_attention = find_pooling(spec.pooling_mode.split("+")[0]).by_attention
    outputs = ["output_hidden_states=True"] + (["output_attentions=True"] if by_attention else [])
    if by_attention:
        pool = _BY_ATTENTION
    elif spec.pooling_mode.startswith("position:"):
        first, last = spec.pooling_mode.split(":")[1:]
        pool = _BY_POSITION.format(first=first, last=last)
    else:
        pool = _BY_MODULE.format(mode=_modes(spec.pooling_mode))
    unpooled = ""
    if not spec.include_prompt and spec.prompt_name:
        prompt = encoder.prompts[spec.prompt_name]
        n_behind = int(encoder.count_tokens([prompt])[0]) - encoder.tokenizer.prompt_length(prompt)
        unpooled = indent(_UNPOOLED.format(n_behind=n_behind), " " * 12)
    is_last = spec.layer == encoder.n_layers
    return _BY_HAND.format(
        source=_source(encoder),
        eager=', model_kwargs={"attn_implementation": "eager"}' if by_attention else "",
        outputs=", ".join(outputs),
        tokens="output.last_hidden_state" if is_last else f"output.hidden_states[{spec.layer}]",
        unpooled=unpooled,
        pool=indent(pool, " " * 12),
        result=(
            "torch.nn.functional.normalize(torch.cat(rows), dim=1).cpu().numpy()"
            if spec.normalize_embeddings
            else "torch.cat(rows).cpu().numpy()"
        ),
    )
