"""Compressed candidates: fitted to texts set apart, judged by the others, embedded once, compared as a store does."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sentence_transformers.util import quantize_embeddings

import embedlab as el
from embedlab.comparison import Candidate, compare, comparison_table, embed
from embedlab.compression import Compression
from embedlab.encoders import PrecomputedEncoder
from embedlab.errors import InvalidInputError
from embedlab.gold import Labelled, Pairs, Retrieval, Unlabelled, set_apart
from embedlab.store import EmbeddingStore

N, D = 700, 32


class Vectors(PrecomputedEncoder):
    """Vectors brought along, as those of a model that can be asked how fast it is."""

    name = "m"
    n_passes = 0

    def encode_variants(self, texts, variants, **options):
        self.n_passes += 1
        return super().encode_variants(texts, variants, **options)

    def _embed(self, texts, specs, report):
        """Read texts without a vector, such as those with a typo, as the first one."""
        return super()._embed([text if text in self._rows else "text 0" for text in texts], specs, report)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("embedlab.comparison.running.measure_speed", lambda *given: 1.0)


@pytest.fixture(scope="module")
def known():
    """Ten kinds of texts, stretched so that some axes say more than others."""
    rng = np.random.default_rng(0)
    kinds = rng.integers(10, size=N)
    rows = rng.standard_normal((10, D))[kinds] + 0.9 * rng.standard_normal((N, D))
    rows *= np.linspace(2, 0.2, D)
    texts = tuple(f"text {number}" for number in range(N))
    return texts, kinds, (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def encoder(known):
    return Vectors(known[0], known[2])


@pytest.fixture
def store(tmp_path):
    return EmbeddingStore(tmp_path)


def golds(known):
    texts, kinds, _ = known
    kinds_of = {kind: set(np.flatnonzero(kinds == kind).tolist()) for kind in range(10)}
    rng = np.random.default_rng(1)
    return {
        "pairs": Pairs(texts[:350], texts[350:], (kinds[:350] == kinds[350:]) + rng.random(350)),
        "labels": Labelled(texts, tuple(map(str, kinds))),
        "texts": Unlabelled(texts),
        "retrieval": Retrieval(
            texts[:60], texts[60:], [{r - 60 for r in kinds_of[kinds[q]] if r > 59} for q in range(60)]
        ),
    }


def compared(gold, keys, encoder, store, **options):
    found = compare(gold, [f"m~{key}" for key in keys], load=lambda _: encoder, store=store, **options)
    return found, {result.candidate.compression.key: result for result in found.results}


def test_a_figure_is_taken_of_what_the_codes_stand_for(known, encoder, store):
    """Spearman of eight bits and of single bits, by sentence-transformers, calibrated on the texts set apart."""
    found, by_key = compared(golds(known)["pairs"], ["uint8", "binary"], encoder, store)
    gold, rows = found.gold, {text: row for text, row in zip(*known[::2], strict=True)}
    a, b, apart = (np.stack([rows[text] for text in texts]) for texts in (gold.texts_a, gold.texts_b, gold.apart))
    ranges = np.stack([apart.min(axis=0), apart.max(axis=0)])
    steps = (ranges[1] - ranges[0]) / 255
    eight = [ranges[0] + steps * (quantize_embeddings(x, "uint8", ranges=ranges) + 0.5) for x in (a, b)]
    expected = spearmanr((eight[0] * eight[1]).sum(axis=1), gold.scores).statistic
    assert by_key["uint8"].figures["spearman"].value == pytest.approx(expected, abs=1e-5)
    bits = [quantize_embeddings(x, "ubinary") for x in (a, b)]
    same = -np.bitwise_count(bits[0] ^ bits[1]).sum(axis=1, dtype=int)
    expected = spearmanr(same, gold.scores).statistic
    assert by_key["binary"].figures["spearman"].value == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("kind", ["pairs", "labels", "retrieval"])
def test_all_are_judged_by_the_same_texts(known, encoder, store, kind):
    gold = golds(known)[kind]
    found, by_key = compared(gold, ["pca8", "dim8"], encoder, store)
    assert found.gold.digest == set_apart(gold, 8).digest
    assert len({result.figures[found.measures[0]].n_rows for result in found.results}) == 1
    # The full vectors are there without being asked for.
    assert list(by_key) == ["pca8", "dim8", ""]
    table = comparison_table(found, found.measures[0])
    assert (table["texts fitted to"] == len(found.gold.apart)).all()
    whole, _ = compared(gold, ["dim8", "binary", "random8"], encoder, store)
    assert whole.gold is gold
    assert "texts fitted to" not in comparison_table(whole, whole.measures[0])


def test_fewer_bytes_keep_fewer_neighbors(known, encoder, store):
    """In order of what is left, and the full ones, of all dimensions turned, keep all."""
    keys = ["pca32", "pca16", "pca4", "float16", "uint8", "binary", "binary~rescore"]
    _, by_key = compared(golds(known)["labels"], keys, encoder, store)
    kept = {key: result.neighbors_kept.value for key, result in by_key.items() if key}
    assert by_key[""].neighbors_kept is None
    assert kept["pca32"] > 0.999
    assert kept["float16"] > kept["uint8"] > kept["binary"]
    assert kept["pca32"] > kept["pca16"] > kept["pca4"] > 10 / N
    assert kept["binary~rescore"] > kept["binary"] + 0.1
    assert by_key["pca16"].cost.dimension == 16
    assert by_key["pca16"].cost.bytes_per_million == 64_000_000
    assert by_key["binary~rescore"].cost.rescoring_bytes == 128
    assert all(result.cost.query_seconds > 0 for result in by_key.values())


def test_hits_are_rescored_and_nothing_else(known, encoder, store):
    keys = ["dim4~binary", "dim4~binary~rescore"]
    found, by_key = compared(golds(known)["retrieval"], keys, encoder, store)
    name = found.measures[0]
    bits, rescored, full = (by_key[key].figures[name].value for key in (*keys, ""))
    assert bits < rescored <= full + 0.02
    found, by_key = compared(golds(known)["labels"], keys, encoder, store)
    assert by_key[keys[1]].figures == {}
    assert by_key[keys[1]].neighbors_kept is not None
    assert len(comparison_table(found, found.measures[0])) == 3


def test_where_nothing_is_known_agreement_is_that_of_searches(known, encoder, store):
    """Held against the full vectors it is the neighbours kept; held against compressed ones these agree with all."""
    found, by_key = compared(golds(known)["texts"], ["uint8", "binary~rescore"], encoder, store)
    assert "agreement" not in by_key[""].figures
    for key in ("uint8", "binary~rescore"):
        figure = by_key[key].figures["agreement"].value
        assert figure == pytest.approx(by_key[key].neighbors_kept.value, abs=0.01)
    reference = Candidate("m", compression=Compression("dim", 4))
    _, by_key = compared(golds(known)["texts"], ["dim4"], encoder, store, reference=reference)
    assert by_key[""].figures["agreement"].value < 0.9
    assert "agreement" not in by_key["dim4"].figures


def test_texts_with_the_same_few_bits_are_no_copies(known, encoder, store):
    """Of 4 bits there are 16; if texts with the same ones were copies, none would have a neighbour of its kind."""
    _, by_key = compared(golds(known)["labels"], ["dim4~binary"], encoder, store)
    figures = by_key["dim4~binary"].figures
    assert figures["neighbor_purity"].n_rows == N
    assert figures["neighbor_purity"].value > 0.2
    assert figures["probe_accuracy"].value > 0.25


def test_one_pass_serves_all(encoder, known, store, monkeypatch):
    """Twenty compressions, one pass over the texts; a second comparison takes what the first has found."""
    monkeypatch.setattr(Vectors, "is_worth_storing", True)
    keys = [f"{way}{n}" for way in ("pca", "dim", "random") for n in range(2, 9)]
    results = {}
    found, by_key = compared(golds(known)["pairs"], keys, encoder, store, known=results)
    assert encoder.n_passes == 1
    again, _ = compared(golds(known)["pairs"], keys[:3], encoder, store, known=results)
    assert {result for result in again.results} <= set(found.results)
    assert set(found.to_full("spearman")) == {by_key[key].candidate for key in keys}


def test_vectors_as_they_are_compared(known, encoder, store):
    gold = set_apart(golds(known)["retrieval"], 8)
    candidate = Candidate.parse("m~pca8~binary")
    texts, queries = embed(gold, candidate, encoder, store)
    assert texts.shape == (len(gold.texts), 8)
    assert len(np.unique(np.abs(queries))) == 1


def test_a_model_not_trained_to_be_cut_is_named(known, encoder, store):
    found, by_key = compared(golds(known)["pairs"], ["dim8", "pca8"], encoder, store)
    assert "Matryoshka" in by_key["dim8"].remark
    assert by_key["pca8"].remark == ""
    assert "remark" in comparison_table(found, "spearman")


def test_too_few_texts_to_fit_to(encoder, known, store):
    texts = known[0][:60]
    gold = Labelled(texts, tuple("ab" * 30))
    with pytest.raises(InvalidInputError, match="100 texts.*60 different"):
        compared(gold, ["uint8"], encoder, store)
    with pytest.raises(InvalidInputError, match="33 cannot be left"):
        compared(golds(known)["pairs"], ["dim33"], encoder, store)


def test_vectors_that_keep_their_lengths(known, store):
    """Compared by dot product before and after."""
    texts, _, rows = known
    longer = rows * np.linspace(0.5, 2, N, dtype=np.float32)[:, None]
    _, by_key = compared(golds(known)["pairs"], ["raw~pca32"], Vectors(texts, longer), store)
    full = next(each for each in by_key.values() if not each.candidate.normalize_embeddings)
    small = by_key["pca32"]
    assert small.figures["spearman"].value == pytest.approx(full.figures["spearman"].value, abs=0.2)
    assert small.neighbors_kept.value > 0.999


def test_the_library_says_the_same(known):
    """What a comparison does, by hand: `fit_compression` on one part, cosines on the other."""
    texts, _, rows = known
    made = el.fit_compression(el.Compression("pca", 8), rows[:200])
    assert made.encode(rows[200:]).shape == (N - 200, 8)
