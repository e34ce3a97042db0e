"""Pooling: worked by hand, against sentence-transformers, and where padding must not matter."""

import numpy as np
import pytest
import torch
from sentence_transformers.sentence_transformer.modules import Pooling

from embedlab.errors import InvalidInputError
from embedlab.pooling import POOLING_MODES, find_pooling, pool


@pytest.mark.parametrize(
    ("pooling_mode", "expected"),
    [
        ("mean", [2.0, 2.0]),  # (1+3)/2, (0+4)/2
        ("cls", [1.0, 0.0]),
        ("max", [3.0, 4.0]),
        ("mean_sqrt_len_tokens", [4 / np.sqrt(2), 4 / np.sqrt(2)]),
        ("weightedmean", [7 / 3, 8 / 3]),  # (1*1 + 2*3)/3, (1*0 + 2*4)/3
        ("lasttoken", [3.0, 4.0]),
        ("cls+max", [1.0, 0.0, 3.0, 4.0]),
        ("position:1:3", [2.5, 3.0]),  # (1*1 + 3*3)/4, (1*0 + 3*4)/4
        ("position:0:1", [3.0, 4.0]),  # the last token alone
    ],
)
def test_two_tokens_by_hand(pooling_mode, expected):
    """Tokens (1, 0) and (3, 4); the third, (9, 9), is padding and must not count."""
    tokens = torch.tensor([[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]]])
    pooled = pool(tokens, torch.tensor([[1, 1, 0]]), pooling_mode)
    np.testing.assert_allclose(pooled[0], expected, rtol=1e-6)


@pytest.mark.parametrize("pooling_mode", Pooling.POOLING_MODES)
@pytest.mark.parametrize("side", ["right", "left"])
def test_equals_sentence_transformers(token_states, pooling_mode, side):
    states, mask = token_states[:2] if side == "right" else token_states[2:]
    features = {"token_embeddings": torch.from_numpy(states), "attention_mask": torch.from_numpy(mask)}
    expected = Pooling(4, pooling_mode)(dict(features))["sentence_embedding"]
    np.testing.assert_allclose(pool(*features.values(), pooling_mode), expected, atol=1e-6)


@pytest.mark.parametrize("pooling_mode", POOLING_MODES)
def test_padding_changes_nothing_and_arguments_stay(token_states, pooling_mode):
    states, mask = (torch.from_numpy(array) for array in token_states[:2])
    attention = torch.from_numpy(np.random.default_rng(1).random(mask.shape))
    before = states.clone(), mask.clone()
    pooled = pool(states, mask, pooling_mode, attention=attention)
    one_by_one = [
        pool(states[i : i + 1, :n], mask[i : i + 1, :n], pooling_mode, attention=attention[i : i + 1, :n])
        for i, n in enumerate(mask.sum(1))
    ]
    np.testing.assert_allclose(pooled, torch.cat(one_by_one), atol=1e-6)
    assert torch.equal(states, before[0])
    assert torch.equal(mask, before[1])


def test_one_token_is_its_own_mean_max_and_last():
    token = torch.tensor([[[1.5, -2.0]]])
    for pooling_mode in POOLING_MODES:
        assert pool(token, torch.ones(1, 1), pooling_mode, attention=torch.ones(1, 1)).tolist() == [[1.5, -2.0]]


def test_every_mode_of_the_library_is_there():
    assert set(Pooling.POOLING_MODES) < set(POOLING_MODES)


def test_attention_weighs_the_tokens_by_hand():
    """Weights 1 and 3 on (1, 0) and (3, 4): (1*1 + 3*3)/4 and (0 + 3*4)/4. Even weights are the mean."""
    tokens, mask = torch.tensor([[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]]]), torch.tensor([[1, 1, 0]])
    weighted = pool(tokens, mask, "attention", attention=torch.tensor([[0.1, 0.3, 0.6]]))
    np.testing.assert_allclose(weighted, [[2.5, 3.0]], rtol=1e-6)
    even = pool(tokens, mask, "attention", attention=torch.ones(1, 3))
    np.testing.assert_allclose(even, pool(tokens, mask, "mean"), rtol=1e-6)
    with pytest.raises(InvalidInputError, match="'Attention' needs the attention"):
        pool(tokens, mask, "attention")


def test_unknown_mode_and_wrong_mask_are_refused():
    tokens = torch.zeros(1, 2, 3)
    with pytest.raises(InvalidInputError, match="no pooling 'median'.*mean, cls"):
        pool(tokens, torch.ones(1, 2), "median")
    with pytest.raises(InvalidInputError, match="first two sizes"):
        pool(tokens, torch.ones(1, 3), "mean")


def test_even_position_weights_are_the_mean_and_only_their_ratio_counts(token_states):
    for states, mask in (token_states[:2], token_states[2:]):
        tensors = torch.from_numpy(states), torch.from_numpy(mask)
        np.testing.assert_allclose(pool(*tensors, "position:2:2"), pool(*tensors, "mean"), atol=1e-6)
        np.testing.assert_allclose(pool(*tensors, "position:1:4"), pool(*tensors, "position:0.5:2"), atol=1e-6)


def test_position_weights_go_in_even_steps_whatever_the_padding(token_states):
    states, right, left_states, left = token_states
    expected = []
    for row, n in zip(states, right.sum(axis=1), strict=True):
        weights = np.linspace(1, 3, n) if n > 1 else np.ones(1)
        expected.append(weights @ row[:n] / weights.sum())
    for rows, mask in ((states, right), (left_states, left)):
        np.testing.assert_allclose(
            pool(torch.from_numpy(rows), torch.from_numpy(mask), "position:1:3"), expected, atol=1e-6
        )


@pytest.mark.parametrize("mode", ["position:0:0", "position:-1:1", "position:1", "position:a:b", "position:1:2:3"])
def test_position_weights_that_cannot_be_are_refused(mode):
    with pytest.raises(InvalidInputError, match="weight|no pooling"):
        find_pooling(mode)
