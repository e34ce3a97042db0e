"""Hard negatives: by hand, by brute force, and none that belongs to the anchor."""

import numpy as np
import pytest

from embedlab.encoders import PrecomputedEncoder
from embedlab.errors import InvalidInputError
from embedlab.examples import SAMPLING_STRATEGIES, HardNegatives, LabelledTexts, Triplets, mine_hard_negatives


def at(degrees):
    return [np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]


# A question at 0 degrees, its answer at 20, and what else there is: the cosines are those of the angles.
ANGLES = {
    "question": 0,
    "answer": 20,
    "Question!": 1,
    "answer?": 19,
    "nearer": 10,
    "as near": 21,
    "near": 40,
    "far": 60,
    "other question": 200,
    "other answer": 180,
}
ENCODER = PrecomputedEncoder(list(ANGLES), [at(angle) for angle in ANGLES.values()])
PAIRS = Triplets(("question", "other question"), ("answer", "other answer"), searched=tuple(ANGLES)[2:8])


def negatives_of(found, anchor="question"):
    return found.table.loc[found.table["anchor"] == anchor, "negative"].tolist()


def test_by_hand():
    """Of the positive's cosine, 0.940, 5 % less is 0.893: only "near" (0.766) and "far" (0.5) lie below."""
    found = mine_hard_negatives(PAIRS, ENCODER)
    assert isinstance(found, HardNegatives)
    assert negatives_of(found) == ["near", "far", "other answer"]
    row = found.table.iloc[0]
    assert row[["anchor", "positive", "negative", "rank"]].tolist() == ["question", "answer", "near", 6]
    np.testing.assert_allclose(
        [row["positive_cosine"], row["negative_cosine"]], np.cos(np.radians([20, 40])), atol=1e-6
    )
    assert found.triplets.columns == tuple(tuple(found.table[name]) for name in ("anchor", "positive", "negative"))
    assert found.left_out["it lies nearer than the margin allows"] == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"relative_margin": None}, ["nearer", "as near", "near"]),
        ({"relative_margin": None, "range_min": 1, "num_negatives": 1}, ["as near"]),
        ({"relative_margin": None, "absolute_margin": 0.3}, ["far", "other answer"]),
        ({"relative_margin": 0.0, "num_negatives": 1}, ["as near"]),
        ({"relative_margin": None, "max_score": 0.95}, ["as near", "near", "far"]),
        ({"min_score": 0.4}, ["near", "far"]),
        ({"relative_margin": None, "range_max": 3, "range_min": 1, "num_negatives": 2}, ["as near", "near"]),
    ],
)
def test_margin_and_range(options, expected):
    assert negatives_of(mine_hard_negatives(PAIRS, ENCODER, **options)) == expected


def brute_force(pairs, encoder, num_negatives, share):
    """What sentence-transformers' `mine_hard_negatives` does, a text at a time; it cannot run without `datasets`."""
    corpus = list(dict.fromkeys(pairs.positives))
    for anchor in dict.fromkeys(pairs.anchors):
        own = [positive for asked, positive in zip(*pairs.columns, strict=True) if asked == anchor]
        cosines = {text: float(encoder.encode([anchor])[0] @ encoder.encode([text])[0]) for text in corpus}
        floor = min(cosines[text] for text in own)
        left = [text for text in corpus if text not in own and cosines[text] <= floor - share * abs(floor)]
        for negative in sorted(left, key=lambda text: -cosines[text])[:num_negatives]:
            yield from ((anchor, positive, negative) for positive in own)


def test_as_by_brute_force():
    """Thirty questions with one answer or two, in no order."""
    rng = np.random.default_rng(0)
    words = [f"{number}{chr(97 + number % 26) * 9}" for number in range(90)]
    encoder = PrecomputedEncoder(words, rng.standard_normal((90, 6)))
    rows = [(number % 30, 30 + number) for number in rng.permutation(50).tolist()]
    pairs = Triplets(tuple(words[anchor] for anchor, _ in rows), tuple(words[positive] for _, positive in rows))
    found = mine_hard_negatives(pairs, encoder, num_negatives=4)
    expected = set(brute_force(pairs, encoder, 4, 0.05))
    assert set(zip(*found.triplets.columns, strict=True)) == expected
    assert len(found.table) == len(expected)


def test_no_text_of_the_same_label():
    """Although it is the nearest, and although many more of them are near than are looked at."""
    angles = [*np.linspace(0, 20, 40), *np.linspace(21, 40, 10)]
    texts = tuple(f"text {number}" for number in range(50))
    encoder = PrecomputedEncoder(texts, [at(angle) for angle in angles])
    examples = LabelledTexts(texts, ("a",) * 40 + ("b",) * 10)
    found = mine_hard_negatives(examples, encoder, range_max=5, num_negatives=2)
    label = dict(zip(texts, examples.labels, strict=True))
    assert all(label[row.anchor] == label[row.positive] != label[row.negative] for row in found.table.itertuples())
    assert found.n_without == 0
    assert negatives_of(found, "text 0") == ["text 40", "text 41"]


@pytest.mark.parametrize("strategy", SAMPLING_STRATEGIES)
def test_no_more_than_are_asked_for(strategy):
    found = mine_hard_negatives(PAIRS, ENCODER, sampling_strategy=strategy, num_negatives=2)
    assert found.table.groupby("anchor").size().max() <= 2


def test_any_of_those_that_are_left():
    """At random they are others than the nearest, from the same range, and the same for the same number."""
    options = {"sampling_strategy": "random", "num_negatives": 1, "relative_margin": None, "range_max": 3}
    drawn = [negatives_of(mine_hard_negatives(PAIRS, ENCODER, random_state=state, **options)) for state in range(20)]
    assert {text for each in drawn for text in each} == {"nearer", "as near", "near"}
    assert drawn[0] == negatives_of(mine_hard_negatives(PAIRS, ENCODER, random_state=0, **options))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"min_score": 0.95}, "No text is left.*min_score"),
        ({"range_min": 10, "range_max": 12}, "range_max=12"),
        ({"num_negatives": 0}, "num_negatives=0"),
        ({"sampling_strategy": "best"}, "no strategy 'best'"),
        ({"relative_margin": "some"}, "no share"),
    ],
)
def test_what_is_refused(options, says):
    with pytest.raises(InvalidInputError, match=says):
        mine_hard_negatives(PAIRS, ENCODER, **options)
