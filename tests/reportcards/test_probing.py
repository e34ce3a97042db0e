"""Candidates, probed: the same as each alone, in one pass through a model, and said where it cannot be."""

import numpy as np
import pytest
from hashed import Hashed

import embedlab as el
from embedlab.comparison import Candidate
from embedlab.encoders import TfidfEncoder
from embedlab.errors import InvalidInputError
from embedlab.probes import bundled_sets, texts_of
from embedlab.reportcards import probe_candidates

SETS = bundled_sets(["negation", "typo"], "en")
MINI = "all-MiniLM-L6-v2"


def scores(card):
    return [(each.probe, each.language, each.score, each.margin) for each in card.scores]


def test_poolings_share_a_pass_and_are_as_each_alone(encoder, own_cache):
    """As ``el.probe`` of the same pooling; the texts go through the model once, in the order asked for."""
    done, steps = [], []
    cards = probe_candidates(
        [f"{MINI}~cls~float32", f"{MINI}~float32", f"{MINI}~float32~mean"],
        SETS,
        load=lambda _: encoder,
        progress=lambda n, total: done.append((n, total)),
        on_step=steps.append,
    )
    assert [candidate.pooling_mode for candidate in cards] == ["cls", "mean"], "the third means the same as the second"
    for candidate, card in cards.items():
        alone = el.probe(encoder, ["negation", "typo"], languages="en", pooling_mode=candidate.pooling_mode)
        for found, expected in zip(card.scores, alone.scores, strict=True):
            assert found.contests == expected.contests
            np.testing.assert_allclose(found.near, expected.near, atol=1e-5)
            np.testing.assert_allclose(found.far, expected.far, atol=1e-5)
    n_texts = len(texts_of(SETS))
    assert done[-1] == (n_texts, n_texts)
    assert steps == [f"Probing {MINI}"]


def test_word_counts_are_fitted_to_the_contests_whoever_loads(own_cache):
    """Fitted to a table they would lack most words, and every contest would be a tie."""
    (card,) = probe_candidates(["tf-idf"], SETS, load=lambda _: pytest.fail("not asked for")).values()
    assert scores(card) == scores(el.probe(TfidfEncoder(texts_of(SETS)), contests=SETS))
    assert max(each.score for each in card.scores) < 0.5, "who goes by words alone fails"


def test_compressed_vectors_and_what_a_model_cannot_do_are_refused(encoder, own_cache):
    with pytest.raises(InvalidInputError, match="Probes are of full vectors"):
        probe_candidates([f"{MINI}~pca128"], SETS, load=lambda _: encoder)
    with pytest.raises(InvalidInputError, match="has layers 0 to 6"):
        probe_candidates([Candidate(MINI, layer=9)], SETS, load=lambda _: encoder)


def test_work_that_is_stopped_ends(own_cache):
    def stop(done, total):
        raise el.EmbedLabError("stopped")

    with pytest.raises(el.EmbedLabError, match="stopped"):
        probe_candidates(["hashed"], SETS, load=lambda _: Hashed(), progress=stop)
