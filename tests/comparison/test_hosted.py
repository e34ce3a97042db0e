"""Hosted models in a comparison: what they cost, how fast they answer, and no request that only measures."""

import math

import numpy as np
import pytest
from misbehaving_server import model_server, slow

import embedlab as el
from embedlab.comparison.costs import Speed, measure_requests, price_of
from embedlab.encoders import HostedEncoder


def test_a_hosted_model_is_compared_by_the_requests_it_needs_anyway(tmp_path):
    texts = [f"text number {number}" for number in range(40)]
    gold = el.Labelled(texts, ["a", "b"] * 20)
    with model_server() as server:
        server.todo = [200, slow(0.05)]
        # Another name of this server, so that both are asked.
        names = [server.name("m"), f"{server.address}/v1#n"]
        found = el.compare(gold, [*names, "tf-idf"], store=el.EmbeddingStore(tmp_path))
        n_asked = sum(server.texts.values())
    costs = {result.candidate.model: result.cost for result in found.results}
    for name in names:
        assert costs[name].dollars_per_million_texts == 0
        assert 0 < costs[name].latency_p50 <= costs[name].latency_p95
        assert costs[name].texts_per_second > 0
    assert math.isnan(costs["tf-idf"].latency_p50)
    # Each text once for each model, and each the word by which the length is learnt.
    assert n_asked == 2 * 40 + 2
    assert "tf-idf" in {result.candidate.model for result in found.pareto_front(found.measures[0])}


def test_what_a_million_texts_cost():
    """Of 100 tokens each by the estimate, at two cents a million tokens: two dollars."""
    encoder = el.load_encoder("openai/text-embedding-3-small")
    unread = encoder.unread(["x" * 294, "y" * 294])
    assert price_of(encoder, unread) == pytest.approx(2.0)
    assert price_of(encoder, encoder.unread(["x" * 10_000_000])) == pytest.approx(8191 * 0.02)
    assert math.isnan(measure_requests(encoder).texts_per_second)


def test_speed_and_latency_of_requests():
    """A hundred texts in two seconds; of requests of 1 to 100 seconds half take 50.5."""
    encoder = el.load_encoder("voyage/voyage-4-lite")
    assert isinstance(encoder, HostedEncoder)
    encoder.runs.extend([(60, 1.5), (40, 0.5)])
    encoder.latencies.extend(np.arange(1.0, 101.0).tolist())
    assert measure_requests(encoder) == Speed(50, 50.5, pytest.approx(95.05))
