"""Requests that wait are joined, and everybody gets the vectors of her own texts."""

import threading

import numpy as np
import pytest
from hashed import Hashed
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENCE

from embedlab.device import SHORT_REQUEST
from embedlab.serving.lanes import JOINED, Lane, Lanes, Work, answer


class Held(Hashed):
    """Begins nothing before it is let, and notes what it is given in each call; stumbles over the text "bad"."""

    prompts = {"query": "query: "}

    def __init__(self):
        super().__init__()
        self.calls, self.begun, self.may_go = [], threading.Event(), threading.Event()

    def encode(self, texts, **ways):
        self.calls.append((len(texts), ways["prompt_name"]))
        self.begun.set()
        assert self.may_go.wait(PATIENCE)
        if "bad" in texts:
            raise ValueError("bad")
        return super().encode(texts, **ways)


@pytest.fixture
def held():
    encoder = Held()
    yield encoder
    encoder.may_go.set()


def work(*texts, prompt_name="", long_texts="cut"):
    return Work(texts, prompt_name, long_texts)


def test_what_waits_is_read_together(held):
    """The first comes alone; five more come meanwhile, and are one call."""
    lane = Lane(held, JOINED)
    works = [work(f"text {number}") for number in range(6)]
    lane.add(works[0])
    assert held.begun.wait(PATIENCE)
    for each in works[1:]:
        lane.add(each)
    held.may_go.set()
    vectors = [each.answer.result(PATIENCE) for each in works]
    lane.close()
    assert held.calls == [(1, ""), (5, "")]
    np.testing.assert_array_equal(np.concatenate(vectors), Hashed().encode([f"text {n}" for n in range(6)]))


def test_only_what_one_call_can_answer_is_joined(held):
    """In the order they came: neither another prompt nor more than a lane joins goes along."""
    lane = Lane(held, 3)
    lane.add(work("first"))
    assert held.begun.wait(PATIENCE)
    works = [
        work("a", prompt_name="query"),
        work("b"),
        work("c", "d"),
        work("e"),
        work(*"fghijk"),
        work("l", long_texts="mean"),
    ]
    for each in works:
        lane.add(each)
    held.may_go.set()
    for each in works:
        each.answer.result(PATIENCE)
    lane.close()
    assert held.calls[1:] == [(1, "query"), (3, ""), (1, ""), (6, ""), (1, "")]


def test_whoever_makes_the_model_fail_fails_alone(held):
    held.may_go.set()
    works = [work("good"), work("bad"), work("fine")]
    answer(held, works)
    assert isinstance(works[1].answer.exception(), ValueError)
    np.testing.assert_array_equal(works[2].answer.result(), Hashed().encode(["fine"]))


def test_what_nobody_waits_for_is_not_read(held):
    held.may_go.set()
    works = [work("gone"), work("here")]
    works[0].answer.cancel()
    answer(held, works)
    assert held.calls == [(1, "")]
    assert works[1].answer.result().shape == (1, 16)


def test_a_question_waits_for_no_archive(held):
    """Each has a lane, and reaches the encoder; who goes first on the device is the gate's to say."""
    lanes = Lanes(held)
    archive, question = work(*map(str, range(SHORT_REQUEST + 1))), work("?")
    lanes.add(archive)
    assert held.begun.wait(PATIENCE)
    held.begun.clear()
    lanes.add(question)
    assert held.begun.wait(PATIENCE)
    held.may_go.set()
    assert len(archive.answer.result(PATIENCE)) == SHORT_REQUEST + 1
    assert len(question.answer.result(PATIENCE)) == 1
    lanes.close()


def test_closing_answers_what_waits(held):
    lanes, works = Lanes(held), [work("a"), work(*map(str, range(100)))]
    for each in works:
        lanes.add(each)
    held.may_go.set()
    lanes.close()
    assert all(each.answer.done() for each in works)


TEXTS = st.lists(st.text(max_size=3), min_size=1, max_size=4)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", "query"])), min_size=1, max_size=8))
def test_everybody_gets_her_own(requests):
    """Whatever is asked beside her, and equal texts of two people included."""
    held = Held()
    held.may_go.set()
    lane, works = Lane(held, 6), [work(*texts, prompt_name=prompt) for texts, prompt in requests]
    for each in works:
        lane.add(each)
    for each, (texts, _) in zip(works, requests, strict=True):
        np.testing.assert_array_equal(each.answer.result(PATIENCE), Hashed().encode(texts))
    lane.close()
