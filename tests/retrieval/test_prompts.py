"""Ways written down and read again; prompts: what is in them, in which order, what has no place, and their tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_models import word_tokenizer

from embedlab.comparison import Candidate
from embedlab.compression import Compression
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.retrieval import ESTIMATE, ORDERS, Passage, TokenCounter, Way, build_prompt, token_counter
from embedlab.texts import Splitting

WORDS = TokenCounter("words", lambda text: len(text.split()))
WAYS = st.builds(
    Way,
    candidate=st.builds(Candidate, st.sampled_from(["m", "./a~b", "org/x"]), st.sampled_from([None, "cls"])),
    splitting=st.none() | st.builds(Splitting, st.none() | st.integers(8, 512), st.integers(0, 64)),
    by=st.sampled_from(["meaning", "words", "both"]),
    weight=st.sampled_from([0, 0.25, 0.5, 1]),
    top_k=st.integers(1, 50),
    reranker=st.sampled_from(["", "org/ranker", "./folder of~mine/k=3"]),
    depth=st.integers(50, 1000),
    order=st.sampled_from(list(ORDERS)),
    distinct=st.booleans(),
    context=st.integers(1000, 10**6),
    answer_tokens=st.integers(0, 999),
)


def passages(*texts):
    return [Passage(text, str(place), 0, len(text), 0.5) for place, text in enumerate(texts)]


@given(WAYS)
def test_a_way_is_read_as_it_was_written(way):
    assert Way.parse(way.key) == way


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("m~k=0", "1 to 100"), ("m~k=many", "says nothing"), ("m~split=a", "says nothing"), ("m~by=ear", "by='ear'"),
        ("m~weight=2", r"not in \[0, 1\]"), ("m~rerank=r~k=60", "at least the 60"), ("m~nonsense", "neither a pooling"),
        ("m~context=100", "leave nothing"), ("m~pca64", "full vectors"), ("m~raw", "full vectors"),
    ],
)  # fmt: skip
def test_a_way_that_cannot_be_gone_is_refused(key, said):
    with pytest.raises(InvalidInputError, match=said):
        Way.parse(key)
    assert Compression().is_full


@given(st.integers(0, 12), st.sampled_from(list(ORDERS)))
def test_every_passage_stands_in_the_prompt_once(n, order):
    """Whatever the order: the best first, last, or first with the second best last."""
    prompt = build_prompt(
        "which?", passages(*(f"fact {'x' * n}{place}" for place in range(n))), Way(top_k=12, order=order)
    )
    ranks = [each.rank for each in prompt.placed]
    assert sorted(ranks) == list(range(1, n + 1))
    assert [each.number for each in prompt.placed] == list(range(1, n + 1))
    if n > 2:
        ends = {"best-first": (1, n), "best-last": (n, 1), "ends": (1, 2)}[order]
        assert (ranks[0], ranks[-1]) == ends
    middles = [each.middle for each in prompt.placed]
    assert middles == sorted(middles)
    assert all(0 < middle < 1 for middle in middles)
    for each in prompt.placed:
        assert f"[{each.number}]\n{each.passage.text}\n" in prompt.user


def test_a_prompt_ends_where_the_context_does():
    """By words: the task and the question, then blocks of number, text: 1 + 3, 1 + 30, 1 + 2."""
    task = WORDS.count(build_prompt("why so?", [], Way(), WORDS).text)
    found = passages("one two three", " ".join(["long"] * 30), "four five")
    way = Way(context=task + 4 + 31 + 10, answer_tokens=10)
    prompt = build_prompt("why so?", found, way, WORDS)
    assert [each.rank for each in prompt.placed] == [1, 2]
    assert prompt.n_tokens == task + 4 + 31 == way.context - way.answer_tokens
    assert prompt.is_full
    assert [each.middle for each in prompt.placed] == [pytest.approx(2 / 35), pytest.approx(19.5 / 35)]
    # A token less: the second has no place, and the third, which would fit, is not put in its stead.
    prompt = build_prompt("why so?", found, Way(context=task + 4 + 30 + 10, answer_tokens=10), WORDS)
    assert [each.rank for each in prompt.placed] == [1]
    assert [(each.rank, each.for_room) for each in prompt.left_out] == [(2, True), (3, True)]
    assert prompt.best.middle == 0.5, "it is alone"


def test_no_passage_may_be_left():
    prompt = build_prompt("why?", passages("word " * 200), Way(context=120, answer_tokens=0), WORDS)
    assert (prompt.placed, prompt.best, prompt.is_full) == ((), None, True)
    assert prompt.user == "Question: why?"
    assert build_prompt("why?", [], Way()).left_out == ()
    with pytest.raises(InvalidInputError, match="blank"):
        build_prompt(" ", passages("a"), Way())


def test_near_duplicates_are_named_or_left_out():
    found = passages("Where is my parcel?", "where is my PARCEL", "It is late.", "It is here.")
    kept = build_prompt("where?", found, Way(top_k=3, order="best-last"))
    assert [(each.number, each.rank, each.twin) for each in kept.placed] == [(1, 3, None), (2, 2, 3), (3, 1, None)]
    assert [(each.rank, each.why) for each in kept.left_out] == [(4, "only 3 are wanted")]
    distinct = build_prompt("where?", found, Way(top_k=3, distinct=True))
    assert [each.rank for each in distinct.placed] == [1, 3, 4]
    assert distinct.left_out[0].why == "nearly the same as the passage on rank 1"
    assert not distinct.is_full
    assert not distinct.twins


def test_tokens_are_counted_by_the_tokenizer_beyond_its_limit(tmp_path):
    """A tokenizer is saved with the length it cuts at; of a longer text every token counts."""
    word_tokenizer().save_pretrained(tmp_path / "tiny")
    cut = word_tokenizer()
    cut.backend_tokenizer.enable_truncation(4)
    cut.save_pretrained(tmp_path / "cut")
    for folder in ("tiny", "cut"):
        counter = token_counter(tmp_path / folder)
        assert counter.count("a b. " * 100) == 300
        assert (counter.name, counter.is_exact) == (f"the tokenizer of {folder}", True)
    assert (ESTIMATE.count(""), ESTIMATE.count("abcd"), ESTIMATE.count("물이"), ESTIMATE.is_exact) == (0, 2, 2, False)
    with pytest.raises(InvalidInputError, match=r"tokenizer\.json"):
        token_counter(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelLoadError, match="could not be read"):
        token_counter(tmp_path)
