"""What the Clusters page gives away: every file is made, and the settings lead back to the same table."""

import io

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from page_app import open_page

from embedlab.cli import main
from embedlab.exports import USUAL_MAP, View, to_csv
from embedlab.naming import Edit
from embedlab.samples import sample_path
from embedlab.ui.choices import Selection
from embedlab.ui.tasks import Choice, Found, model_tasks, services, structure_tasks, waiting
from embedlab.ui.tasks import text_tasks as tasks
from embedlab.ui.views.clusters import takeaway


@pytest.fixture(scope="module")
def taken():
    """The files of a view with blank texts, computed by the tasks of the page."""
    st.cache_resource.clear()
    content = b"".join(sample_path("support_messages").read_bytes().splitlines(keepends=True)[:80]) + b"  ,x,y,z,1\n"
    dataset = services.datasets().add(content, "mine.csv")
    selection = Selection(dataset, "text", "topic", "all-MiniLM-L6-v2", "mean")
    corpus, encoder = selection.corpus, waiting.run_task(model_tasks.load_model(selection.model))
    embedded = waiting.run_task(tasks.embed(corpus, encoder, services.store(), "mean"))
    # By a tree, changed by hand: what the page does beside KMeans.
    tree = waiting.run_task(structure_tasks.build_tree(embedded))
    clustering = waiting.run_task(structure_tasks.cut_tree(embedded, tree, "auto"))
    edits = (Edit("split", (0,)), Edit("rename", (1,), "Renamed"))
    changed = waiting.run_task(structure_tasks.change_clusters(corpus, embedded, clustering, edits))
    found = Found(*changed, Choice("agglomerative"), edits)
    neighbors = waiting.run_task(tasks.find_neighbors(embedded))
    projection = waiting.run_task(tasks.draw_map(embedded, neighbors))
    settings = takeaway.settings_of(selection, encoder, found, projection, USUAL_MAP)
    view = View(settings, corpus, embedded.vectors, found.clustering, found.names, projection)
    return content, view, {file.name: file.make() for file in takeaway.files(view, selection).values()}


def test_the_settings_of_the_page_replay_to_the_same_bytes(taken, tmp_path):
    content, view, made = taken
    (tmp_path / "settings.toml").write_bytes(made["settings.toml"])
    (tmp_path / "mine.csv").write_bytes(content)
    output = tmp_path / "out.csv"
    assert main(["replay", str(tmp_path / "settings.toml"), str(tmp_path / "mine.csv"), "-o", str(output)]) == 0
    assert output.read_bytes() == made["clusters.csv"] == to_csv(view.table())


def test_every_file_holds_what_its_name_says(taken):
    _, view, made = taken
    array = np.load(io.BytesIO(made["vectors.npy"]), allow_pickle=False)
    n_texts, kept = view.corpus.summary.n_texts, view.corpus.summary.kept
    assert array.shape == (n_texts, 384)
    np.testing.assert_array_equal(array[kept], view.embeddings)
    assert np.isnan(np.delete(array, kept, axis=0)).all()
    vectors = pd.read_parquet(io.BytesIO(made["vectors.parquet"]))
    assert vectors["embedding"].isna().sum() == n_texts - len(kept) > 0
    workbook = pd.read_excel(io.BytesIO(made["clusters.xlsx"]), keep_default_na=False, engine="openpyxl")
    assert workbook["cluster"].tolist() == view.clustering.labels.tolist()
    assert pd.read_parquet(io.BytesIO(made["clusters.parquet"])).shape == workbook.shape
    assert made["report.html"].startswith(b"<!doctype html>")


@pytest.mark.parametrize("dimensions", ["2-D", "3-D"])
def test_the_page_offers_all_of_it(dimensions):
    app = open_page("Clusters", dimensions=dimensions, k_by="Chosen", k="7")
    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [
        "Download CSV",
        "Download XLSX",
        "Download Parquet",
        "Download report",
        "Vectors as .npy",
        "Vectors as Parquet",
        "Settings",
    ]
    assert not app.toggle(key="report_probes").value
    (program,) = app.code
    assert 'read_sample("support_messages")' in program.value
    assert "n_clusters=7" in program.value
    assert f"n_components={dimensions[0]}" in program.value


def test_the_model_is_probed_for_the_report(monkeypatch):
    """By word counts, which are quick; the card is that of the Probes page."""
    given = []
    files = takeaway.files
    monkeypatch.setattr(takeaway, "files", lambda *of: given.append((of[2], files(*of))) or given[-1][1])
    app = open_page("Clusters", dataset="refrigerators", model="tf-idf", report_probes="1")
    assert not app.exception
    card, made = given[-1]
    assert {"negation", "typo"} <= {each.probe for each in card.scores}
    assert b"What the model can and cannot do" in made["Download report"].make()
