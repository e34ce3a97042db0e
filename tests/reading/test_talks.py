"""Subtitles and chats become what was said, by whom and when; a table is never taken for one."""

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import read_table

SRT = """\ufeff1
00:00:01,000 --> 00:00:02,500 X1:100
<i>Good</i> day,
{\\an8}a < b

2
01:02:03,04 --> 01:02:05,000
ANNA: Come in
and sit

it is warm
3
00:00:09,000 --> 00:00:10,000
- ANNA: Yes?
- BEN: No.
"""
VTT = """WEBVTT - made by hand

STYLE
::cue { color: red }

NOTE nobody says this

intro
00:01.000 --> 00:02.000 align:start
<v.loud Anna>Salt &amp; <b>pepper</b></v><v Ben>Thanks

NOTE
nor this, over
two lines

00:03.000 --> 00:04.000
<00:03.500><c.x>Well</c>
"""
ANDROID = """12/31/23, 10:05\u202fPM - Messages and calls are end-to-end encrypted.
12/31/23, 10:05\u202fPM - Anna changed the subject to "Trip: Rome"
12/31/23, 10:06\u202fPM - Anna: See you: at nine

bring a coat
12/31/23, 10:07\u202fPM - Ben B.: 👍
12/31/23, 10:08\u202fPM - +49 170 1234567: ok
"""
IPHONE = """[31.12.23, 22:05:03] Anna: Bis gleich\r
\u200e[31.12.23, 22:06:00] Ben: \u200eBild weggelassen\r
"""


def read(text, name, **options):
    return read_table(text.encode(), name=name, **options)


def rows(table):
    return [tuple(row) for row in table.frame.to_numpy()]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["film.srt", "film.txt", "film"])
def test_srt(name, ends):
    table = read(SRT.replace("\n", ends), name)
    assert list(table.frame) == ["start", "end", "speaker", "text"]
    assert rows(table) == [
        ("00:00:01.000", "00:00:02.500", "", "Good day, a < b"),
        ("01:02:03.040", "01:02:05.000", "ANNA", "Come in and sit it is warm"),
        ("00:00:09.000", "00:00:10.000", "", "- ANNA: Yes? - BEN: No."),
    ]
    assert table.report.format == "subtitles"


def test_vtt():
    assert rows(read(VTT, "film.vtt")) == [
        ("00:00:01.000", "00:00:02.000", "Anna", "Salt & pepper"),
        ("00:00:01.000", "00:00:02.000", "Ben", "Thanks"),
        ("00:00:03.000", "00:00:04.000", "", "Well"),
    ]


def test_whatsapp():
    table = read(ANDROID, "WhatsApp Chat with Anna.txt")
    assert list(table.frame) == ["time", "speaker", "text"]
    assert rows(table)[1:4] == [
        ("12/31/23 10:05 PM", "", 'Anna changed the subject to "Trip: Rome"'),
        ("12/31/23 10:06 PM", "Anna", "See you: at nine\n\nbring a coat"),
        ("12/31/23 10:07 PM", "Ben B.", "👍"),
    ]
    assert "nobody said" in table.report.notes[0]
    assert rows(read(IPHONE, "_chat.txt")) == [
        ("31.12.23 22:05:03", "Anna", "Bis gleich"),
        ("31.12.23 22:06:00", "Ben", "Bild weggelassen"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (ANDROID, "chat.csv"),
        ("[2024-01-05 10:00:00] app.ERROR: one thing\n[2024-01-05 10:00:01] app.INFO: another\n", "app.txt"),
        ("2024-01-05 10:00:00,123 - root - ERROR: one\n2024-01-05 10:00:01,123 - root - INFO: two\n", "app.txt"),
        ("1/2/24, 10:05 - 11:30 a meeting\n1/3/24, 10:05 - lunch\n", "diary.txt"),
        ("time,text\n00:00:01.000 --> 00:00:02.000,hello\n00:00:02.000 --> 00:00:03.000,there\n", "cues.csv"),
        ("text\n1\n00:00:01.000 --> 00:00:02.000\nhello\n", "quoted.txt"),
    ],
)
def test_what_is_no_talk_is_read_as_before(text, name):
    assert read(text, name).report.format in ("csv", "txt", "tsv")


WORDS = st.lists(st.text("abc é물.,", min_size=1, max_size=9).filter(str.strip), min_size=1, max_size=6)


@given(cues=WORDS, sep=st.sampled_from([",", "."]))
@settings(max_examples=100)
def test_no_cue_is_lost(cues, sep):
    blocks = [f"{i}\n00:00:{i:02}{sep}000 --> 00:00:{i + 1:02}{sep}000\n{cue}\n" for i, cue in enumerate(cues, 1)]
    assert list(read("\n".join(blocks), "a.srt").frame["text"]) == [" ".join(cue.split()) for cue in cues]


def test_a_hostile_line_costs_no_time():
    """Long runs of signs that a pattern could try in many ways: it is read, whatever it is taken for."""
    for run in ("<" * 50_000, "A " * 25_000, "{\\" * 25_000, "<v " * 20_000, "A." * 25_000):
        table = read(f"1\n00:00:01,000 --> 00:00:02,000\n{run}\n", "a.srt")
        assert len(re.sub(r"\s", "", table.frame["text"][0])) >= 20_000


# ---------------------------------------------------------------- chats in JSON


def said(text, person="Anna", **more):
    return {"id": 1, "type": "message", "date": "2024-01-05T10:00:00", "date_unixtime": "1704448800", "from": person,
            "from_id": "user1", "text": text, "text_entities": [], **more}  # fmt: skip


JOINED = {"id": 9, "type": "service", "date": "2024-01-05T09:00:00", "actor": "Ben", "action": "join_group", "text": ""}
PIECES = ["see ", {"type": "bold", "text": "you"}, " at ", {"type": "text_link", "text": "home", "href": "https://x"}]
CHAT = {
    "name": "Trip", "type": "private_group", "id": 7,
    "messages": [JOINED, said(PIECES), said("yes", None), said("news", forwarded_from="A paper")],
}  # fmt: skip
OTHER = {"name": "Trip", "type": "personal_chat", "id": 8, "messages": [said("hello there", "Ben")]}
ROWS = [("Anna", "see you at home", ""), ("user1", "yes", ""), ("Anna", "news", "A paper")]


def test_a_chat_of_telegram():
    """Pieces of a text are joined, lines of the service left out and counted, and who is forwarded is no speaker."""
    table = read(json.dumps(CHAT), "result.json")
    assert list(table.frame) == ["time", "speaker", "text", "forwarded from"]
    assert rows(table) == [("2024-01-05T10:00:00", *row) for row in ROWS]
    assert "1 line was left out that nobody said" in table.report.notes[0]
    assert table.report.parts == ()


def test_an_account_of_telegram():
    """All chats, each named in a column, or one of them; two of one name are told apart, an empty one is none."""
    empty = {"name": None, "type": "personal_chat", "id": 5, "messages": []}
    left = {"about": "…", "list": [{**OTHER, "name": None}]}
    account = {"about": "…", "personal_information": {"bio": "a b c"}, "chats": {"list": [CHAT, empty, OTHER]}}
    table = read(json.dumps({**account, "left_chats": left}), "result.json")
    odd = {**OTHER, "messages": [*OTHER["messages"], {"type": "sponsored"}]}
    same = read(json.dumps({**account, "left_chats": {"list": [{**odd, "name": None}]}}), "result.json")
    assert rows(same) == rows(table)
    assert "2 lines were left out" in same.report.notes[0]
    assert list(table.frame["chat"]) == ["Trip"] * 3 + ["Trip (2)", "without a name"]
    assert table.report.parts == ("the whole file", "Trip", "Trip (2)", "without a name")
    one = read(json.dumps({**account, "left_chats": left}), "result.json", part="Trip (2)")
    assert rows(one) == [("2024-01-05T10:00:00", "Ben", "hello there")]
    with pytest.raises(TableError, match="no part called 'Ben'"):
        read(json.dumps(account), "result.json", part="Ben")


def test_a_day_of_slack():
    """Without the list of people a message may say its own; the file of a day is read by itself."""
    profile = {"real_name": "Anna B.", "display_name": ""}
    day = [{"type": "message", "user": "U1", "text": "a &amp; b", "ts": "1704067200.1", "user_profile": profile},
           {"type": "message", "user": "U2", "text": "<@U1> yes", "ts": "1704067260.1"}]  # fmt: skip
    table = read(json.dumps(day), "2024-01-01.json")
    assert rows(table) == [
        ("2024-01-01 00:00:00+00:00", "Anna B.", "a & b"),
        ("2024-01-01 00:01:00+00:00", "U2", "@Anna B. yes"),
    ]


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        ([{"type": "message", "text": "a b", "ts": "today"}], ["type", "text", "ts"]),
        ({"type": "x", "messages": [{"type": "message", "text": "a b"}]}, ["type", "text"]),
        ({"type": "x", "messages": [*CHAT["messages"], {"type": "note", "date": "", "text": "c d"}]}, None),
        ({"chats": {"list": [{"name": "a", "text": "one two"}]}}, ["name", "text"]),
    ],
)
def test_what_only_looks_like_a_chat_is_read_as_json(value, columns):
    table = read(json.dumps(value), "a.json")
    assert "speaker" not in table.frame
    assert columns is None or list(table.frame) == columns


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "type", "list"]), inner),
    max_leaves=6,
)


@given(data=st.data(), key=st.sampled_from(["text", "from", "from_id", "date", "type", "forwarded_from", "subtype"]))
@settings(max_examples=100)
def test_any_value_in_a_message_is_a_table_or_a_sentence(data, key):
    odd, slack = data.draw(VALUES), {"type": "message", "user": "U1", "text": "a", "ts": "1704067200.1"}
    for value in ({**CHAT, "messages": [said("a b"), {**said("c"), key: odd}]}, [slack, {**slack, key: odd}]):
        with suppress(TableError):
            assert len(read(json.dumps(value), "a.json").frame)
