"""Names of clusters, worked by hand and in three languages, and the members nearest to a centre."""

import math
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from embedlab.errors import InvalidInputError
from embedlab.naming import count_words, name_clusters, name_groups, typical_members
from embedlab.naming.names import class_tf_idf

PETS = ["cat cat dog", "cat fish"]
CARS = ["car car", "car fish wheel"]


def test_weights_by_hand():
    """Class-based TF-IDF on ten words: A = 10 / 2 = 5.

    "cat" stands 3 times, all in the first class: 3 log(1 + 5/3). "fish" stands once in each: 1 log(1 + 5/2).
    """
    weights = class_tf_idf({0: Counter(" ".join(PETS).split()), 1: Counter(" ".join(CARS).split())})
    assert weights[0] == pytest.approx({"cat": 3 * math.log(8 / 3), "dog": math.log(6), "fish": math.log(3.5)})
    assert weights[1] == pytest.approx({"car": 3 * math.log(8 / 3), "wheel": math.log(6), "fish": math.log(3.5)})


def test_weights_agree_with_the_formula_on_matrices():
    """The same by scikit-learn's counts and the array form of the published formula."""
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice([f"w{i}" for i in range(30)], 50)) for _ in range(4)]
    vectorizer = CountVectorizer()
    tf = vectorizer.fit_transform(texts).toarray()
    expected = tf * np.log(1 + tf.sum() / len(tf) / tf.sum(axis=0))
    weights = class_tf_idf({label: Counter(text.split()) for label, text in enumerate(texts)})
    for label, word_weights in weights.items():
        row = dict(zip(vectorizer.get_feature_names_out(), expected[label], strict=True))
        assert word_weights == pytest.approx({word: weight for word, weight in row.items() if weight > 0})


def test_names_by_hand():
    """ "fish" is as common in both classes and comes last; the only word in two texts of its class comes first."""
    assert name_clusters(PETS + CARS, [0, 0, 1, 1]) == {0: "cat, dog, fish", 1: "car, wheel, fish"}
    assert name_clusters(PETS + CARS, [0, 0, 1, 1], n_words=1) == {0: "cat", 1: "car"}


def test_words_that_stand_together_are_named_together():
    texts = ["lost my credit card", "a new credit card please", "credit card stolen", "bank closed", "the bank is open"]
    assert name_clusters(texts, [0, 0, 0, 1, 1], n_words=1) == {0: "credit card", 1: "bank"}


def test_a_large_cluster_is_named_by_some_of_its_texts():
    """The same ones each time; and by all of them where there are no more than are looked at."""
    texts = [f"parcel {'late' if number % 3 else 'lost'} again{number}" for number in range(2_500)] + ["refund"] * 9
    labels = np.repeat([0, 1], [2_500, 9])
    names = name_clusters(texts, labels, n_words=1)
    assert names == {0: "parcel late", 1: "refund"} == name_clusters(texts, labels, n_words=1)
    few = [*texts[:2_000], *texts[-9:]]
    groups = np.repeat([0, 1], [2_000, 9])
    assert name_clusters(few, groups) == name_groups(count_words(few, groups), [0, 1])


def test_names_in_german_korean_and_english():
    """Function words stay out, nouns keep their capitals, endings do not fill a name with one word thrice."""
    texts = [
        "Der Kühlschrank ist warm und die Tür klemmt", "Die Türen vom Kühlschrank", "Kühlschränke mit einer Tür",
        "냉장고 온도가 높습니다", "냉장고 문이 안 닫혀요", "냉장고가 고장났어요",
        "I don't know where my parcel is", "It's the parcel that you've sent", "parcels are late",
    ]  # fmt: skip
    names = name_clusters(texts, np.repeat([0, 1, 2], 3), n_words=2)
    assert names[0] == "Kühlschrank, Tür"
    assert names[1].startswith("냉장고")
    assert names[1].count("냉장고") == 1
    assert names[2].split(", ")[0].startswith("parcel")


def test_product_ids_stay_whole():
    names = name_clusters(
        ["the LABO-288-PRO is loud", "LABO-288-PRO: 288 litres", "vaccines", "vaccines"], [0, 0, 1, 1]
    )
    assert names[0].startswith("LABO-288-PRO, ")
    assert "288" not in names[0].split(", ")


def test_one_long_text_does_not_name_its_cluster():
    texts = ["spam " * 50, "late parcel", "parcel lost", "refund", "a refund"]
    assert name_clusters(texts, [0, 0, 0, 1, 1], n_words=1)[0] == "parcel"


def test_names_are_never_empty_and_never_the_same():
    texts = ["!!! 123", "→ ©", "the and", "no cluster", "refund now", "refund now", "lost", ""]
    names = name_clusters(texts, [0, 0, 1, 2, 3, 4, -1, -1])
    assert list(names) == [0, 1, 2, 3, 4, -1]
    assert names[-1] == "no cluster"
    assert names[0] == "cluster 0"
    assert names[1] == "cluster 1"
    assert len(set(names.values())) == len(names)
    assert all(names.values())


def test_a_single_cluster_is_named_by_its_commonest_words():
    assert name_clusters(["late parcel", "my parcel", "parcel box"], [0, 0, 0], n_words=1) == {0: "parcel"}
    assert name_clusters([], []) == {}


def test_typical_members_by_hand():
    """The mean of 0°, 10° and 50° lies at about 20°: 10° is nearest to it, then 0°, then 50°."""
    angles = np.radians([0, 10, 50, 90, 91])
    embeddings = np.column_stack([np.cos(angles), np.sin(angles)]) * [[1], [5], [1], [1], [1]]
    members = typical_members(embeddings, [4, 4, 4, 7, -1], n_members=2)
    assert {label: rows.tolist() for label, rows in members.items()} == {4: [1, 0], 7: [3]}
    assert members[4].dtype == np.int64


@pytest.mark.parametrize("labels", [[0], [0, 1, 1], [0.5, 1.0], [-2, 0], ["a", "b"], [[0, 1]]])
def test_wrong_labels(labels):
    for function in (lambda: name_clusters(["a", "b"], labels), lambda: typical_members(np.eye(2), labels)):
        with pytest.raises(InvalidInputError, match="labels"):
            function()


def test_wrong_numbers():
    with pytest.raises(InvalidInputError, match="n_words=0"):
        name_clusters(["a"], [0], n_words=0)
    with pytest.raises(InvalidInputError, match="n_members=0"):
        typical_members(np.eye(2), [0, 0], n_members=0)


def test_groups_joined_are_named_like_their_texts():
    """Words counted once for three groups name the clusters that two of them make."""
    texts = ["my parcel is late", "where is the parcel?", "refund me", "a refund", "lost parcel", "hm"]
    groups = np.array([0, 0, 1, 1, 2, 3])
    found = name_groups(count_words(texts, groups), [0, 1, 0, -1])
    assert found == name_clusters(texts, [0, 0, 1, 1, 0, -1])
    with pytest.raises(InvalidInputError, match="4 texts and 1 labels"):
        name_groups(count_words(texts, groups), [0])
