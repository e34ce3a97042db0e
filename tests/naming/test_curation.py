"""Clusters changed by hand: each change by a small example, their text, and what cannot be."""

import numpy as np
import pytest

from embedlab.clustering import Clustering, cluster, cosine_silhouette
from embedlab.errors import InvalidInputError
from embedlab.naming import Edit, edit_clusters, name_clusters

# Three directions, and in the first of them two that lie close together.
X = np.array([[1, 0, 0], [1, 0.1, 0], [1, -0.1, 0], [0, 1, 0], [0, 1, 0.1], [0, 0, 1]], dtype=np.float32)
TEXTS = ["late parcel", "lost parcel", "parcel gone", "card refused", "card stolen", "hello"]


@pytest.fixture(scope="module")
def found():
    return cluster(X, 3)


def edited(found, *lines):
    return edit_clusters(X, TEXTS, found, [Edit.parse(line) for line in lines])


def test_no_change_changes_nothing(found):
    clustering, names = edited(found)
    assert clustering.labels.tolist() == found.labels.tolist() == [0, 0, 0, 1, 1, 2]
    np.testing.assert_allclose(clustering.centers, found.centers, atol=1e-6)
    assert names == name_clusters(TEXTS, found.labels)


def test_rename_merge_and_split_by_hand(found):
    assert edited(found, "rename 0 to Deliveries")[1][0] == "Deliveries"
    merged, names = edited(found, "rename 2 to Greetings", "merge 0, 1")
    assert merged.labels.tolist() == [0, 0, 0, 0, 0, 1]
    assert names[1] == "Greetings", "a name moves with its cluster"
    split, _ = edited(found, "split 0 into 3")
    assert sorted(np.bincount(split.labels).tolist()) == [1, 1, 1, 1, 2]
    assert split.labels[3:].tolist() == [1, 1, 2], "other clusters keep their labels"
    np.testing.assert_allclose(split.silhouette_samples, cosine_silhouette(X, split.labels))


def test_noise_stays_noise():
    labels = np.array([0, 0, 1, 1, -1, -1])
    noisy = Clustering(labels, X[:2], np.zeros(6))
    clustering, names = edit_clusters(X, TEXTS, noisy, [Edit("merge", (0, 1))])
    assert clustering.labels.tolist() == [0, 0, 0, 0, -1, -1]
    assert names[-1] == "no cluster"


@pytest.mark.parametrize("line", ["rename 3 to Late: parcels, 2", "merge 1, 4, 7", "split 2 into 3"])
def test_a_change_is_a_line_of_text(line):
    assert str(Edit.parse(line)) == line


def test_a_name_says_which_model_wrote_it():
    """And is no other name for that; the mark goes with the line into settings and report."""
    line = "rename 0 to Late [or lost] parcels [named by llama3:8b: People ask: where is it?]"
    edit = Edit.parse(line)
    assert str(edit) == line
    assert (edit.name, edit.by, edit.summary) == ("Late [or lost] parcels", "llama3:8b", "People ask: where is it?")
    assert Edit.parse("rename 0 to Late parcels").by == ""


@pytest.mark.parametrize("line", ["", "drop 1", "merge 1", "split 2", "rename 1 to ", "rename x to y"])
def test_other_lines_are_refused(line):
    with pytest.raises(InvalidInputError, match="no change of clusters"):
        Edit.parse(line)


@pytest.mark.parametrize(
    ("line", "message"),
    [("rename 9 to x", "labels 0 to 2"), ("split 1 into 3", "2 texts"), ("merge 0, 3", "labels 0 to 2")],
)
def test_what_cannot_be_done_is_said(found, line, message):
    with pytest.raises(InvalidInputError, match=message):
        edited(found, line)


def test_equal_texts_cannot_be_parted():
    same = np.tile(X[:1], (3, 1))
    one = Clustering(np.zeros(3, dtype=np.int64), same[:1], np.zeros(3))
    with pytest.raises(InvalidInputError, match="told apart"):
        edit_clusters(same, TEXTS[:3], one, [Edit("split", (0,), n_clusters=2)])
