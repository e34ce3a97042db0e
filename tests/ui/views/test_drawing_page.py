"""Who draws the map of the Clusters page, and what is said of it."""

import tomllib

from page_app import drawn_maps, messages, open_page, said, table, uploaded

from embedlab.ui.views.clusters import takeaway

BOTH = "Trustworthiness of the map by umap-learn and of the one by EmbedLab"


def captions(app):
    return [caption.value for caption in app.main.caption]


def settings_of(app, monkeypatch):
    """Run the page again, and return the [map] of the settings it gives away."""
    views, files = [], takeaway.files
    monkeypatch.setattr(takeaway, "files", lambda view, *of: views.append(view) or files(view, *of))
    app.run()
    assert not app.exception
    return tomllib.loads(views[-1].settings.to_toml())["map"], views[-1]


def test_near_and_far_are_said_and_nothing_else_is_asked_at_first():
    app = open_page("Clusters")
    (line,) = [line for line in captions(app) if line.startswith("UMAP map, trustworthiness")]
    assert [word in line for word in (" near, ", " at middle distance, ", " far.")] == [True] * 3
    assert app.segmented_control(key="engine").value == "EmbedLab"
    assert not any(
        control.key in ("metric", "densmap", "supervised") for control in [*app.segmented_control, *app.toggle]
    )
    assert table(app, BOTH) is None


def test_a_map_by_umap_learn_stands_beside_ours(monkeypatch):
    """The link opens it; ours, which the first page has drawn, is held against it."""
    open_page("Clusters")
    app = open_page("Clusters", engine="umap-learn", metric="manhattan", densmap="1")
    assert not app.exception
    assert drawn_maps(app) == 1
    assert any(line.startswith("UMAP map by umap-learn (densMAP, manhattan metric), trust") for line in captions(app))
    both = table(app, BOTH)
    assert both["Map"].tolist() == ["UMAP map by EmbedLab", "UMAP map by umap-learn (densMAP, manhattan metric)"]
    assert both[["Near", "At middle distance", "Far"]].to_numpy().min() > 0.5
    kept, view = settings_of(app, monkeypatch)
    assert (kept["engine"], kept["metric"], kept["densmap"]) == ("umap-learn", "manhattan", True)
    assert view.projection.engine == "umap-learn"
    app.segmented_control(key="engine").set_value("EmbedLab").run()
    assert any(line.startswith("UMAP map, trustworthiness") for line in captions(app))
    assert settings_of(app, monkeypatch)[0]["engine"] == "embedlab"


def test_a_supervised_map_is_named_as_such(monkeypatch):
    app = open_page("Clusters", engine="umap-learn", label="topic")
    assert not any("was told the labels" in message for message in messages(app))
    app.toggle(key="supervised").set_value(True).run()
    assert app.query_params["supervised"] == "1"
    assert any("was told the labels" in message for message in messages(app))
    assert any(line.startswith("Supervised UMAP map by umap-learn, trustworthiness") for line in captions(app))
    kept, view = settings_of(app, monkeypatch)
    assert kept["supervised_by"] == "topic"
    assert view.projection.is_supervised


def test_without_one_label_a_text_no_map_is_supervised():
    lines = "".join(f"parcel number {n} is late,{('a;b', 'a', 'b')[n % 3]}\n" for n in range(20))
    dataset = uploaded("several.csv", f"text,tags\n{lines}".encode())
    app = open_page("Clusters", dataset=dataset, engine="umap-learn", label="tags")
    assert not app.exception
    assert "here texts have several" in said(app)
    app = open_page("Clusters", dataset=dataset, engine="umap-learn", label="—")
    assert not app.exception
    assert "A supervised map needs a label column" in said(app)


def test_one_label_for_all_is_refused_in_words():
    lines = "".join(f"parcel number {n} is late,all\n" for n in range(20))
    dataset = uploaded("one.csv", f"text,kind\n{lines}".encode())
    app = open_page("Clusters", dataset=dataset, engine="umap-learn", supervised="1", label="kind")
    assert not app.exception
    assert any("two different labels at least" in message for message in messages(app))
