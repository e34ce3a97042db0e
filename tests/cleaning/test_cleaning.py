"""What each step takes out of a text, and above all what it leaves."""

import unicodedata
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

import embedlab as el
from embedlab.cleaning import CLEANING_STEPS, in_order, preview_cleaning


def clean(text, step):
    return el.clean_texts([text], [step])[0]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Fish &amp; chips,<br>3 &lt; 4</p>", "Fish & chips,\n3 < 4"),
        ("<div><p>Hel<b>lo</b> you</p><p>Second</p></div>", "Hello you\n\nSecond"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<script>alert(1)</script>Hi <style>p {}</style>there<!-- no -->", "Hi there"),
        ("Not &eacute;t&eacute; but &#44221;", "Not été but 경"),
        ("<b>bold</b> from <me@home.de>, x<3 & y", "bold from <me@home.de>, x<3 & y"),
    ],
)
def test_html_becomes_what_a_reader_sees(markup, text):
    assert clean(markup, "html") == text


@pytest.mark.parametrize(
    "text", ["I <3 it", "a < b > c & d", "List<String>", "<me@home.de>", "AT&T; R&D", "x <!-- y", "if a<b && c>d"]
)
def test_what_is_no_html_stays(text):
    assert clean(text, "html") == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_text_comes_back(text):
    """Whatever stands in a text: escaped in a paragraph it is read again, but for white space, which HTML folds."""
    shown = clean(f"<p>{escape(text)}</p>", "html")
    assert shown.split() == unescape(escape(text)).replace("\x00", "").split()


MAILS = [
    "It works.\n\nOn Fri, 5 Jan 2024 at 10:12, Ann Lee <ann@example.com> wrote:\n> Does it?\n> Ann",
    "It works.\n\nOn Fri, Jan 5, 2024 at 10:12 AM Ann Lee\n<ann@example.com> wrote:\n\n> Does it?",
    "It works.\r\n\r\nAm 05.01.2024 um 10:12 schrieb Ann Lee <a@b.de>:\r\n> Geht es?\r\n",
    "It works.\n\nLe ven. 5 janv. 2024 à 10:12, Ann <a@b.fr> a écrit :\n\nÇa marche ?",
    "It works.\n\nEl vie, 5 ene 2024 a las 10:12, Ann (<a@b.es>) escribió:\n\n> ¿Funciona?",
    "It works.\n\n2024년 1월 5일 (금) 오후 3:12, 홍길동 <a@b.kr>님이 작성:\n> 되나요?",
    "It works.\n\n-----Original Message-----\nFrom: Ann\nDoes it?",
    "It works.\n\n-----Ursprüngliche Nachricht-----\nGeht es?",
    "It works.\n\nFrom: Ann\nSent: Friday\nTo: Bob\nSubject: Lamp\n\nDoes it?",
    "It works.\n\nVon: Ann\nGesendet: Freitag\nAn: Bob\nBetreff: Lampe\n\nGeht es?",
    "It works.\n\n보낸 사람: 홍길동\n보낸 날짜: 2024-01-05\n받는 사람: 김\n제목: 등\n\n되나요?",
    "> Does it?\n> Ann\nIt works.",
]


@pytest.mark.parametrize("mail", MAILS)
def test_quoted_mails_go(mail):
    assert clean(mail, "quotes") == "It works."


def test_answers_between_and_below_quotations_stay():
    mail = "Yes.\n\nOn 5 Jan 2024, Ann wrote:\n> Is it red?\n\nIt is red.\n\n> And the bulb?\n\nIt is not."
    assert clean(mail, "quotes") == "Yes.\n\nIt is red.\n\nIt is not."


@pytest.mark.parametrize(
    "text",
    [
        "> 100 Euro were taken twice",
        "On Monday he wrote:\nnothing at all",
        "From: Berlin\nTo: Rome\nis the flight I want",
        "On 5 Jan 2024, Ann wrote:\n> a mail that is nothing but a quotation",
    ],
)
def test_what_is_no_quotation_stays(text):
    assert clean(text, "quotes") == text


SIGNATURES = [
    "-- \nAnn Lee\nLee Ltd",
    "Best regards,\nAnn Lee",
    "Mit freundlichen Grüßen\n\nAnn Lee\nTel. 030 1",
    "감사합니다.\n홍길동 드림",
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "나의 iPhone에서 보냄",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signatures_go(signature):
    assert clean(f"The lamp is broken.\n\n{signature}", "signatures") == "The lamp is broken."


@pytest.mark.parametrize(
    "text",
    ["Thanks,\nbut where is my order?", "Thanks", "Sent from my iPhone", "- one\n- two", "a\n--\n" + "line\n" * 20],
)
def test_what_is_no_signature_stays(text):
    assert clean(text, "signatures") == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://example.com/a?b=1, please.", "See, please."),
        ("(see https://x.de) ok", "(see) ok"),
        ("wiki https://en.wikipedia.org/wiki/A_(b) ok", "wiki ok"),
        ("Our [page](https://example.com) is down", "Our page is down"),
        ("https://t.co/abc你好", "你好"),
        ("https://naver.com에서 봤다", "에서 봤다"),
        ("mail me@www.de or see x.com", "mail me@www.de or see x.com"),
    ],
)
def test_links_go_and_what_is_written_on_behind_them_stays(text, left):
    assert clean(text, "links") == left


def test_labels_of_fasttext_and_unicode_forms():
    assert clean("__label__late __label__angry Where is it?", "labels") == "Where is it?"
    decomposed = unicodedata.normalize("NFD", "café ½")
    assert clean(decomposed, "nfc") == "café ½"
    assert clean("Ｌａｂ ﬁt", "nfkc") == "Lab fit"


@given(st.text(), st.sampled_from(list(CLEANING_STEPS)))
def test_no_step_fails_and_a_second_time_changes_little(text, step):
    """Whatever the text, it ends as a text; forms of Unicode and white space are the same after a second time."""
    once = clean(text, step)
    assert isinstance(once, str)
    if step in ("nfc", "nfkc", "spaces"):
        assert clean(once, step) == once


def test_steps_are_taken_in_one_order():
    """Markup first: the ends of lines that mails are read by stand in it."""
    mail = "<p>It works.</p><p>On 5 Jan 2024, Ann wrote:</p><p>Does it?</p>"
    assert in_order(["quotes", "html", "quotes"]) == ("html", "quotes")
    assert el.clean_texts([mail], ["quotes", "html"]) == ["It works."]
    with pytest.raises(el.InvalidInputError, match="no cleaning step 'magic'. There are: html, labels"):
        el.clean_texts([mail], ["magic"])


def test_the_preview_counts_rows_and_shows_what_changes():
    titles = ["Lamp", "", "Mail"]
    bodies = ["<p>Broken</p>", "https://example.com", "fine"]
    found = {each.step: each for each in preview_cleaning([titles, bodies])}
    assert list(found) == ["html", "links"]
    assert (found["html"].n_changed, found["html"].n_blank, found["html"].n_looked_at) == (1, 0, 3)
    assert found["html"].examples == (("<p>Broken</p>", "Broken"),)
    assert found["links"].n_blank == 1
    long = preview_cleaning([["a" * 500 + "<b>x</b>" + "b" * 500]])[0].examples[0]
    assert long[0].startswith("…aaa")
    assert "<b>x</b>" in long[0]
    assert "<b>" not in long[1]


@pytest.mark.parametrize(
    "unit", ["> ", ">\n", "--\n", "<a ", "<!--", "&", "(http://", "[a](http://x", " \n", "Thanks\n"]
)
def test_hostile_texts_take_no_minutes(unit):
    """The suite's own limit would end a step whose time grows with the square of the text."""
    el.clean_texts([unit * (60_000 // len(unit))], CLEANING_STEPS)
