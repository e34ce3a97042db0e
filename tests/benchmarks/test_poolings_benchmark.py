"""The measurement of poolings and layers, and that docs/poolings.md says what it gives."""

import re

import numpy as np
import pytest
from places import ROOT

import embedlab as el

DOCUMENT = (ROOT / "docs" / "poolings.md").read_text(encoding="utf-8")
WRITTEN = re.compile(r"<!-- begin (\S+) -->(.*?)<!-- end \1 -->", re.DOTALL)


@pytest.fixture
def poolings(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import poolings

    return poolings


@pytest.fixture
def sample(poolings):
    return poolings.read_pairs(poolings.SOURCES["sentence_pairs"])


def test_one_pass_gives_what_evaluate_sts_gives(poolings, sample, encoder):
    cosines, _ = poolings.embed_once(encoder, sample)
    for mode, layer in (("mean", 6), ("lasttoken", 2), ("attention", 6), ("cls", 0)):
        alone = el.evaluate_sts(encoder, *sample, pooling_mode=mode, layer=layer).spearman
        ours = poolings.spearman(cosines[el.Variant(mode, layer)], sample.gold)
        assert ours == pytest.approx(alone, abs=1e-4, nan_ok=True)


def test_a_wrong_cell_stops_the_measurement(poolings, sample, encoder):
    cosines, _ = poolings.embed_once(encoder, sample)
    poolings.check_cells(encoder, sample, cosines)
    cosines[el.Variant("max", 3)] = cosines[el.Variant("max", 4)]
    with pytest.raises(SystemExit, match="max, layer 3"):
        poolings.check_cells(encoder, sample, cosines)


def test_the_document_has_the_figures_of_the_sample(poolings, sample, encoder):
    """Each cell of its first table, measured again.

    In low layers the cosines of CLS are so close to each other that another processor's rounding changes ranks: 0.2
    points between two we tried.
    """
    cosines, _ = poolings.embed_once(encoder, sample)
    lines = re.findall(r"^\| `(\w+)` \| (.* ± .*) \|$", dict(WRITTEN.findall(DOCUMENT))["sentence_pairs"], re.MULTILINE)
    assert len(lines) >= 7
    for mode, cells in lines:
        for layer, cell in enumerate(cells.split(" | ")[:-1]):
            figure = float("nan") if cell == "–" else float(cell.partition(" ")[0].strip("*"))
            measured = 100 * poolings.spearman(cosines[el.Variant(mode, layer)], sample.gold)
            assert measured == pytest.approx(figure, abs=0.5, nan_ok=True), (mode, layer)


def test_every_figure_in_the_words_stands_in_a_table():
    tables = " ".join(text for _, text in WRITTEN.findall(DOCUMENT))
    figures = set(re.findall(r"\d+\.\d", tables))
    assert not [figure for figure in re.findall(r"\d+\.\d", WRITTEN.sub("", DOCUMENT)) if figure not in figures]


def test_resamples_spread_as_theory_says(poolings):
    """For normal numbers the standard error is √((1 + ρ²/2) / (n - 3)) of Fisher's z (Bonett and Wright, 2000)."""
    rng = np.random.default_rng(7)
    gold, noise = rng.standard_normal((2, 1500))
    close, far = el.Variant("mean", 1), el.Variant("mean", 0)
    drawn = poolings.resample({close: gold + noise, far: noise, el.Variant("cls", 0): np.ones(1500)}, gold, 1000)
    assert set(drawn) == {close, far}
    for values in drawn.values():
        rho = values.mean()
        low, high = poolings.interval(values)
        expected = 2 * 1.96 * (1 - rho**2) * np.sqrt((1 + rho**2 / 2) / 1497)
        assert high - low == pytest.approx(expected, rel=0.15)


def test_only_what_stands_between_its_markers_is_replaced(poolings):
    document = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n<!-- begin y -->\nkept\n<!-- end y -->\n"
    changed = poolings.put(document, "x", r"new \1")
    assert changed == document.replace("\nold\n", "\n\nnew \\1\n\n")
    assert poolings.put(changed, "x", r"new \1") == changed
    with pytest.raises(SystemExit, match="begin z"):
        poolings.put(document, "z", "")


def test_missing_data_are_named_and_leave_the_document_alone(poolings, monkeypatch, tmp_path, capsys):
    document = tmp_path / "poolings.md"
    monkeypatch.setattr(poolings, "DOCUMENT", document)
    monkeypatch.setattr(poolings, "SOURCES", {"gone": poolings.Source(tmp_path / "gone.csv", (0, 1, 2))})
    monkeypatch.setattr(el, "load_encoder", lambda *_, **__: None)
    poolings.main()
    assert "gone: not measured, gone.csv is not on this machine" in capsys.readouterr().out
    assert not document.exists()
