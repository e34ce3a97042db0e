"""Comparisons: every figure against an oracle, and nothing embedded twice."""

from dataclasses import replace

import numpy as np
import pytest
from golds import sample_gold
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import adjusted_rand_score, silhouette_score

import embedlab as el
from embedlab.comparison import MEASURES, Candidate, Comparison, Result, compare
from embedlab.comparison.costs import Cost, measure_speed
from embedlab.comparison.measuring import measure
from embedlab.compression import Compression
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.gold import Labelled, Pairs, Retrieval, Unlabelled
from embedlab.intervals import MeanEstimate
from embedlab.store import EmbeddingStore

RNG = np.random.default_rng(0)


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def pairs():
    return sample_gold("sentence_pairs")


@pytest.fixture
def quick(monkeypatch):
    """Speeds taken from one short stretch: what is tested is not how fast this machine is."""
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)


@pytest.fixture
def store(tmp_path):
    return EmbeddingStore(tmp_path)


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("all-MiniLM-L6-v2"),
        Candidate("intfloat/e5-small-v2", "cls", 3, "int8", "query", False, False),
        Candidate("all-MiniLM-L6-v2", long_texts="mean"),
        Candidate("C:\\models\\mine ~1", "position:1:0.5", 0, "float32", "", True),
        Candidate("m", "cls", precision="int8", compression=Compression("pca", 128, "int8", rescore=True)),
        Candidate("m", compression=Compression(precision="int8")),
        Candidate("m", compression=Compression(precision="pq16")),
    ],
)
def test_a_key_names_a_candidate(candidate):
    assert Candidate.parse(candidate.key) == candidate
    assert candidate.title.startswith(candidate.model)


@pytest.mark.parametrize(
    "key",
    [
        "m~nonsense",
        "m~layer=x",
        "~cls",
        "m~position:0:0",
        "m~binary~int8",
        "m~pca8~float32",
        "m~pca8~dim4",
        "m~rescore",
    ],
)
def test_a_key_that_means_nothing_is_refused(key):
    with pytest.raises(InvalidInputError):
        Candidate.parse(key)


def test_eight_bits_of_the_model_and_of_its_vectors():
    """Alone it is the arithmetic, as it always was; behind a reduction the vectors."""
    assert Candidate.parse("m~int8") == Candidate("m", precision="int8")
    assert Candidate.parse("m~pca8~int8").compression == Compression("pca", 8, "int8")
    assert Candidate.parse("m~pca8~int8").precision == "auto"
    assert Candidate.parse("m~int8~vectors=int8").precision == "int8"
    assert Candidate.parse("m~dim64~binary").title == "m · first 64 dimensions · binary vectors"


def test_figures_of_pairs_are_those_of_scipy():
    scores = RNG.random(30)
    gold = Pairs(tuple(map(str, range(30))), tuple(map(str, range(30, 60))), scores)
    texts = unit(RNG.standard_normal((60, 5)))
    cosines = (texts[:30] * texts[30:]).sum(axis=1)
    found = measure(gold, texts)
    assert found["spearman"].value == pytest.approx(spearmanr(cosines, scores).statistic)
    assert found["pearson"].value == pytest.approx(pearsonr(cosines, scores).statistic, abs=1e-6)
    assert found["spearman"].n_rows == 30


def test_figures_of_searches_by_hand_and_by_dot_product():
    """The query (1, 0) finds (1, 0) first by cosine, and (2, 2) first by dot product."""
    gold = Retrieval(("q",), ("short", "long"), [{1}])
    texts, query = np.array([[1, 0], [2, 2]], dtype=np.float32), np.array([[1, 0]], dtype=np.float32)
    assert measure(gold, texts, query)["mrr_at_10"].value == 1
    assert measure(gold, unit(texts), query)["mrr_at_10"].value == 0.5


def test_figures_of_labels_are_those_of_scikit_learn():
    centers = np.eye(4) * 3
    codes = np.repeat(np.arange(4), 20)
    texts = unit(centers[codes] + RNG.standard_normal((80, 4)))
    gold = Labelled(tuple(map(str, range(80))), tuple("abcd"[code] for code in codes))
    found = measure(gold, texts)
    assert found["silhouette"].value == pytest.approx(silhouette_score(texts, codes, metric="cosine"), abs=1e-5)
    near = np.argsort(-(texts @ texts.T) + 9 * np.eye(80), axis=1)[:, :10]
    assert found["neighbor_purity"].value == pytest.approx((codes[near] == codes[:, None]).mean())
    aris = [adjusted_rand_score(codes, el.cluster(texts, 4, random_state=seed).labels) for seed in range(5)]
    assert found["ari"].value == pytest.approx(np.mean(aris))
    report = el.evaluate_probe(type("Given", (), {"encode": lambda self, _: texts})(), gold.texts, gold.labels)
    assert found["probe_accuracy"].value == pytest.approx(report.accuracy)
    assert list(found) == [name for name in MEASURES if name in found]


def test_figures_without_labels_by_hand():
    """Twelve texts; a changed form lies beside its original, or beside another text."""
    gold = Unlabelled(tuple(f"the word number{chr(97 + i)} is here" for i in range(12)))
    originals = unit(RNG.standard_normal((12, 13)))
    rows = [*originals]
    for name, share in (("typo", 1.0), ("case", 0.5), ("negation", 0.0)):
        for place, row in enumerate(gold.changed[name]):
            beside = row if place < share * 12 else (row + 1) % 12
            rows.append(originals[beside] + 0.01 * originals[(row + 2) % 12])
    turned = originals @ np.linalg.qr(RNG.standard_normal((13, 13)))[0]
    found = measure(gold, np.array(rows, dtype=np.float32), None, turned)
    assert {name: figure.value for name, figure in found.items()} == {
        "agreement": 1,  # turning changes no neighbour
        "typo": 1,
        "case": 0.5,
        "negation": 1,
    }


def test_one_pass_serves_poolings_and_a_new_candidate_is_embedded_alone(encoder, store, pairs, quick):
    passes = []

    class Watched(type(encoder)):
        def __init__(self):
            self.__dict__ = encoder.__dict__

        def _embed(self, texts, specs, report):
            if len(texts) > 32:
                passes.append([variant.pooling_mode for variant in specs])
            return super()._embed(texts, specs, report)

    watched = Watched()
    chosen = [Candidate("all-MiniLM-L6-v2", mode) for mode in ("cls", "max", "lasttoken")]
    first = compare(pairs, chosen, load=lambda _: watched, store=store)
    assert [result.candidate.pooling_mode for result in first.results] == ["cls", "max", "lasttoken", "mean"]
    assert passes == [["cls", "max", "lasttoken", "mean"]]
    passes.clear()
    more, known = [*chosen, Candidate("all-MiniLM-L6-v2", "mean", 3)], dict(enumerate(first.results))
    second = compare(pairs, more, load=lambda _: watched, store=store, known=known)
    assert passes == [["mean"]]
    again = compare(pairs, more, load=lambda _: watched, store=None, known=known)
    assert [a is b for a, b in zip(again.results, second.results, strict=True)] == [True] * 5
    assert second.results[0].figures["spearman"].value == first.results[0].figures["spearman"].value
    report = el.evaluate_sts(encoder, pairs.texts_a, pairs.texts_b, pairs.scores)
    assert first.results[3].figures["spearman"].value == pytest.approx(report.spearman)


def test_what_another_pooling_costs_is_measured(encoder, store, pairs, quick):
    found = compare(pairs, [Candidate("all-MiniLM-L6-v2", "cls")], load=lambda _: encoder, store=store)
    cls, mean = found.results
    assert (cls.as_trained, mean.as_trained) == (False, True)
    cost = found.to_trained("spearman")[cls.candidate]
    assert cost.value == pytest.approx(cls.figures["spearman"].value - mean.figures["spearman"].value)
    assert cost.low < cost.value < cost.high
    assert found.to_best("spearman")[cls.candidate].value == cost.value


def test_baselines_and_the_transformer_side_by_side(store, quick):
    gold = sample_gold("support_messages")
    names = ("all-MiniLM-L6-v2", "static-all-MiniLM-L6-v2", "tf-idf")
    found = compare(gold, [Candidate(name) for name in names], store=store)
    by_name = {result.candidate.model: result for result in found.results}
    accuracy = [by_name[name].figures["probe_accuracy"].value for name in names]
    assert accuracy == sorted(accuracy, reverse=True)
    assert [result.candidate.model for result in found.ranked("probe_accuracy")] == list(names)
    assert all(difference.is_clear for difference in found.to_best("probe_accuracy").values())


def test_prompts_of_queries_and_texts_are_set_by_themselves(tiny_model, store, quick):
    folder = tiny_model(pooling_mode="mean", prompts={"query": "query: ", "document": "passage: "})
    encoder = el.load_encoder(folder, precision="float32")
    gold = Retrieval(("a b", "c d"), ("a b c", "c d e", "f g h"), [{0}, {1}])
    found = compare(gold, [Candidate("x"), Candidate("x", prompt_name="")], load=lambda _: encoder, store=store)
    by_prompt = {result.candidate.prompt_name: result for result in found.results}
    report = el.evaluate_retrieval(encoder, gold.queries, gold.texts, gold.relevant)
    assert by_prompt[None].figures["ndcg_at_10"].value == pytest.approx(report.ndcg)
    assert by_prompt[None].spec.prompt_name == "document"
    assert by_prompt[""].spec.prompt_name is None


def test_work_can_be_stopped_and_reports_texts(encoder, store, pairs, quick):
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done >= 100:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        compare(pairs, [Candidate("all-MiniLM-L6-v2")], load=lambda _: encoder, store=store, progress=stop)
    n_texts = len(pairs.texts)
    assert seen[-1][1] == n_texts + 2 * (n_texts // 4 + 1), "taking the figures counts as a quarter, so does the speed"
    assert seen == sorted(seen)


def test_results_come_one_at_a_time_and_are_those_of_all_at_once(encoder, store, quick):
    gold, names = sample_gold("support_messages"), ["all-MiniLM-L6-v2~cls", "tf-idf"]
    steps, seen, loads = [], [], []

    def load(candidate):
        loads.append(candidate.model)
        return encoder if candidate.model != "tf-idf" else el.TfidfEncoder(gold.corpus)

    def note(found):
        seen.append((found, steps[-1], len(set(loads))))

    whole = compare(gold, names, load=load, store=store, on_step=steps.append, on_results=note)
    assert [[result.candidate.title for result in found.results] for found, _, _ in seen[:3]] == [
        ["tf-idf"],
        ["all-MiniLM-L6-v2 · CLS", "tf-idf"],
        ["all-MiniLM-L6-v2 · CLS", "tf-idf", "all-MiniLM-L6-v2 · Mean"],
    ]
    assert [found.n_missing for found, _, _ in seen[:3]] == [2, 1, 0]
    assert seen[0][2] == 1, "the first figures wait for no other model"
    assert not any(result.cost.is_measured for found, _, _ in seen[:3] for result in found.results)
    assert all(result.cost.is_measured for result in whole.results)
    assert steps == [
        "Loading tf-idf",
        "Embedding 306 texts by tf-idf",
        "Taking the figures of tf-idf",
        "Loading all-MiniLM-L6-v2",
        "Embedding 306 texts by all-MiniLM-L6-v2",
        "Taking the figures of all-MiniLM-L6-v2 · CLS",
        "Taking the figures of all-MiniLM-L6-v2 · Mean",
        "Measuring the speed of tf-idf",
        "Measuring the speed of all-MiniLM-L6-v2",
    ]
    at_once = compare(gold, names, load=load, store=store)
    for one, other in zip(whole.results, at_once.results, strict=True):
        assert one.candidate == other.candidate
        assert {name: figure.value for name, figure in one.figures.items()} == {
            name: figure.value for name, figure in other.figures.items()
        }


@pytest.mark.parametrize("stops_at", ["Loading all-MiniLM-L6-v2", "Measuring the speed of tf-idf"])
def test_what_is_done_when_it_is_stopped_is_not_done_again(encoder, store, quick, stops_at):
    gold, known, steps = sample_gold("support_messages"), {}, []
    encoders = {"all-MiniLM-L6-v2": encoder, "tf-idf": el.TfidfEncoder(gold.corpus)}

    def stop(step):
        if step == stops_at:
            raise Cancelled("enough")

    ways = {"load": lambda candidate: encoders[candidate.model], "store": store, "known": known}
    with pytest.raises(Cancelled):
        compare(gold, list(encoders), on_step=stop, **ways)
    assert len(known) == (1 if stops_at.startswith("Loading") else 2)
    kept = [result.figures for result in known.values()]
    found = compare(gold, list(encoders), on_step=steps.append, **ways)
    assert all(any(figures is result.figures for result in found.results) for figures in kept)
    assert "Taking the figures of tf-idf" not in steps
    assert "Measuring the speed of tf-idf" in steps


def test_a_loaded_model_goes_first_and_the_reference_before_it(encoder, tiny_model, store, quick):
    slow = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    encoders, steps = {"slow": slow, "quick": encoder}, []
    ways = {"load": lambda each: encoders[each.model], "is_loaded": lambda each: each.model == "quick", "store": store}
    compare(sample_gold("support_messages"), list(encoders), on_step=steps.append, **ways)
    assert steps[0] == "Embedding 306 texts by quick", "what is loaded needs no loading"
    steps.clear()
    gold = Unlabelled(tuple(sample_gold("support_messages").corpus[:20]))
    found = compare(gold, list(encoders), reference=Candidate("slow"), on_step=steps.append, **ways)
    assert steps[:2] == ["Loading slow", f"Embedding {len(gold.texts)} texts by slow"]
    assert "agreement" in found.results[1].figures
    assert "agreement" not in found.results[0].figures
    alone = compare(gold, list(encoders), **ways)
    assert "agreement" not in alone.results[1].figures, "the larger one is the reference when none is given"


def test_poolings_of_one_pass_share_the_speed_that_was_measured_before(encoder, store, quick):
    gold, known, steps = sample_gold("support_messages"), {}, []
    ways = {"load": lambda _: encoder, "store": store, "known": known}
    first = compare(gold, ["m"], **ways)
    more = compare(gold, ["m", "m~max"], on_step=steps.append, **ways)
    assert {result.cost.texts_per_second for result in more.results} == {first.results[0].cost.texts_per_second}
    assert not any(step.startswith("Measuring") for step in steps)


def test_nothing_to_compare_and_what_a_model_cannot_do(encoder, store, pairs):
    with pytest.raises(InvalidInputError, match="Add a candidate"):
        compare(pairs, [])
    with pytest.raises(InvalidInputError, match="layers 0 to 6"):
        compare(pairs, [Candidate("m", layer=9)], load=lambda _: encoder, store=store)


def result(name, score, speed, n=100):
    hits = np.zeros(n)
    hits[: round(score * n)] = 1
    cost = Cost(speed, 8, 32, 1, 0.0, 0.0)
    return Result(Candidate(name), None, {"typo": MeanEstimate(hits, np.arange(len(hits)))}, cost, True)


def test_the_front_holds_what_nothing_beats_in_both():
    given = [("slow", 0.9, 10), ("quick", 0.5, 1000), ("beaten", 0.5, 100), ("middle", 0.7, 100)]
    results = tuple(result(*each) for each in given)
    found = Comparison(None, results)
    assert [each.candidate.model for each in found.pareto_front("typo")] == ["quick", "middle", "slow"]
    assert found.measures == ["typo"]


def test_speed_is_measured_on_different_texts(encoder):
    asked = []

    class Slow:
        pooling_mode, max_seq_length = "mean", 8

        def encode_variants(self, texts, variants, long_texts, progress=None):
            asked.append(list(texts))
            return {variants[0]: np.zeros((len(texts), 2))}

    speed = measure_speed(Candidate("m"), Slow(), ["a", "b", "a"])
    assert speed > 0
    assert all(len(set(texts)) == len(texts) for texts in asked)


def test_how_many_hits_count_decides_figures_and_no_embedding(store, quick):
    """Three texts at 10°, 20° and 30° of the question; the second answers it."""
    angles = np.radians([10, 20, 30])
    gold = Retrieval(("q",), ("a", "b", "c"), [{1}], top_k=1)
    texts = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    query = np.array([[1, 0]], dtype=np.float32)
    more = replace(gold, top_k=3)
    first, second = (measure(each, texts, query) for each in (gold, more))
    assert [*first] == [f"{name}_at_1" for name in ("ndcg", "mrr", "map", "recall", "precision", "hit_rate")]
    assert {figure.value for figure in first.values()} == {0.0}
    assert second["mrr_at_3"].value == second["map_at_3"].value == 0.5
    assert second["precision_at_3"].value == pytest.approx(1 / 3)
    assert (gold.digest == more.digest, gold.key == more.key) == (True, False)
    with pytest.raises(InvalidInputError, match="top_k is 7; choose one of 1, 3, 5, 10, 20, 100"):
        replace(gold, top_k=7)

    known, encoder = {}, el.TfidfEncoder(gold.texts)
    golds = (gold, more, gold)
    results = [compare(each, ["tf-idf"], load=lambda _: encoder, store=store, known=known).results[0] for each in golds]
    assert results[0] is results[2]
    assert results[1] is not results[0]
    assert len(known) == 2
