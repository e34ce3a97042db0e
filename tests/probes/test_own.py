"""One's own contests: from a table as people have them, and made from one's own texts by rules."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import embedlab as el
from embedlab.perturbations import SLIPS, TURNS
from embedlab.probes import OWN, PROBES, Contest, contests_of_table, made_contests, read_contests
from embedlab.samples import sample_texts


def test_a_dirty_table_keeps_its_contests_and_says_the_rest():
    rows = [("a", "b", "c"), ("a", " ", "c"), ("a", "b", "b"), ("a", "b", "c"), ("d", "e", "f"), ("g", "h", None)]
    found = contests_of_table(pd.DataFrame(rows, columns=["anchor", "near", "far"]))
    assert found.contests == (Contest("a", "b", "c"), Contest("d", "e", "f"))
    assert found.remarks == (
        "2 of 6 rows have a blank text and are set aside: rows 2, 6.",
        "1 of 6 rows has two equal texts and is set aside: row 3.",
        "1 of 6 rows has a contest that came before and is set aside: row 4.",
    )
    assert found.sets == {(OWN, OWN): found.contests}


@pytest.mark.parametrize(
    "names", [("Query", "positive", "Hard negative"), ("anker", "NAH", "fern"), ("질문", "정답", "오답")]
)
def test_columns_are_found_by_their_names(names, tmp_path):
    path = tmp_path / "contests.csv"
    path.write_text(f"id;{';'.join(names)}\n1;x;y;z\n2;u;v;w\n", encoding="utf-8")
    assert read_contests(path).contests == (Contest("x", "y", "z"), Contest("u", "v", "w"))
    turned = {"near": names[2], "far": names[1]}
    assert read_contests(path, turned).contests[0] == Contest("x", "z", "y")


def test_what_is_no_table_of_contests_is_said():
    frame = pd.DataFrame({"anchor": ["a"], "near": ["b"], "c": ["c"]})
    with pytest.raises(el.InvalidInputError, match="no column that is called 'far'.*'anchor', 'near', 'c'"):
        contests_of_table(frame)
    with pytest.raises(el.InvalidInputError, match="no column 'far away'"):
        contests_of_table(frame, {"far": "far away"})
    with pytest.raises(el.InvalidInputError, match="a column each"):
        contests_of_table(frame, {"far": "near"})
    with pytest.raises(el.InvalidInputError, match="No row .*blank"):
        contests_of_table(frame.assign(far=" "))


def test_made_contests_by_hand():
    texts = ["The fridge holds 280 litres.", "Bestellung LABO-288 ist da.", " ", "The fridge holds 280 litres."]
    made = made_contests(texts, ["identifier", "number"])
    assert list(made) == [("number", OWN), ("identifier", OWN)]
    ((anchor, near, far),) = made["number", OWN]
    assert (anchor, far) == (texts[0], "The fridge holds 380 litres.")
    assert near == SLIPS["typo"].change(anchor)
    assert "LABO-288" in made["identifier", OWN][0].near


def test_made_contests_are_known_probes_and_never_more_than_asked_for():
    assert set(TURNS) <= set(PROBES)
    made = made_contests(sample_texts(), n_contests=20)
    assert {probe for probe, _ in made} == set(TURNS)
    assert max(map(len, made.values())) == 20
    assert made == made_contests(sample_texts(), n_contests=20)
    assert made != made_contests(sample_texts(), n_contests=20, random_state=1)
    assert all(len(set(contest)) == 3 for contests in made.values() for contest in contests)


def test_texts_that_no_rule_fits_are_said():
    for texts in ([], ["", " "], ["Nice colours", "좋아요"]):
        with pytest.raises(el.InvalidInputError, match=r"None of \d+ texts"):
            made_contests(texts)
    with pytest.raises(el.InvalidInputError, match="No rule makes contests for 'homonym'"):
        made_contests(["The door is open."], "homonym")


@given(st.lists(st.text(max_size=30), max_size=8))
def test_made_contests_of_any_texts(texts):
    """Whatever is in them, an anchor is one of them, and the three texts differ."""
    try:
        made = made_contests([*texts, "The door is open."])
    except el.InvalidInputError:
        raise AssertionError("the door can be denied") from None
    for contests in made.values():
        assert all(contest.anchor in [*texts, "The door is open."] for contest in contests)
        assert all(len(set(contest)) == 3 for contest in contests)


def test_a_model_on_made_contests(encoder):
    """all-MiniLM-L6-v2 takes an id off by one for a smaller change than a typing error."""
    made = made_contests([f"Where is my order AB-{number}7 now?" for number in range(300, 340)], "identifier")
    assert el.probe(encoder, contests=made).score("identifier") < 0.5
