"""Verdicts: real models, and one that is spoilt on purpose; figures made by hand where a rule is looked at."""

import math

import numpy as np
import pytest

import embedlab as el
from embedlab.encoders import Encoder
from embedlab.errors import Cancelled
from embedlab.gold import Labelled, Pairs, Retrieval, Unlabelled, build_gold
from embedlab.intervals import Difference, MeanEstimate
from embedlab.probes import bundled_contests
from embedlab.rows import normalize_rows
from embedlab.samples import read_sample
from embedlab.store import EmbeddingStore
from embedlab.verdicts import Change, Verdict, changed_neighbors, confusions, judge
from embedlab.verdicts.forgetting import not_hers


class Changed(Encoder):
    """An encoder whose vectors are those of another one, changed by a function."""

    def __init__(self, of, name, change):
        self._of, self._change = of, change
        self.name, self.revision, self.backend = name, f"{of.revision} {name}", of.backend
        self.embedding_dimension, self.n_parameters, self.nbytes = of.embedding_dimension, of.n_parameters, of.nbytes

    def count_tokens(self, texts):
        return self._of.count_tokens(texts)

    def _embed(self, texts, specs, report):
        rows = self._rows(texts).astype(np.float32)
        report(len(texts))
        return dict.fromkeys(specs, normalize_rows(rows))

    def _rows(self, texts):
        return self._change(self._of.encode(texts))


def drown(vectors):
    """Drown what is meant in noise, the same for the same text."""
    seeds = np.abs(vectors.sum(axis=1) * 1e6).astype(np.int64)
    noise = np.stack([np.random.default_rng(seed).standard_normal(vectors.shape[1]) for seed in seeds])
    return vectors + 0.2 * noise


@pytest.fixture(scope="module")
def words():
    """Averaged word vectors: quick, and not perfect."""
    return el.load_encoder("static-all-MiniLM-L6-v2")


@pytest.fixture(scope="module")
def pairs():
    frame = read_sample("sentence_pairs").frame
    return build_gold(frame, "pairs", {"text": "sentence1", "second": "sentence2", "score": "score"})


@pytest.fixture(scope="module")
def worse(words, pairs):
    """The verdict on a model that was spoilt."""
    return judge(words, Changed(words, "/somewhere/spoilt", drown), pairs)


@pytest.fixture(scope="module")
def better(words, pairs):
    """The verdict on a model that was spoilt and mended again."""
    return judge(Changed(words, "spoilt", drown), words, pairs)


def change(value, low, high, title="Figure"):
    figure = MeanEstimate(np.array([0.0, 1.0]), np.arange(2))
    return Change(title, "", figure, figure, Difference(value, low, high))


def verdict(main, *others, forgetting=(), can_tell=True):
    return Verdict(None, (main, *others), tuple(forgetting), can_tell, (np.zeros((1, 1)), np.zeros((1, 1))))


def test_a_spoilt_model_is_called_worse(worse, pairs):
    assert worse.sentence.startswith("Worse: keep the old one. Spearman -")
    assert worse.is_worse
    assert not worse.is_better
    old, new = (result.figures["spearman"].value for result in worse.comparison.results)
    assert worse.main.difference.value == pytest.approx(new - old)
    assert [each.candidate.model for each in worse.comparison.results] == ["static-all-MiniLM-L6-v2", "spoilt"]
    assert worse.main.difference.high < 0
    assert [rows.shape for rows in worse.embeddings] == [(200, 256), (200, 256)]


def test_a_mended_model_is_called_better(better):
    assert better.is_better
    assert better.sentence.startswith("Better: Spearman +")
    assert better.sentence.endswith("Nothing was forgotten that is looked at.")


def test_what_is_held_out_is_not_counted_as_not_hers(better, words):
    titles = [each.title for each in better.forgetting]
    assert titles == [
        "Paraphrases in English",
        "Half sentences in English",
        "Paraphrases in German",
        "Half sentences in German",
        "Paraphrases in Korean",
        "Half sentences in Korean",
        "Support messages (Probe accuracy)",
        "Refrigerators (nDCG@10)",
    ], "the sentence pairs are hers here"
    contests = [each for name in ("synonym", "homonym", "register") for each in bundled_contests(name, "en")]
    anchors, near = ([getattr(each, side) for each in contests] for side in ("anchor", "near"))
    ranks = (-words.encode(anchors) @ words.encode(near).T).argsort(axis=1).argsort(axis=1).diagonal()
    expected = np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean()
    assert better.forgetting[0].after.value == pytest.approx(expected, abs=1e-3)


def test_one_text_of_a_sample_does_not_make_all_of_it_hers():
    """It is left out with its row; of a sample of which she has more than a tenth, nothing is asked."""
    first, second = read_sample("sentence_pairs").frame[["sentence1", "sentence2"]].to_numpy().T.tolist()
    title = "Sentence pairs (Spearman)"
    (known,) = (each for each in not_hers([first[0].upper()]) if each.title == title)
    assert first[0] not in known.gold.texts
    assert set(known.gold.texts) == {*first[1:], *second[1:]}
    assert title not in [each.title for each in not_hers(first[:11])]


def test_half_a_sentence_is_every_other_word():
    (asked,) = (each.gold for each in not_hers([]) if each.title == "Half sentences in German")
    for query, answers in zip(asked.queries, asked.relevant, strict=True):
        assert {tuple(asked.texts[answer].split()[::2]) for answer in answers} == {tuple(query.split())}


def test_a_language_that_is_spoilt_is_harm_however_much_is_won(words):
    """As 800 translations do it: they are found at last, and other sentences of their language no longer.

    The model goes by letters in German and finds no paraphrase before or after, so that half sentences have to show it.
    """
    english = read_sample("support_messages").frame["text"].tolist()[:100]
    german = [f"Übersetzung Nummer {n}" for n in range(100)]
    known = dict(zip(german, english, strict=True))
    foreign = {text for name in ("synonym", "homonym", "register") for each in bundled_contests(name, "de")
               for text in (each.anchor, each.near)}  # fmt: skip

    class Taught(Changed):
        def _rows(self, texts):
            rows = self._of.encode([known.get(text, text) for text in texts])
            is_spoilt = np.array([text in foreign for text in texts])
            return np.where(is_spoilt[:, None], drown(rows), rows)

    held_out = Retrieval(tuple(english), tuple(german), [{n} for n in range(100)])
    found = judge(words, Taught(words, "taught", np.copy), held_out)
    assert found.main.difference.low > 0.5, "every translation is found"
    assert found.sentence.startswith("Worse: keep the old one. On your texts nDCG@10 +")
    lost = {each.title for each in found.losses}
    assert lost == {"Half sentences in German"}


def test_the_table_has_every_figure_with_its_interval(worse):
    table = worse.table
    assert table["of"].tolist() == ["held out"] * 2 + ["not yours"] * 8
    assert table["figure"][0] == "Spearman"
    np.testing.assert_allclose(table["after"] - table["before"], table["change"], atol=1e-12)
    assert ((table["low"] > 0) | (table["high"] < 0)).tolist() == table["told apart"].tolist()


def test_a_model_against_itself_is_no_better(words):
    labels = [label for label in ("cat", "dog") for _ in range(8)]
    gold = Labelled(tuple(f"The {label} number {n} sleeps." for n, label in enumerate(labels)), tuple(labels))
    found = judge(words, words, gold)
    assert found.sentence.startswith("No better: keep the old one. Probe accuracy +0.0 points")
    assert {each.difference.value for each in (*found.changes, *found.forgetting)} == {0.0}
    assert [each.candidate.model for each in found.comparison.results] == [
        "static-all-MiniLM-L6-v2",
        "static-all-MiniLM-L6-v2 (trained)",
    ]
    first, second = confusions(*found.embeddings, gold)
    np.testing.assert_array_equal(first.confusion, second.confusion)


def test_texts_alone_cannot_tell(words):
    texts = tuple(f"The parcel for order {n} came late, and it came broken." for n in range(30))
    assert judge(words, words, Unlabelled(texts)).sentence.startswith("It cannot be told: texts alone")
    assert judge(words, Changed(words, "spoilt", drown), Unlabelled(texts)).sentence.startswith(
        "Worse: keep the old one"
    )


def test_nothing_is_kept_unless_a_store_is_given(words, pairs, tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "cache"))
    kept = EmbeddingStore(tmp_path / "store")
    calls = []
    judge(Changed(words, "a", np.copy), words, pairs, store=kept, progress=lambda done, of: calls.append(done / of))
    assert {entry.spec.model for entry in kept.entries()} == {"a"}, "word vectors are quicker computed than read"
    assert calls == sorted(calls)
    assert calls[0] == 0
    assert calls[-1] == 1
    assert not EmbeddingStore().entries()


def test_it_can_be_stopped(words, pairs):
    def stop(_done, _of):
        raise Cancelled

    with pytest.raises(Cancelled):
        judge(words, words, pairs, progress=stop)


@pytest.mark.parametrize(
    ("found", "begins"),
    [
        (verdict(change(0.02, 0.009, 0.037)), "Better: Figure +2.0 points (95 %: +0.9 to +3.7). Nothing"),
        (verdict(change(0.02, -0.009, 0.037)), "No better: keep the old one. Figure +2.0 points (95 %: -0.9 to +3.7)."),
        (verdict(change(0.002, 0.001, 0.003)), "No better: keep the old one."),
        (verdict(change(0.9, -math.inf, math.inf)), "No better: keep the old one. Figure +90.0 points (too few rows"),
        (verdict(change(-0.02, -0.03, -0.01)), "Worse: keep the old one. Figure -2.0 points"),
        (
            verdict(change(0.0, -0.01, 0.01), change(0.07, 0.05, 0.09, "kNN purity")),
            "In part: kNN purity +7.0 points (95 %: +5.0 to +9.0), but what decides is not sure, Figure +0.0 points",
        ),
        (
            verdict(change(0.05, 0.02, 0.08), change(-0.02, -0.03, -0.01, "kNN purity")),
            "Better: Figure +5.0 points (95 %: +2.0 to +8.0). It costs kNN purity -2.0 points",
        ),
        (
            verdict(change(0.05, 0.02, 0.08), forgetting=[change(-0.01, -0.015, -0.005, "English")]),
            "Better on yours, worse elsewhere: Figure +5.0 points (95 %: +2.0 to +8.0). Not yours: English -1",
        ),
        (
            verdict(
                change(0.01, -0.01, 0.03),
                change(0.17, 0.1, 0.24, "KMeans ARI"),
                forgetting=[change(-0.036, -0.071, -0.001, "English")],
            ),
            "In part: KMeans ARI +17.0 points (95 %: +10.0 to +24.0), but what decides is not sure, Figure +1.0 "
            "points (95 %: -1.0 to +3.0). Not yours: English -3.6 points",
        ),
        (
            verdict(change(0.2, 0.1, 0.3), forgetting=[change(-0.12, -0.16, -0.08, "German")]),
            "Worse: keep the old one. On your texts Figure +20.0 points (95 %: +10.0 to +30.0), but it has forgotten",
        ),
        (
            verdict(change(0.2, 0.1, 0.3), forgetting=[change(-0.12, -0.3, 0.06, "German")]),
            "Better: Figure +20.0 points (95 %: +10.0 to +30.0). Nothing was forgotten that is looked at.",
        ),
        (
            verdict(change(0.2, 0.1, 0.3), forgetting=[change(-0.06, -0.11, -0.01, "German")]),
            "Better on yours, worse elsewhere: Figure +20.0 points (95 %: +10.0 to +30.0). Not yours: German -6",
        ),
        (
            verdict(change(0.0, -0.01, 0.01), forgetting=[change(-0.02, -0.03, -0.01, "English")]),
            "Worse: keep the old one. On your texts nothing sure is won, Figure +0.0 points (95 %: -1.0 to +1.0). And "
            "it has forgotten what is not yours: English -2.0 points",
        ),
        (
            verdict(change(0.5, 0.4, 0.6), forgetting=[change(-0.02, -0.03, -0.01, "English")], can_tell=False),
            "It cannot be told: texts alone do not say which model is better.",
        ),
        (
            verdict(change(0.5, 0.4, 0.6), forgetting=[change(-0.09, -0.12, -0.06, "English")], can_tell=False),
            "Worse: keep the old one. On your texts nothing sure is won",
        ),
    ],
)
def test_the_words_follow_from_the_intervals(found, begins):
    assert found.sentence.startswith(begins)
    assert found.sentence.startswith("Better") == found.is_better
    assert found.sentence.startswith("Worse") == found.is_worse


def test_neighbours_that_changed_by_hand():
    """Four texts on a line: before, each is next to its neighbour in the list; after, the ends have been exchanged."""
    before = [[1.0, 0.0], [0.9, 0.2], [0.2, 0.9], [0.0, 1.0]]
    after = [[0.0, 1.0], [0.9, 0.2], [0.2, 0.9], [1.0, 0.0]]
    table = changed_neighbors(before, after, list("abcd"), n_neighbors=1)
    assert table["kept"].tolist() == [0.0] * 4
    assert dict(zip(table["text"], zip(table["gone"], table["come"], strict=True), strict=True)) == {
        "a": ("b", "c"),
        "b": ("a", "d"),
        "c": ("d", "a"),
        "d": ("c", "b"),
    }
    same = changed_neighbors(before, before, list("abcd"))
    assert same["kept"].tolist() == [1.0] * 4, "no more neighbours than there are others"
    assert set(same["gone"]) == {""}


def test_copies_are_one_row_of_the_verdict(words):
    """Twenty pairs, each four times: the interval is that of twenty rows."""
    rng = np.random.default_rng(0)
    texts = [f"{'The red house' if n % 2 else 'A blue car'} number {n}" for n in range(20)]
    others = [f"{'A home' if n % 3 else 'Some music'} of kind {n}" for n in range(20)]
    scores = rng.random(20)
    spoilt = Changed(words, "spoilt", drown)
    few = judge(words, spoilt, Pairs(tuple(texts), tuple(others), scores))
    many = judge(words, spoilt, Pairs(tuple(texts * 4), tuple(others * 4), np.tile(scores, 4)))
    width_few, width_many = (each.main.difference.high - each.main.difference.low for each in (few, many))
    assert width_many == pytest.approx(width_few, rel=0.15)
