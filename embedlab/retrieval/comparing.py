"""Ways held against each other on the same questions: what stands in their prompts of what the questions need."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.comparison import named_figures, remembering
from embedlab.errors import InvalidInputError
from embedlab.reranking import Reranker, load_reranker
from embedlab.retrieval.counting import ESTIMATE, TokenCounter
from embedlab.retrieval.judging import Needed, cutoff_for, needed_of, prompt_figures
from embedlab.retrieval.passages import Passage, PassageIndex, reranked, whole_texts
from embedlab.retrieval.prompts import build_prompt
from embedlab.retrieval.report import RetrievalComparison, WayResult
from embedlab.search import LexicalIndex, SearchIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.comparison import Load
    from embedlab.encoders import Encoder
    from embedlab.gold import Retrieval
    from embedlab.retrieval.ways import Way
    from embedlab.store import EmbeddingStore

    Progress = Callable[[int, int], None]
    LoadReranker = Callable[[str], Reranker]


def compare_retrieval(
    gold: Retrieval,
    ways: Sequence[Way],
    *,
    needed: Sequence[Sequence[Needed]] | None = None,
    load: Load | None = None,
    load_reranker: LoadReranker = load_reranker,
    store: EmbeddingStore | None = None,
    counter: TokenCounter = ESTIMATE,
    progress: Progress | None = None,
) -> RetrievalComparison:
    """Hold ways from a question to a prompt against each other.

    Parameters
    ----------
    gold : Retrieval
        Questions, documents, and which of them answer.
    ways : sequence of Way
    needed : sequence of sequences of Needed, optional
        The places that answer each question, where passages were judged; whole documents when not given.
    load, load_reranker : callable, optional
        From a candidate to its encoder, and from a name to a cross-encoder.
    store : EmbeddingStore, optional
        Where embeddings are kept.
    counter : TokenCounter, optional
        An estimate when not given.
    progress : callable, optional
        Called as ``progress(done, total)`` in questions, each once for each way.

    Returns
    -------
    RetrievalComparison
        Figures are of the passages that stand in the prompts, best first, whatever their order there. Documents are
        searched in an order drawn by lot, always the same one, so that equal scores favour none.

    Raises
    ------
    InvalidInputError
        Without a way, or when one cannot be gone.
    ModelLoadError
        When a model cannot be loaded.
    """
    every = list(dict.fromkeys(ways))
    if not every:
        raise InvalidInputError("There is no way to judge. Give one, such as Way(top_k=5).")
    judged = replace(gold, top_k=cutoff_for(max(way.top_k for way in every)))
    wanted = needed_of(judged) if needed is None else needed
    load = remembering(gold.texts, load)
    rerankers: dict[str, Reranker] = {}
    for name in dict.fromkeys(way.reranker for way in every if way.reranker):
        rerankers[name] = load_reranker(name)
    report = _Counting(len(every) * len(gold.queries), progress)
    found: dict[Way, WayResult] = {}
    for group in _grouped(every):
        searched = _Searched(judged, group[0], load(group[0].candidate), store)
        for way in group:
            found[way] = _judge(judged, wanted, way, searched, rerankers.get(way.reranker), counter, report)
    return RetrievalComparison(judged, tuple(found[way] for way in every), needed is not None, counter)


class _Counting:
    """Counts questions."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _grouped(ways: Sequence[Way]) -> Iterator[list[Way]]:
    """Yield the ways that search the same passages, together."""
    groups: dict[object, list[Way]] = {}
    for way in ways:
        groups.setdefault((way.candidate, way.splitting), []).append(way)
    yield from groups.values()


class _Searched:
    """The passages that some ways have in common, with their indexes, and the questions as vectors."""

    def __init__(self, gold: Retrieval, way: Way, encoder: Encoder, store: EmbeddingStore | None) -> None:
        from embedlab.encoders import split_passages

        order = np.random.default_rng(0).permutation(len(gold.texts))
        texts = [gold.texts[place] for place in order.tolist()]
        self._passages = whole_texts(texts)
        if way.splitting is not None:
            splitting = way.splitting
            self._passages = split_passages(texts, encoder, max_tokens=splitting.max_tokens, overlap=splitting.overlap)
        self._documents = [str(place) for place in order.tolist()]
        self._way, self._encoder, self._store, self._gold = way, encoder, store, gold
        self._vectors: NDArray[np.float32] | None = None
        self._found: dict[object, tuple[list[list[Passage]], float]] = {}
        self._meaning: SearchIndex | None = None
        self._words: LexicalIndex | None = None

    @property
    def n_passages(self) -> int:
        return len(self._passages.texts)

    def found(self, way: Way, reranker: Reranker | None, report: _Counting) -> tuple[list[list[Passage]], float]:
        """Return what each question finds, and the mean seconds for one."""
        key = way.by, way.weight, way.n_found, way.reranker
        if key in self._found:
            for _ in self._gold.queries:
                report()
            return self._found[key]
        index, vectors = self._index_for(way), self._asked(way)
        lists, seconds = [], 0.0
        for question, vector in zip(self._gold.queries, vectors, strict=True):
            start = time.perf_counter()
            lists.append(reranked(question, index.find(question, vector, way), way, reranker))
            seconds += time.perf_counter() - start
            report()
        self._found[key] = lists, seconds / len(lists)
        return self._found[key]

    def _index_for(self, way: Way) -> PassageIndex:
        if way.by != "words" and self._meaning is None:
            vectors = self._embed(self._passages.texts, self._encoder.document_prompt_name)
            self._meaning = SearchIndex(self._passages.texts, vectors)
        if way.by != "meaning" and self._words is None:
            self._words = LexicalIndex(self._passages.texts)
        return PassageIndex(self._passages, self._documents, self._meaning, self._words)

    def _asked(self, way: Way) -> NDArray[np.float32]:
        if way.by == "words":
            return np.zeros((len(self._gold.queries), 1), dtype=np.float32)
        if self._vectors is None:
            self._vectors = self._embed(list(self._gold.queries), self._encoder.query_prompt_name)
        return self._vectors

    def _embed(self, texts: list[str], prompt_name: str | None) -> NDArray[np.float32]:
        candidate, encoder = self._way.candidate, self._encoder
        variant = candidate.variant_of(encoder)
        ways = candidate.options(prompt_name)
        if self._store is not None:
            return self._store.encode_variants(encoder, texts, [variant], **ways)[variant]
        return encoder.encode_variants(texts, [variant], **ways)[variant]


def _judge(
    gold: Retrieval, needed: Sequence[Sequence[Needed]], way: Way, searched: _Searched, reranker: Reranker | None,
    counter: TokenCounter, report: _Counting,
) -> WayResult:  # fmt: skip
    lists, seconds = searched.found(way, reranker, report)
    prompts = [build_prompt(question, found, way, counter) for question, found in zip(gold.queries, lists, strict=True)]
    figures = prompt_figures([[each.passage for each in prompt.by_rank] for prompt in prompts], needed, gold.top_k)
    cut = [each.is_cut for found in lists for each in found if each.rerank_score is not None]
    return WayResult(
        way,
        named_figures(gold, figures),
        searched.n_passages,
        float(np.mean([len(prompt.placed) for prompt in prompts])),
        float(np.mean([prompt.n_tokens for prompt in prompts])),
        sum(prompt.is_full for prompt in prompts),
        float(np.mean([len(prompt.twins) for prompt in prompts])),
        float(np.mean(cut)) if cut else float("nan"),
        seconds,
    )
