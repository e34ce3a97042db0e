"""Texts changed on purpose: what each rule does, by hand, and that it leaves alone what it does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.perturbations import SLIPS, TURNS

add_typo, change_case = SLIPS["typo"].change, SLIPS["case"].change


def test_a_typo_swaps_two_letters_and_is_the_same_each_time():
    text = "The parcel has not arrived."
    changed = add_typo(text)
    assert changed != text
    assert sorted(changed) == sorted(text)
    assert changed == add_typo(text)
    assert sum(a != b for a, b in zip(text, changed, strict=True)) == 2
    assert add_typo("a 12 !? oooo") is None


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("The door is open.", "The door is not open."),
        ("It isn't broken.", "It is broken."),
        ("You cannot return it.", "You can return it."),
        ("Das ist ein Hund.", "Das ist kein Hund."),
        ("Die Ware ist nicht angekommen.", "Die Ware ist angekommen."),
        ("Das Paket ist da.", "Das Paket ist nicht da."),
        ("문이 있습니다.", "문이 없습니다."),
        ("저는 학생입니다.", "저는 학생이 아닙니다."),
        ("Is the door open?", None),
        ("how do i cancel", None),
        ("Ist das Paket da", None),
        ("Nice colours", None),
    ],
)
def test_negation_turns_a_statement_round_or_leaves_it_out(text, opposite):
    assert TURNS["negation"].change(text) == opposite


def test_capitals_only_where_there_are_any():
    assert change_case("Straße") == "STRASSE"
    assert change_case("도와주세요") is None


def test_a_typo_leaves_ids_alone():
    assert add_typo("LABO-288-PRO 2024er") is None
    assert "LABO-288-PRO" in add_typo("Where does LABO-288-PRO stand?")


@pytest.mark.parametrize(
    ("rule", "text", "changed"),
    [
        ("number", "It holds 280 L.", "It holds 380 L."),
        ("number", "Es kostet 1.299,00 €.", "Es kostet 2.299,00 €."),
        ("number", "용량은 280리터입니다.", "용량은 380리터입니다."),
        ("number", "It weighs 9.5kg", "It weighs 8.5kg"),
        ("number", "At 0 degrees and 05 percent", "At 0 degrees and 06 percent"),
        ("number", "1 of them broke", None),
        ("number", "Room 24/7, 12:30, 2024-05-17, 31.05.2024, 3-4, 1st, 5G, A4", None),
        ("number", "2. Open the lid", None),
        ("number", "2. Wait 20 minutes", "2. Wait 30 minutes"),
        ("number", "Order LABO-288-PRO", None),
        ("identifier", "Where is LABO-288-PRO?", "Where is LABO-289-PRO?"),
        ("identifier", "주문 번호는 AB1239입니다.", "주문 번호는 AB1230입니다."),
        ("identifier", "Bestellung 4700219 fehlt", "Bestellung 4700210 fehlt"),
        ("identifier", "500ml for 12.50 on 2024-05-17, the 21st, 24/7", None),
        ("identifier", "write to a12b@example.org or see https://x.org/ab12", None),
        ("name_date", "It came on Monday.", "It came on Wednesday."),
        ("name_date", "Seit Dezember kaputt", "Seit Februar kaputt"),
        ("name_date", "토요일에 왔어요.", "월요일에 왔어요."),
        ("name_date", "You may march on", None),
        ("name_date", "Montagmorgen", None),
        ("word_order", "The train from Bonn to Berlin is late.", "The train from Berlin to Bonn is late."),
        ("word_order", "Open from 9 to 17.", "Open from 17 to 9."),
        ("word_order", "They sent a lamp instead of a chair.", "They sent a chair instead of a lamp."),
        ("word_order", "Kabel statt Stecker.", "Stecker statt Kabel."),
        ("word_order", "Der Zug von Bonn nach Berlin", "Der Zug von Berlin nach Bonn"),
        ("word_order", "서울에서 부산까지 갔다.", "부산에서 서울까지 갔다."),
        ("word_order", "I switched from trying to get it", None),
        ("word_order", "I called instead of writing.", None),
        ("word_order", "They sent the red one instead of the blue one.", None),
    ],
)
def test_a_turn_changes_one_fact_or_leaves_the_text_out(rule, text, changed):
    assert TURNS[rule].change(text) == changed


@pytest.mark.parametrize("rule", [*SLIPS.values(), *TURNS.values()], ids=[*SLIPS, *TURNS])
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=60) | st.from_regex(r"[A-Za-z0-9 .,/-]{0,30}", fullmatch=True)
)
def test_every_rule_changes_a_text_or_returns_none(rule, text):
    """The same each time, and never into the text itself."""
    changed = rule.change(text)
    assert changed != text
    assert changed == rule.change(text)
    assert changed is None or isinstance(changed, str)
