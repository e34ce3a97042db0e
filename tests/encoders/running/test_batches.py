"""Texts as batches: nothing lost, little padding, in the order of their lengths; tokenized ahead, but not far."""

import threading
from itertools import chain, islice

import numpy as np
import pytest
from app_server import wait_until
from hypothesis import given
from hypothesis import strategies as st
from tiny_models import word_tokenizer
from tokenizers.processors import TemplateProcessing

from embedlab.encoders.running import TextTokenizer
from embedlab.encoders.running.batches import Batch, Tokens, cut
from embedlab.encoders.running.tokens import N_AHEAD, TOKENIZE_CHUNK, work_ahead

LIMIT = 300


def tokens_of(lengths, first_row=0):
    """Texts whose ids say which text and place they are from."""
    rows = np.arange(first_row, first_row + len(lengths), dtype=np.int64)
    ids = np.concatenate([[], *(row * 1000 + np.arange(n) for row, n in zip(rows, lengths, strict=True))])
    return Tokens(rows, np.array(lengths, dtype=np.int64), ids.astype(np.int32))


def read_back(batches):
    """The ids of each text as the batches have them, by row."""
    return {
        int(row): ids[: mask.sum()].tolist()
        for batch in batches
        for row, ids, mask in zip(batch.rows, batch.input_ids, batch.attention_mask, strict=True)
    }


def test_a_worked_example():
    """Texts of 1, 3, 2 and 2 tokens, at most 6 tokens a batch: 3 and 2 and padding, then 2 and 1 and padding."""
    batches = list(cut([tokens_of([1, 3, 2, 2])], 6, pad_id=-1, limit=LIMIT))
    assert [batch.rows.tolist() for batch in batches] == [[1, 2], [3, 0]]
    assert batches[0].input_ids.tolist() == [[1000, 1001, 1002], [2000, 2001, -1]]
    assert batches[0].attention_mask.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert batches[1].input_ids.tolist() == [[3000, 3001], [0, -1]]
    assert batches[1].token_type_ids.tolist() == [[0, 0], [0, 0]]


@given(st.lists(st.lists(st.integers(1, LIMIT), max_size=30), max_size=5), st.integers(1, 2000), st.booleans())
def test_every_text_stands_in_one_batch_whole(chunks, budget, few_widths):
    """Whatever the lengths, the chunks and the budget; only a text alone may be longer than the budget."""
    starts = np.cumsum([0, *map(len, chunks)])
    every = [tokens_of(lengths, first) for lengths, first in zip(chunks, starts[:-1], strict=True)]
    batches = list(cut(every, budget, pad_id=-1, limit=LIMIT, few_widths=few_widths))
    expected = {row: [row * 1000 + place for place in range(n)] for row, n in enumerate(chain(*chunks))}
    assert read_back(batches) == expected
    assert sum(len(batch.rows) for batch in batches) == len(expected)
    for batch in batches:
        rows, width = batch.input_ids.shape
        assert width <= LIMIT
        assert rows == 1 or rows * width <= budget
        assert np.diff(batch.lengths).max(initial=0) <= 0, "the longest of a batch come first"


def test_widths_are_few_and_little_wider():
    """A model that is compiled for each width is so 80 times for 1 to 256 tokens; padding is 6 % at most."""
    batches = list(cut([tokens_of(range(256, 0, -1))], 1, pad_id=-1, limit=256, few_widths=True))
    widths, lengths = np.array([(batch.input_ids.shape[1], batch.lengths[0]) for batch in batches]).T
    assert len(set(widths.tolist())) == 80
    assert (widths - lengths)[lengths < 32].max() == 0
    assert (widths / lengths).max() < 17 / 16


def test_little_padding_in_large_batches():
    """As a GPU takes them: lengths as of real texts, known before only by their characters."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(3.4, 0.6, 60_000), 3, 256).astype(int)
    about = np.argsort(-lengths * rng.normal(1, 0.15, len(lengths)))
    chunks = [
        Tokens(rows, lengths[rows], np.zeros(lengths[rows].sum(), dtype=np.int32))
        for rows in np.split(about, range(TOKENIZE_CHUNK, len(about), TOKENIZE_CHUNK))
    ]
    batches = list(cut(chunks, 131_072, pad_id=0, limit=256))
    padded = sum(batch.input_ids.size for batch in batches)
    assert 1 - lengths.sum() / padded < 0.08
    assert len(batches) < 40


def test_texts_without_tokens_keep_one_to_attend_to():
    (batch,) = cut([tokens_of([0, 2])], 100, pad_id=7, limit=LIMIT)
    assert batch.rows.tolist() == [1, 0]
    assert batch.input_ids[1].tolist() == [7, 7]
    assert batch.attention_mask.tolist() == [[1, 1], [1, 0]]
    (alone,) = cut([tokens_of([0])], 100, pad_id=7, limit=LIMIT)
    assert alone.attention_mask.tolist() == [[1]]


def test_no_texts_give_no_batch():
    assert list(cut([], 10, pad_id=0, limit=LIMIT)) == []


def test_halves_are_the_whole():
    batch = Batch(np.arange(3), np.arange(6).reshape(3, 2), np.array([2, 2, 1]), np.ones((3, 2), dtype=np.int64))
    first, second = batch.halves()
    for field, ahead, behind in zip(batch, first, second, strict=True):
        assert np.array_equal(np.concatenate([ahead, behind]), field)
    assert len(first.rows) == 1


def test_token_types_are_those_of_the_tokenizer():
    """Also where they are not all 0: here the last token of each text is of type 2."""
    plain = word_tokenizer()
    assert next(TextTokenizer(plain, 16).batches(["a b", "c"], 100)).type_ids is None
    typed = word_tokenizer()
    end = typed.backend_tokenizer.token_to_id("[SEP]")
    typed.backend_tokenizer.post_processor = TemplateProcessing(single="$A:0 [SEP]:2", special_tokens=[("[SEP]", end)])
    batches = list(TextTokenizer(typed, 16).batches(["a b", "c"], 100))
    assert batches[0].token_type_ids.tolist() == [[0, 0, 2], [0, 2, 0]]


def test_batches_hold_what_the_tokenizer_says(encoder):
    """Beside the tokenizer asked for one text at a time, over more texts than are tokenized at once."""
    texts = [f"{number} {'word ' * (number % 40)}" for number in range(TOKENIZE_CHUNK + 300)]
    found = read_back(encoder.tokenizer.batches(texts, 5_000))
    assert len(found) == len(texts)
    for row in range(0, len(texts), 97):
        assert found[row] == encoder.tokenizer.encode(texts[row])[1].ids


def test_only_some_work_is_done_ahead():
    """So memory is bounded: with the first taken, ``n_ahead`` more are worked on."""
    begun, before = [], threading.enumerate()
    done = work_ahead(lambda item: begun.append(item) or -item, range(100), 3)
    assert next(done) == 0
    wait_until(lambda: len(begun) == 4)
    assert sorted(begun) == [0, 1, 2, 3]
    assert [*islice(done, 2)] == [-1, -2]
    done.close()
    assert max(begun) <= 5
    begun_here = set(threading.enumerate()) - set(before)
    assert not [thread for thread in begun_here if thread.name.startswith("ahead")]


def test_one_item_needs_no_thread():
    """A query is not to wait for one."""
    assert list(work_ahead(lambda item: threading.current_thread(), [1], N_AHEAD)) == [threading.current_thread()]


def test_what_fails_ahead_fails_in_its_turn():
    with pytest.raises(ZeroDivisionError):
        list(work_ahead(lambda item: 1 / item, [2, 1, 0, 3], 2))
