"""The report as a file: one page that loads nothing, in which the texts of others stay texts."""

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
import pytest
from report_page import EVIL, Page, data_of, make_view

from embedlab.exports import html_report
from embedlab.probes import Contest, ProbeScore, ReportCard
from embedlab.projection import Projection


def test_the_page_is_whole_and_says_what_it_shows():
    view = make_view(["the parcel is late", "where is my parcel", "I love this lamp", "a great lamp", " "])
    html = html_report(view, "My reviews", today=date(2026, 5, 4))
    page = Page(html)
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    assert page.texts["h1"] == ["My reviews"]
    assert page.texts["h2"] == ["Map", "Clusters", "How far to trust it", "Settings", "The same in Python"]
    assert "4 texts of the column text of mine.csv, 1 blank left out" in html
    assert "04 May 2026" in html
    assert 'el.read_table("mine.csv")' in Page(html).texts["code"][0]
    for name in view.names.values():
        assert name in page.texts["th"]
    assert len(page.all("caption")) == len(page.all("table")) == 3
    assert all("scope" in attributes for attributes in page.all("th"))


def test_what_the_model_can_do_is_a_section_where_it_was_probed():
    """Sixteen contests won of twenty in one probe; of another there are too few for an interval."""
    each = tuple(Contest(f"a {number}", f"b {number}", f"c {number}") for number in range(20))
    scores = (
        ProbeScore("typo", "en", each, np.repeat([0.9, 0.1], [16, 4]), np.full(20, 0.5)),
        ProbeScore("negation", "", each[:1], np.array([0.9]), np.array([0.5])),
    )
    html = html_report(make_view(["one text", "two texts", "three texts"]), "Report", card=ReportCard(scores))
    page = Page(html)
    assert page.texts["h2"][3] == "What the model can and cannot do"
    low, high = scores[0].interval
    assert f"<td>English</td><td>0.80</td><td>{low:.2f} to {high:.2f}</td><td>20</td>" in html
    assert "<td>Your texts</td><td>1.00</td><td>too few to say</td><td>1</td>" in html
    assert page.open == []


def test_nothing_is_loaded_and_only_its_own_script_may_run():
    html = html_report(make_view(["one text", "two texts", "three texts"]), "Report")
    page = Page(html)
    assert not [tag for tag, _ in page.elements if tag in {"link", "img", "iframe", "object", "form", "base"}]
    assert not [value for _, attributes in page.elements for value in attributes if value in {"src", "href"}]
    assert "http://" not in html
    assert "https://" not in html
    policy = next(meta["content"] for meta in page.all("meta") if "content" in meta and "http-equiv" in meta)
    data, script = page.texts["script"]
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert json.loads(data)


def test_the_map_holds_every_point_worked_by_hand():
    """Three points of a right angle: one scale for both directions, in 65,535 steps along the longer one."""
    view = make_view(["one text", "two texts", "three texts"])
    coordinates = np.array([[1, 1], [3, 1], [1, 2]], dtype=np.float32)
    object.__setattr__(view, "projection", type(view.projection)(coordinates, {}, "pca"))
    data = data_of(html_report(view, "Report"))
    points = np.frombuffer(b64decode(data["points"]), "<u2").reshape(-1, 2)
    assert points.tolist() == [[0, 0], [65535, 0], [0, 32768]]
    assert data["size"] == [65535, 32768]
    assert data["texts"] == ["one text", "two texts", "three texts"]
    names = [data["names"][code] for code in np.frombuffer(b64decode(data["clusters"]), "<u2")]
    assert names == [view.names[label] for label in view.clustering.labels.tolist()]


def test_near_and_far_and_what_a_supervised_map_was_told():
    """Each figure has a row of its own; what the map shows of the labels is called no finding."""
    view = make_view(["one text", "two texts", "three texts"])
    trusted = {15: 0.9, 50: 0.8, 150: 0.7}
    for told in (False, True):
        drawn = Projection(np.eye(3, 2, dtype=np.float32), trusted, "umap", 1.0, "umap-learn", "cosine", False, told)
        object.__setattr__(view, "projection", drawn)
        page = Page(html_report(view, "Report"))
        rows = [words for words in page.texts["th"] if words.startswith("Trustworthiness")]
        assert rows == [f"Trustworthiness of the map, {where}" for where in ("near", "at middle distance", "far")]
        assert {"0.900", "0.800", "0.700"} <= set(page.texts["td"])
        said = " ".join(page.texts["p"])
        assert ("Supervised UMAP map by umap-learn. This map was told the labels" in said) == told
        assert "UMAP map by umap-learn." in said


def test_texts_that_look_like_code_stay_texts():
    view = make_view(EVIL, n_clusters=2, name="<b>bold</b>.jsonl")
    html = html_report(view, "<script>alert(2)</script>")
    page = Page(html)
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert not page.all("svg")
    assert not page.all("b")
    assert page.texts["h1"] == ["<script>alert(2)</script>"]
    assert set(page.texts["li"]) <= set(EVIL)
    assert data_of(html)["texts"] == view.corpus.texts


def test_every_naughty_string_is_inert(shared_data):
    strings = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    view = make_view(strings, n_clusters=40)
    html = html_report(view, strings[-1])
    plain = html_report(make_view(["one text", "two texts", "three texts"]), "Report")
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in Page(plain).elements}
    assert len(page.all("script")) == 2
    assert data_of(html)["texts"] == [text if len(text) <= 300 else text[:299] + "…" for text in view.corpus.texts]
    assert html.encode("utf-8")


def test_of_many_texts_a_sample_goes_along_and_the_page_says_so():
    view = make_view([f"text number {number}" for number in range(50)])
    html = html_report(view, "Report", max_texts=20)
    data = data_of(html)
    told = np.frombuffer(b64decode(data["told"]), "<u4")
    assert len(data["texts"]) == len(told) == 20
    assert data["texts"] == [view.corpus.texts[row] for row in told]
    assert len(b64decode(data["points"])) == 50 * 4
    assert "a random sample of 20 texts" in html
    assert html == html_report(view, "Report", max_texts=20), "the same view gives the same file"


@pytest.mark.parametrize(("n_texts", "n_components"), [(1, 2), (2, 2), (20, 3)])
def test_small_tables_and_three_dimensions(n_texts, n_components):
    view = make_view([f"text {number}" for number in range(n_texts)], n_clusters=1, n_components=n_components)
    html = html_report(view, "Report")
    assert Page(html).open == []
    assert "not defined" in html
    assert ("front view" in html) == (n_components == 3)


def test_a_name_by_a_language_model_says_so():
    """With its sentence; what the model says stays text, and a name by a person says nothing."""
    view = make_view(["one text", "two texts", "three texts"])
    lines = ("rename 0 to Numbers [named by llama3:8b: Texts <b>count</b>.]", "rename 1 to By hand")
    object.__setattr__(view.settings, "clusters", replace(view.settings.clusters, edits=lines))
    object.__setattr__(view, "names", {0: "Numbers", 1: "By hand"})
    html = html_report(view, "Report")
    assert "<p>Texts &lt;b&gt;count&lt;/b&gt;. <em>Written by llama3:8b.</em></p>" in html
    assert html.count("Written by") == 1
    assert lines[0] in " ".join(Page(html).texts["td"])
