"""Scores of contests: by hand, against scikit-learn, where nothing can be told, and of the real model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics.pairwise import cosine_similarity as sklearn_cosines

import embedlab as el
from embedlab.intervals import difference, mean_interval
from embedlab.probes import (
    CHANCE,
    LANGUAGES,
    OWN,
    PROBES,
    Contest,
    ReportCard,
    bundled_contests,
    bundled_sets,
    card_table,
    find_probe,
    texts_of,
)

HAND = {
    "a": (1.0, 0.0),
    "same as a": (2.0, 0.0),
    "near a": (4.0, 3.0),
    "far from a": (3.0, 4.0),
    "nothing": (0.0, 0.0),
}  # fmt: skip


def by_hand(texts):
    return np.array([HAND[text] for text in texts], dtype=np.float32)


def card_of(*contests, embed=by_hand):
    return ReportCard.of({(OWN, OWN): contests}, embed)


def test_scores_by_hand():
    """Cosines with a are 0.8 and 0.6: passed one way, failed the other, a tie of the length alone."""
    card = card_of(
        Contest("a", "near a", "far from a"),
        Contest("a", "far from a", "near a"),
        Contest("a", "a", "same as a"),
        Contest("near a", "a", "far from a"),
    )
    (scores,) = card.scores
    assert scores.near == pytest.approx([0.8, 0.6, 1, 0.8])
    assert scores.far == pytest.approx([0.6, 0.8, 1, 0.96])
    assert scores.passed.tolist() == [1, 0, 0.5, 0]
    assert scores.score == card.score(OWN) == 1.5 / 4
    assert scores.margin == pytest.approx((0.2 - 0.2 + 0 - 0.16) / 4)
    # The contests of one anchor are one draw.
    assert scores.interval == mean_interval([1, 0, 0.5, 0], np.array([0, 0, 0, 1]))
    assert card.items["passed"].tolist() == [0, 0, 0.5, 1]
    assert card.items["far"].tolist() == ["near a", "far from a", "same as a", "far from a"]


def test_a_vector_without_a_direction_is_neither_nearer_nor_farther():
    card = card_of(
        Contest("nothing", "a", "near a"), Contest("a", "nothing", "same as a"), Contest("a", "near a", "nothing")
    )
    assert card.scores[0].passed.tolist() == [0.5, 0, 1]
    assert np.isfinite(card.scores[0].near).all()


def test_equal_texts_and_last_digits_are_ties():
    """Rounding puts no contest in some order: the score of a model that cannot tell is exactly chance."""
    rng = np.random.default_rng(0)
    base = rng.standard_normal(384).astype(np.float32)
    noise = base * (1 + 1e-7 * rng.standard_normal((60, 384))).astype(np.float32)
    contests = [Contest(f"anchor {n}", f"near {n}", f"far {n}") for n in range(20)]
    assert card_of(*contests, embed=lambda texts: noise[: len(texts)]).score(OWN) == CHANCE
    assert card_of(Contest("a", "near a", "near a")).score(OWN) == CHANCE


def test_one_contest_has_a_score_and_no_interval():
    card = card_of(Contest("a", "near a", "far from a"))
    assert card.score(OWN) == 1
    assert card.scores[0].interval is None
    assert card.table[["low", "high"]].isna().all(axis=None)


@given(arrays(np.float32, (30, 5), elements=st.floats(-10, 10, width=32)))
def test_the_score_is_the_share_that_cosines_of_scikit_learn_say(rows):
    """Where the two are apart by more than rounding; turning near and far round turns the score round."""
    contests = [Contest(str(3 * n), str(3 * n + 1), str(3 * n + 2)) for n in range(10)]
    card = card_of(*contests, embed=lambda texts: rows[[int(text) for text in texts]])
    wide = rows.astype(np.float64)
    apart = np.array(
        [sklearn_cosines(wide[[3 * n]], wide[3 * n + 1 : 3 * n + 3]) @ np.array([1, -1]) for n in range(10)]
    ).ravel()
    clear = np.abs(apart) > 3e-6
    np.testing.assert_array_equal(card.scores[0].passed[clear], apart[clear] > 0)
    turned = [Contest(anchor, far, near) for anchor, near, far in contests]
    back = card_of(*turned, embed=lambda texts: rows[[int(text) for text in texts]])
    assert back.score(OWN) == pytest.approx(1 - card.score(OWN))
    assert back.scores[0].margin == pytest.approx(-card.scores[0].margin)


def test_two_cards_are_held_against_each_other_contest_by_contest():
    contests = [Contest(f"{n} a", f"{n} b", f"{n} c") for n in range(40)]

    def embed(first_wrong):
        return lambda texts: [
            (1.0, 0.0)
            if text.endswith("a")
            else (4.0, 3.0)
            if text.endswith("b") == (int(text.split()[0]) >= first_wrong)
            else (3.0, 4.0)
            for text in texts
        ]

    good, bad = card_of(*contests, embed=embed(0)), card_of(*contests, embed=embed(20))
    found = bad.difference(good, OWN)
    assert found == difference(bad.figure(OWN), good.figure(OWN))
    assert found.value == -0.5
    assert found.high < 0
    assert good.difference(good, OWN).value == 0
    with pytest.raises(el.InvalidInputError, match="different contests"):
        good.difference(card_of(*contests[1:], embed=embed(0)), OWN)


def test_each_text_is_encoded_once_over_all_probes(monkeypatch, encoder):
    asked = []
    monkeypatch.setattr(
        type(encoder), "encode", lambda self, texts, **ways: asked.extend(texts) or np.ones((len(texts), 4))
    )
    sets = {("negation", OWN): (Contest("a", "b", "c"),), ("typo", OWN): (Contest("a", "c", "d"),)}
    card = el.probe(encoder, contests=sets)
    assert asked == texts_of(sets) == ["a", "b", "c", "d"]
    assert card.probes == ("negation", "typo")


def test_the_real_model_and_its_poolings(encoder):
    """A denial fools it, a translation into Korean is lost on it; the ways of encode are handed on."""
    contests = {("negation", OWN): (Contest("The door is open.", "Nobody closed the door.", "The door is not open."),)}
    trained = el.probe(encoder, contests=contests)
    vectors = encoder.encode([*contests["negation", OWN][0]])
    assert trained.scores[0].near[0] == pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-6)
    cls = el.probe(encoder, contests=contests, pooling_mode="cls", layer=3)
    vectors = encoder.encode([*contests["negation", OWN][0]], pooling_mode="cls", layer=3)
    assert cls.scores[0].far[0] == pytest.approx(float(vectors[0] @ vectors[2]), abs=1e-6)
    with pytest.raises(el.InvalidInputError, match="codes"):
        el.probe(encoder, contests=contests, precision="binary")


def test_embeddings_that_are_none_are_refused():
    contest = Contest("a", "b", "c")
    with pytest.raises(el.InvalidInputError, match="3 texts need a row each"):
        card_of(contest, embed=lambda texts: np.ones((2, 4)))
    with pytest.raises(el.InvalidInputError, match="codes"):
        card_of(contest, embed=lambda texts: np.ones((3, 4), dtype=np.int8))
    with pytest.raises(el.InvalidInputError, match="no contests"):
        ReportCard.of({}, by_hand)
    with pytest.raises(el.InvalidInputError, match="was not probed"):
        card_of(Contest("a", "near a", "far from a")).score("typo")


def test_what_is_asked_for_must_be_known(encoder):
    for wrong in ({"probes": "telepathy"}, {"languages": "fr"}, {"probes": []}, {"languages": ()}):
        with pytest.raises(el.InvalidInputError):
            el.probe(encoder, **wrong)
    assert find_probe(OWN).title == "Your contests"
    with pytest.raises(el.InvalidInputError, match="telepathy"):
        find_probe("telepathy")


def test_the_order_is_that_of_the_probes():
    assert list(bundled_sets(["negation", "synonym"], "en")) == [("synonym", "en"), ("negation", "en")]
    assert list(bundled_sets(languages=["ko"])) == [(probe, "ko") for probe in PROBES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_across_languages_the_far_text_is_in_the_language_of_the_anchor(language):
    found = bundled_contests("cross_language", language)
    mirrored = {each.anchor: each.far for each in found}
    assert len(found) == 2 * len(mirrored)
    for other in set(LANGUAGES) - {language}:
        anchors = {each.anchor for each in bundled_contests("cross_language", other)}
        assert sum(each.near in anchors for each in found) == len(mirrored)


@pytest.mark.parametrize("language", LANGUAGES)
def test_counting_words_fails(language):
    """What the items are made for: TF-IDF on the same texts is far below chance in what words cannot tell."""
    sets = bundled_sets(["negation", "identifier", "word_order", "number"], language)
    card = el.probe(el.TfidfEncoder(texts_of(sets)), contests=sets)
    assert all(score.interval[1] < CHANCE for score in card.scores)


def test_tables_of_one_and_of_several():
    card = card_of(Contest("a", "near a", "far from a"), Contest("near a", "a", "far from a"))
    assert card.table.to_dict("records")[0] | {"low": 0, "high": 1} == {
        "probe": OWN, "language": OWN, "score": 0.5, "low": 0, "high": 1, "chance": 0.5,
        "margin": pytest.approx((0.2 - 0.16) / 2), "n_items": 2,
    }  # fmt: skip
    assert card_table({"one": card, "other": card})["model"].tolist() == ["one", "other"]
