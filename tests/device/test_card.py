"""A card that is small, fails, is shared, or is not there."""

import logging
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from patience import PATIENCE

from embedlab.cli.parts.shared import load_model
from embedlab.device import card as card_module
from embedlab.device import choice, gate_of, neighbors, pick_device, prefer_device
from embedlab.device.card import Card, on_card
from embedlab.device.choice import card_name
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.neighbors import neighbor_graph
from embedlab.search import SearchIndex


def blocks_of(card, n_rows, work=lambda rows: None, **how):
    """The blocks that work was given, those that did not fit among them."""
    seen = []

    def note(rows):
        seen.append((rows.start, rows.stop))
        work(rows)

    card.in_blocks(n_rows, 100, note, **how)
    return seen


@pytest.mark.parametrize(
    ("free", "how", "expected"),
    [
        (10_000, {}, [(0, 7)]),
        (300, {}, [(0, 3), (3, 6), (6, 7)]),
        (0, {"most": 5}, [(row, row + 1) for row in range(7)]),
        (10_000, {"most": 5}, [(0, 5), (5, 7)]),
        (10_000, {"n_columns": 2**30}, [(row, row + 1) for row in range(7)]),
    ],
)
def test_blocks_take_what_is_free(monkeypatch, free, how, expected):
    monkeypatch.setattr(Card, "free", lambda self: free)
    done = []
    assert blocks_of(Card("cpu"), 7, progress=done.append, **how) == expected
    assert done == [last for _, last in expected]


def test_a_block_that_does_not_fit_is_halved_and_smaller_ones_follow():
    """Only three rows fit: 10 do not, 5 do not, 2 do."""

    def work(rows):
        if rows.stop - rows.start > 3:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    assert blocks_of(Card("cpu"), 10, work) == [(0, 10), (0, 5), (0, 2), (2, 4), (4, 6), (6, 8), (8, 10)]


def test_what_is_no_lack_of_memory_is_not_tried_again():
    tried = []

    def work(rows):
        tried.append(rows)
        raise RuntimeError("device-side assert triggered")

    with pytest.raises(RuntimeError, match="device-side"):
        Card("cpu").in_blocks(10, 1, work)
    assert len(tried) == 1


def test_neighbors_are_the_same_where_blocks_have_to_be_halved(card):
    rows = np.random.default_rng(0).standard_normal((500, 8)).astype(np.float32)
    expected, screen, sizes = neighbor_graph(rows, 4), neighbors._Nearest._screen, []

    def too_small(self, block):
        sizes.append(block.stop - block.start)
        if sizes[-1] > 60:
            raise torch.OutOfMemoryError("out of memory")
        screen(self, block)

    card.setattr(neighbors._Nearest, "_screen", too_small)
    np.testing.assert_array_equal(neighbor_graph(rows, 4).indices, expected.indices)
    assert sizes[:5] == [500, 250, 125, 62, 31]


@pytest.fixture
def failing_card(monkeypatch, caplog):
    """A card that fails for good at its first product, and the log."""
    monkeypatch.setattr(card_module, "card_name", lambda: "cpu")
    monkeypatch.setattr(neighbors, "_WORTH", 0)

    def fail(*ignored):
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate 20.00 GiB")

    monkeypatch.setattr(neighbors._Nearest, "_screen", fail)
    caplog.set_level(logging.WARNING)
    return caplog


def test_the_processor_goes_on_where_the_card_fails_and_the_log_says_so(failing_card, embeddings):
    found = neighbor_graph(embeddings, 4)
    assert found.indices.shape == (120, 4)
    (entry,) = failing_card.records
    assert entry.getMessage() == (
        "The search for neighbours goes on on the processor; the device cpu failed: CUDA out of memory."
    )
    with gate_of("cpu").turn(is_short=True):
        assert not gate_of("cpu").n_waiting


def test_a_search_outlives_its_card(card, caplog, embeddings):
    index = SearchIndex([""] * 120, embeddings)
    expected = index.search(embeddings[3], 5)

    def fail(*ignored):
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    card.setattr(index._screen, "_candidates", fail)
    assert index.search(embeddings[3], 5) == index.search(embeddings[3], 5) == expected
    assert [entry.getMessage() for entry in caplog.records] == [
        "A search goes on on the processor; the device cpu failed: CUDA error: an illegal memory access was encountered"
    ], "once: what lay on the card is let go"
    caplog.clear()


@pytest.mark.usefixtures("card")
def test_who_ends_the_work_ends_it(embeddings):
    """And the processor does not begin it again."""

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        neighbor_graph(embeddings, 3, progress=stop)


@pytest.mark.usefixtures("card")
def test_one_at_a_time_uses_the_card():
    inside, most = [], []

    def work(card):
        def block(rows):
            inside.append(rows)
            most.append(len(inside))
            time.sleep(0.001)
            inside.pop()

        card.in_blocks(20, 1, block, most=1)
        return True

    threads = [threading.Thread(target=on_card, args=("Work", work)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) == 80


@pytest.mark.usefixtures("card")
def test_a_query_goes_between_two_blocks():
    order, first_block = [], threading.Event()

    def long(card):
        def block(rows):
            order.append(rows.start)
            first_block.set()
            while rows.start == 0 and not gate_of("cpu").n_waiting:
                time.sleep(0.001)

        card.in_blocks(3, 1, block, most=1)
        return True

    thread = threading.Thread(target=on_card, args=("Work", long))
    thread.start()
    first_block.wait(PATIENCE)
    on_card("A search", lambda card: order.append("query") or True, is_short=True)
    thread.join()
    assert order == [0, "query", 1, 2]


@pytest.mark.usefixtures("card")
def test_small_work_stays_on_the_processor(card, embeddings):
    card.setattr(neighbors, "_WORTH", 120 * 120 * 16 + 1)
    card.setattr(neighbors, "on_card", lambda *ignored: pytest.fail("too little to be sent anywhere"))
    assert neighbor_graph(embeddings, 3).indices.shape == (120, 3)


@pytest.mark.usefixtures("card")
def test_settings_of_products_hold_for_a_block_and_nobody_else():
    settings, seen = torch.backends.cuda.matmul, []

    def work(card):
        card.in_blocks(2, 1, lambda rows: seen.append(settings.allow_fp16_reduced_precision_reduction), most=1)
        return True

    before = settings.allow_fp16_reduced_precision_reduction
    on_card("Work", work)
    assert seen == [False, False]
    assert settings.allow_fp16_reduced_precision_reduction is before is True


def test_a_device_is_chosen_for_the_whole_process(monkeypatch):
    monkeypatch.setenv("EMBEDLAB_DEVICE", "auto")
    prefer_device("cpu")
    assert (pick_device(), pick_device("auto"), card_name()) == ("cpu", "cpu", None)
    prefer_device("tpu")
    with pytest.raises(InvalidInputError, match="no device 'tpu'"):
        pick_device()


@pytest.mark.parametrize(("asked", "expected"), [("cpu", "cpu"), ("auto", "as before")])
def test_the_device_of_a_command_is_that_of_all_it_does(monkeypatch, asked, expected):
    monkeypatch.setenv("EMBEDLAB_DEVICE", "as before")
    monkeypatch.setattr(
        "embedlab.encoders.load_encoder", lambda name, **how: SimpleNamespace(name=name, backend="torch", **how)
    )
    monkeypatch.setattr("embedlab.cli.parts.shared.say", lambda words: None)
    load_model(SimpleNamespace(model="m", device=asked, precision="auto"))
    assert os.environ["EMBEDLAB_DEVICE"] == expected


def test_a_card_is_used_where_models_run_on_it(monkeypatch):
    monkeypatch.delenv("EMBEDLAB_DEVICE", raising=False)
    monkeypatch.setattr(choice, "_shows_a_card", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert card_name() == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert card_name() == "mps"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert card_name() is None
    monkeypatch.setattr(choice, "_shows_a_card", lambda: False)
    monkeypatch.setattr(choice, "pick_device", lambda: pytest.fail("torch takes seconds to import"))
    assert card_name() is None


def test_without_a_card_nobody_imports_torch():
    code = (
        "import sys, numpy as np, embedlab as el\n"
        "from embedlab.device import choice; choice._shows_a_card = lambda: False\n"
        "from embedlab.device import neighbors; neighbors._WORTH = 0\n"
        "el.neighbor_graph(np.eye(5), 2)\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
