"""A view as a file: read as it was written, refused with a sentence where something is wrong, replayed to the same."""

import dataclasses

import numpy as np
import pytest

from embedlab.cli import main
from embedlab.datasets import DatasetStore
from embedlab.errors import InvalidInputError
from embedlab.exports import ClusterSettings, MapSettings, ViewSettings, describe_source, replay, to_csv
from embedlab.exports.settings import EmbeddingSettings, SourceSettings, file_digest
from embedlab.samples import sample_path
from embedlab.tables import ReadOptions
from embedlab.texts import Splitting

MODEL = "static-all-MiniLM-L6-v2"
SOURCE = SourceSettings("reviews.csv", "0" * 64, "text")
SETTINGS = ViewSettings(SOURCE, EmbeddingSettings(MODEL, "abc", "mean"), version="0.1.0")


def written(**changes):
    return dataclasses.replace(SETTINGS, **changes).to_toml()


def test_settings_are_plain_lines():
    lines = SETTINGS.to_toml().splitlines()
    assert lines[0].startswith("# Replayed by: embedlab replay")
    assert 'version = "0.1.0"' in lines
    assert "[source]" in lines
    assert 'text_column = "text"' in lines
    assert 'n_clusters = "auto"' in lines
    assert "min_dist = 0.1" in lines
    assert not any("label_column" in line for line in lines), "what is not set is left out"


@pytest.mark.parametrize(
    "text",
    ["plain", 'quote " and \\ backslash', "line\nbreak\ttab", "Grüße 👋 한국어", "\x7f\x1b\u2028", "# = [x]", "'''"],
)
def test_they_are_read_as_they_were_written(text):
    settings = ViewSettings(
        SourceSettings(text, "1" * 64, text, text, ReadOptions("cp1252", ";", 0, 2, text)),
        EmbeddingSettings("all-MiniLM-L6-v2", "abc", "max", "float32", "float32 by torch"),
        ClusterSettings("hdbscan", 7, 12, 3, (text, "second")),
        MapSettings("pca", 3, 30, 0.25, 1, "umap-learn", "manhattan", True, text),
        passages=Splitting(None, 12),
    )
    assert ViewSettings.from_toml(settings.to_toml()) == settings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "0.1.0"', 'version = "99.0"', "made by EmbedLab 99.0; this is 0.1.0. Install the newer"),
        ('version = "0.1.0"', "version = 1", "is no version such as"),
        ('version = "0.1.0"', "", "version=None in the settings is no version"),
        ("min_dist = 0.1", "min_distance = 0.1", r"\[map\] hold min_distance, which EmbedLab 0.1.0 does not know"),
        ("[map]", "[maps]", "The settings hold maps"),
        ('text_column = "text"', "", r"\[source\] lack text_column"),
        ("n_components = 2", 'n_components = "two"', r"n_components = 'two' in \[map\] must be a whole number"),
        ("n_components = 2", "n_components = true", "must be a whole number"),
        ('n_clusters = "auto"', "n_clusters = 2.5", "must be a whole number or a text in quotes"),
        ("edits = []", "edits = [1]", "must be a list of texts"),
        ("[map]", "[passages]\noverlap = 2.5\n\n[map]", r"overlap = 2.5 in \[passages\] must be a whole number"),
        ("[map]", "[passages]\nlength = 2\n\n[map]", r"\[passages\] hold length, which EmbedLab 0.1.0 does not"),
        ("[map]", "[map", "These are no settings of EmbedLab"),
    ],
)
def test_what_is_wrong_is_said(old, new, message):
    text = SETTINGS.to_toml()
    assert old in text
    with pytest.raises(InvalidInputError, match=message):
        ViewSettings.from_toml(text.replace(old, new))


def test_a_whole_number_will_do_for_any_number():
    assert ViewSettings.from_toml(SETTINGS.to_toml().replace("min_dist = 0.1", "min_dist = 0")).map.min_dist == 0


@pytest.fixture(scope="module")
def made():
    """A view of the first texts of a sample, and the bytes of its file."""
    content = b"".join(sample_path("support_messages").read_bytes().splitlines(keepends=True)[:60])
    dataset = DatasetStore().add(content, "mine.csv")
    source = describe_source(dataset, "text", "topic")
    settings = dataclasses.replace(SETTINGS, source=source, clusters=ClusterSettings(n_clusters=4))
    view = replay(settings, content, anyway=True)
    return view, content


def test_another_file_or_other_weights_are_refused_unless_wanted(made):
    view, content = made
    with pytest.raises(InvalidInputError, match="not the mine.csv of the settings.*--anyway"):
        replay(view.settings, content + b"\n")
    with pytest.raises(InvalidInputError, match=f"weights of {MODEL} here are .* settings abc….*--anyway"):
        replay(view.settings, content)
    again = replay(view.settings, content, anyway=True)
    np.testing.assert_array_equal(again.projection.coordinates, view.projection.coordinates)


def test_changes_by_hand_are_done_again_or_refused(made):
    view, content = made
    for edits, message in ((("merge 1 2",), "no change of clusters"), (("rename 99 to x",), "labels 0 to")):
        edited = dataclasses.replace(view.settings, clusters=ClusterSettings(edits=edits))
        with pytest.raises(InvalidInputError, match=message):
            replay(edited, content, anyway=True)
    edited = dataclasses.replace(view.settings, clusters=ClusterSettings(n_clusters=3, edits=("rename 0 to Zero",)))
    assert replay(edited, content, anyway=True).names[0] == "Zero"


def test_the_command_writes_the_same_bytes(made, tmp_path, capsys):
    view, content = made
    (tmp_path / "settings.toml").write_text(view.settings.to_toml(), encoding="utf-8")
    (tmp_path / "other name.csv").write_bytes(content)
    output = tmp_path / "out.csv"
    command = ["replay", str(tmp_path / "settings.toml"), str(tmp_path / "other name.csv"), "-o", str(output)]
    assert main(command) == 1
    assert "go on with those by --anyway" in capsys.readouterr().err
    assert main([*command, "--anyway"]) == 0
    assert output.read_bytes() == to_csv(view.table())
    assert "rows written" in capsys.readouterr().err


def test_a_view_of_several_files_is_replayed_from_all_of_them_in_any_order(made, tmp_path):
    _, content = made
    lines = content.splitlines(keepends=True)
    contents = [b"".join(lines[:30]), b"".join([lines[0], *lines[30:]])]
    dataset = DatasetStore().add_files([("a.csv", contents[0]), ("a.csv", contents[1])])
    source = describe_source(dataset, "text", None)
    assert source.files == {"a.csv": file_digest(contents[0]), "a_2.csv": file_digest(contents[1])}
    settings = dataclasses.replace(SETTINGS, source=source, embedding=EmbeddingSettings("tf-idf", "", "mean"))
    settings = dataclasses.replace(settings, clusters=ClusterSettings(n_clusters=3), map=MapSettings("pca"))
    assert ViewSettings.from_toml(settings.to_toml()) == settings
    view = replay(settings, contents)
    assert view.table()["file"].tolist() == ["a.csv"] * 29 + ["a_2.csv"] * 30
    for name, given in zip(("one.csv", "two.csv"), contents, strict=True):
        (tmp_path / name).write_bytes(given)
    (tmp_path / "settings.toml").write_text(settings.to_toml(), encoding="utf-8")
    command = ["replay", *(str(tmp_path / name) for name in ("settings.toml", "two.csv", "one.csv")), "-o"]
    assert main([*command, str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes() == to_csv(view.table())
    with pytest.raises(InvalidInputError, match=r"settings are of 2 files \(a.csv, a_2.csv\), given are 1"):
        replay(settings, contents[0])
    with pytest.raises(InvalidInputError, match="This is not the a_2.csv of the settings"):
        replay(settings, [contents[0], content])
    assert len(replay(settings, [contents[0], content], anyway=True).corpus.texts) == 29 + 59


@pytest.mark.parametrize(("files", "digests"), [(("b.csv",), ()), (("reviews.csv",), ("1" * 64,))])
def test_further_files_have_names_of_their_own_and_a_digest_each(files, digests):
    with pytest.raises(InvalidInputError, match="further_files in .source. needs other names"):
        dataclasses.replace(SOURCE, further_files=files, further_sha256=digests)


def test_how_a_table_is_read_stands_among_the_other_settings():
    source = dataclasses.replace(SOURCE, options=ReadOptions(encoding="cp1252", missing=("NA",), trim=False))
    lines = written(source=source).splitlines()
    section = lines[lines.index("[source]") : lines.index("[embedding]")]
    assert 'encoding = "cp1252"' in section
    assert 'missing = ["NA"]' in section
    assert "trim = false" in section
    assert not any(line.startswith("options") for line in lines)
