"""What an encoder does not read of a text: unknown signs and what stands behind its limit."""

import numpy as np
import pytest

import embedlab as el
from embedlab.duplicates import find_duplicates
from embedlab.encoders.running import find_unread

GREAT = ["Great! 👍", "Great! 👎", "GREAT 👍!", "Great!"]


def test_unknown_signs_by_hand(encoder):
    """[CLS] great ! [UNK] [SEP]: one of three own tokens is unknown, so the text is still read."""
    unread = encoder.unread([*GREAT, "พัสดุช้ามาก", "⁇ …"])
    assert unread.parts[:5] == ["👍", "👎", "👍", "", "พัสดุช้ามาก"]
    assert unread.n_unknown[:5].tolist() == [1, 1, 1, 0, 1]
    assert unread.is_unreadable[:5].tolist() == [False, False, False, False, True]
    assert unread.n_differing == 4 + bool(unread.parts[5])


def test_what_stands_behind_the_limit(encoder):
    """The limit is 256 tokens, two of them around the text: of 255 words the last is not read."""
    texts = ["word " * 254, "word " * 254 + "end", "word " * 254 + "?!"]
    unread = encoder.unread(texts)
    assert unread.parts == ["", "end", ""]
    assert unread.is_cut.tolist() == [False, True, True]
    np.testing.assert_array_equal(unread.n_tokens, encoder.count_tokens(texts))


def test_a_prompt_takes_of_the_limit(tiny_model):
    """Of 16 tokens two stand around the text and two are the prompt's: twelve are left."""
    encoder = el.load_encoder(tiny_model(pooling_mode="mean", prompts={"query": "query: "}), precision="float32")
    text = " ".join("abcdefghijklmn")
    assert encoder.unread([text]).parts == [""]
    assert encoder.unread([text], prompt_name="query").parts == ["mn"]


def test_a_tokenizer_that_leaves_out_what_it_does_not_know():
    """Without a token for what is unknown nothing is left of it, and its place tells."""
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.BPE({"a": 0, "b": 1}, []))
    unread = find_unread(tokenizer, ["ab", "a猫b", "犬"])
    assert unread.parts == ["", "猫", "犬"]
    assert unread.is_unreadable.tolist() == [False, False, True]


def test_word_counts_read_no_signs():
    """Emoji are words, each of which it was fitted to; arrows are not, and © neither."""
    encoder = el.TfidfEncoder([*GREAT, "fine words"])
    assert encoder.unread(GREAT).parts == ["", "", "", ""]
    assert encoder.unread(["great →", "great ©", "great 🦊 ok"]).parts == ["→", "©", "🦊ok"]


def test_texts_told_apart_by_unread_signs_alone_are_no_copies(encoder):
    texts = ["Great! 👍", "Great! 👎", "GREAT! 👍", "Great! 👎"]
    vectors = encoder.encode(texts)
    assert find_duplicates(texts, vectors).at(0.95).n_removed == 3
    found = find_duplicates(texts, vectors, unread=encoder.unread(texts).parts)
    assert found.at(0.95).labels.tolist() == [0, 1, 0, 1]
    assert found.exact().labels.tolist() == [-1, 0, -1, 0]


def test_texts_told_apart_behind_the_limit_are_no_copies(encoder):
    texts = ["A long report. " * 80 + f"Verdict: {number}" for number in (*range(11), 0)]
    found = find_duplicates(texts, encoder.encode(texts), unread=encoder.unread(texts).parts)
    assert found.at(0.9).groups[0].tolist() == [0, 11]
    assert found.at(0.9).n_removed == 1


def test_ten_thousand_unread_texts_are_no_pairs():
    texts = [f"ข้อความ {number}" for number in range(10_000)]
    found = find_duplicates(texts, np.ones((10_000, 4)), unread=texts)
    assert (len(found.i), found.floor) == (0, 0.8)
    assert found.at(0.8).n_groups == 0


def test_pairs_within_each_unread_part_are_all_pairs_that_agree():
    """Against all pairs, filtered afterwards; and the best few of them where there are more than are held."""
    rng = np.random.default_rng(0)
    rows, unread = rng.standard_normal((120, 3)), [str(part) for part in rng.integers(4, size=120)]
    texts = [f"text {row}" for row in range(120)]
    everything, found = find_duplicates(texts, rows, 0.9), find_duplicates(texts, rows, 0.9, unread=unread)
    pairs = zip(everything.i.tolist(), everything.j.tolist(), strict=True)
    expected = [(i, j) for i, j in pairs if unread[i] == unread[j]]
    assert set(zip(found.i.tolist(), found.j.tolist(), strict=True)) == set(expected)
    few = find_duplicates(texts, rows, 0.9, unread=unread, max_pairs=20)
    np.testing.assert_array_equal(few.similarity, found.similarity[: len(few.i)])
    assert 0 < len(few.i) <= 20
    with pytest.raises(el.InvalidInputError, match="120 texts and 1 unread"):
        find_duplicates(texts, rows, unread=[""])


def test_some_of_the_texts(encoder):
    """What is not read of some texts is what is not read of them alone."""
    some, alone = encoder.unread(GREAT).at(np.array([1, 3])), encoder.unread([GREAT[1], GREAT[3]])
    assert some.parts == alone.parts == ["👎", ""]
    for name in ("n_tokens", "n_unknown", "is_cut", "is_unreadable"):
        np.testing.assert_array_equal(getattr(some, name), getattr(alone, name))
