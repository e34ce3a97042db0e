"""What a teacher says, in the dimensions of its student: against scikit-learn and scipy, and by one step by hand."""

import numpy as np
import pytest
import torch
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import TruncatedSVD

from embedlab.rows import normalize_rows
from embedlab.training.running.targets import fit_targets

RNG = np.random.default_rng(0)
# Some directions say more than others, and the mean is not nought.
VECTORS = normalize_rows((RNG.standard_normal((200, 12)) * np.linspace(3, 0.3, 12) + 0.5).astype(np.float32))


def dots(x):
    return x @ x.T


def test_a_student_as_wide_learns_the_vectors_themselves():
    def nobody_asks():
        raise AssertionError

    assert fit_targets(VECTORS, 12, nobody_asks, is_static=False) is VECTORS


def test_a_narrower_student_learns_the_principal_components():
    """Their dot products are those of scikit-learn's, however they are turned, and the best there are."""
    own = RNG.standard_normal((200, 5)).astype(np.float32)
    found = fit_targets(VECTORS, 5, lambda: own, is_static=False)
    expected = TruncatedSVD(5, algorithm="arpack").fit_transform(VECTORS.astype(np.float64))
    np.testing.assert_allclose(dots(found), dots(expected), atol=1e-4)
    # Turned to where the student's lie: no other way to turn them is nearer.
    turned = expected @ orthogonal_procrustes(expected, own)[0]
    np.testing.assert_allclose(found, turned, atol=1e-4)


@pytest.mark.parametrize("n_texts", [200, 7])
def test_a_wider_student_loses_nothing(n_texts):
    """Nor does one that is as wide as there are texts, or wider."""
    own = RNG.standard_normal((n_texts, 20)).astype(np.float32)
    found = fit_targets(VECTORS[:n_texts], 20, lambda: own, is_static=False)
    assert found.shape == (n_texts, 20)
    assert found.dtype == np.float32
    np.testing.assert_allclose(dots(found), dots(VECTORS[:n_texts]), atol=1e-5)


@pytest.mark.parametrize("width", [12, 20])
def test_averaged_word_vectors_learn_what_can_be_turned_towards_them(width):
    """A student that is the teacher, turned, finds its own vectors again."""
    own = (VECTORS @ np.linalg.qr(RNG.standard_normal((width, width)))[0][:12]).astype(np.float32)
    np.testing.assert_allclose(fit_targets(VECTORS, width, lambda: own, is_static=True), own, atol=1e-5)


def test_narrow_word_vectors_learn_what_lies_nearest():
    """No turn of the teacher has more in common with the student; its principal components have less."""
    own = (VECTORS @ np.linalg.qr(RNG.standard_normal((12, 12)))[0][:, :5]).astype(np.float32)
    found = fit_targets(VECTORS, 5, lambda: own, is_static=True)
    others = [VECTORS @ np.linalg.qr(RNG.standard_normal((12, 12)))[0][:, :5] for _ in range(100)]
    others += [own, fit_targets(VECTORS, 5, lambda: own, is_static=False)]
    assert (found * own).sum() > max((other * own).sum() for other in others)


def test_a_step_by_hand():
    """The mean of squares that sentence-transformers takes, over the columns of a translation too."""
    from sentence_transformers.sentence_transformer.losses import MSELoss

    class Student(torch.nn.Module):
        def forward(self, features):
            return {"sentence_embedding": features["x"]}

    said = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    source, translation = torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.tensor([[0.0, 0.0], [0.0, 2.0]])
    loss = MSELoss(Student())([{"x": source}, {"x": translation}], said)
    # (0 + 4 + 0 + 0) / 4 for the sources, (1 + 0 + 0 + 1) / 4 for the translations, and the mean of both.
    assert float(loss) == pytest.approx((1.0 + 0.5) / 2)
