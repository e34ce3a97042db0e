"""The program a view gives away: run as it stands, it makes the same clusters and the same map."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from embedlab.datasets import Dataset, DatasetStore
from embedlab.exports import ClusterSettings, MapSettings, ViewSettings, describe_source, replay, snippet
from embedlab.exports.settings import EmbeddingSettings, SourceSettings, file_digest
from embedlab.samples import read_sample, sample_path
from embedlab.tables import ReadOptions
from embedlab.texts import Splitting

EMBEDDING = EmbeddingSettings("static-all-MiniLM-L6-v2", "", "mean")


def run(settings):
    names = {}
    exec(compile(snippet(settings), "snippet", "exec"), names)
    return names


@pytest.mark.parametrize(
    ("embedding", "clusters", "layout"),
    [
        (EMBEDDING, ClusterSettings(), MapSettings()),
        (EmbeddingSettings("tf-idf", "", "mean"), ClusterSettings(n_clusters=3, random_state=5), MapSettings("pca", 3)),
        (EMBEDDING, ClusterSettings("hdbscan", min_cluster_size=6), MapSettings()),
        (
            EMBEDDING,
            ClusterSettings("agglomerative", 4, edits=("merge 0, 2", 'rename 1 to It\'s "one"')),
            MapSettings(),
        ),
        (
            EmbeddingSettings("all-MiniLM-L6-v2", "", "max", "float32"),
            ClusterSettings(n_clusters=4),
            MapSettings(n_neighbors=5, min_dist=0.5, random_state=1),
        ),
        (
            EMBEDDING,
            ClusterSettings(n_clusters=4),
            MapSettings("umap", 3, engine="umap-learn", metric="manhattan", densmap=True, supervised_by="n"),
        ),
    ],
)
def test_it_gives_the_labels_and_the_coordinates(tmp_path, monkeypatch, embedding, clusters, layout):
    monkeypatch.chdir(tmp_path)
    rows = read_sample("refrigerators").frame
    # Blank and repeated texts, a delimiter of its own, and a name that has to be quoted.
    content = (
        'it\'s "text";n\n'
        + "".join(f'"{text}";{place % 2}\n' for place, text in enumerate([*rows["text"][:60], " ", rows["text"][3]]))
    ).encode()
    (tmp_path / "naïve 'quotes'.csv").write_bytes(content)
    source = SourceSettings(
        "naïve 'quotes'.csv", file_digest(content), 'it\'s "text"', options=ReadOptions("utf-8", ";")
    )
    settings = ViewSettings(source, embedding, clusters, layout)
    view, found = replay(settings, content, anyway=True), run(settings)
    assert len(view.corpus.texts) == 61
    assert found["texts"] == view.corpus.texts
    np.testing.assert_array_equal(found["clustering"].labels, view.clustering.labels)
    np.testing.assert_array_equal(found["projection"].coordinates, view.projection.coordinates)
    assert found["table"].equals(view.table())


def test_a_sample_is_read_from_the_package():
    sample = Dataset("support_messages", "Support messages", read_sample("support_messages"))
    settings = ViewSettings(
        describe_source(sample, "text", "topic"), EMBEDDING, ClusterSettings(n_clusters=5), MapSettings("pca")
    )
    assert 'read_sample("support_messages")' in snippet(settings)
    view = replay(settings, sample_path("support_messages").read_bytes(), anyway=True)
    assert run(settings)["table"].equals(view.table())
    another = dataclasses.replace(settings, source=dataclasses.replace(settings.source, sha256="0" * 64))
    assert 'el.read_table("support_messages.csv")' in snippet(another)


def test_joined_and_cleaned_texts_are_the_same_in_the_program_and_the_replay(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = read_sample("refrigerators").frame["text"][:40]
    cells = [f'"{place} it\'s","<p>{text}</p>"\n' for place, text in enumerate(rows)]
    content = ("the title,body\n" + "".join(cells)).encode()
    (tmp_path / "mails.csv").write_bytes(content)
    source = SourceSettings(
        "mails.csv", file_digest(content), "the title", further_columns=("body",), cleaning=("html", "spaces")
    )
    settings = ViewSettings(source, EMBEDDING, ClusterSettings(n_clusters=3), MapSettings("pca"))
    assert ViewSettings.from_toml(settings.to_toml()) == settings
    view, found = replay(settings, content, anyway=True), run(settings)
    assert view.corpus.texts[1].startswith("1 it's\n\n")
    assert "<p>" not in view.corpus.texts[1]
    assert found["texts"] == view.corpus.texts
    assert found["table"].equals(view.table())


def test_the_program_of_several_files_reads_all_of_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = read_sample("refrigerators").frame["text"][:40].tolist()
    contents = {"it's may.csv": texts[:20], "june.csv": texts[20:]}
    files = {name: "\n".join(["text", *(f'"{text}"' for text in cells)]).encode() for name, cells in contents.items()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    dataset = DatasetStore().add_files(list(files.items()), ReadOptions(header_rows=1))
    settings = ViewSettings(
        describe_source(dataset, "text", None), EMBEDDING, ClusterSettings(n_clusters=3), MapSettings("pca")
    )
    assert 'el.read_tables(["it\'s may.csv", "june.csv"], header_rows=1)' in snippet(settings)
    view, found = replay(settings, list(files.values())[::-1], anyway=True), run(settings)
    assert found["texts"] == texts
    assert found["table"].equals(view.table())
    assert set(found["table"]["file"]) == set(files)
    # A sample of the package beside another file is not the sample alone.
    beside = DatasetStore().add_files(
        [("support_messages.csv", sample_path("support_messages").read_bytes()), *files.items()]
    )
    assert "read_sample" not in snippet(dataclasses.replace(settings, source=describe_source(beside, "text", None)))


@pytest.mark.parametrize("model", ["all-MiniLM-L6-v2", "tf-idf"])
def test_passages_are_the_same_in_the_program_and_the_replay(tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    rows = read_sample("support_messages").frame["text"].tolist()
    letters = [" ".join(rows[start : start + 12]).replace('"', "'") for start in range(0, 120, 12)]
    content = ("letter\n" + "".join(f'"{letter}"\n' for letter in letters)).encode()
    (tmp_path / "letters.csv").write_bytes(content)
    source = SourceSettings("letters.csv", file_digest(content), "letter")
    embedding = EmbeddingSettings(model, "", "mean", "float32")
    settings = ViewSettings(
        source, embedding, ClusterSettings(n_clusters=3), MapSettings("pca"), passages=Splitting(40, 8)
    )
    assert ViewSettings.from_toml(settings.to_toml()) == settings
    view, found = replay(settings, content, anyway=True), run(settings)
    assert view.corpus.n_documents == 10
    assert len(view.corpus.texts) > 40
    assert found["texts"] == view.corpus.texts
    table = view.table()
    # The program keeps embeddings, and so encodes each passage once and beside others: the last bits may differ.
    pd.testing.assert_frame_equal(found["table"], table, check_exact=False, rtol=0, atol=1e-4)
    for row in table.itertuples():
        assert row.letter[int(row.start) : int(row.end)] == row.passage_text
        assert letters[int(row.document) - 1] == row.letter
