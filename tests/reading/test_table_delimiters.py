"""Delimiters, quotation marks, names of columns: rows cut where their file means it, and what is odd is said."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_files import read, rows

from embedlab.reading import read_table
from embedlab.reading.delimited import sniff_delimiter
from embedlab.reading.delimiters.mending import cut_to_width

MESSY = [
    ("comma", "text,n\nhello,1\n", [["hello", "1"]]),
    ("semicolon and decimal comma", "text;n\nhello;1,5\nbye;2,5\n", [["hello", "1,5"], ["bye", "2,5"]]),
    ("tab", "text\tn\nhello, you\t1\n", [["hello, you", "1"]]),
    ("bar", "text|n\na, b|1\n", [["a, b", "1"]]),
    ("a line that names it", "sep=;\ntext;n\na;1\n", [["a", "1"]]),
    ("windows line ends", "text,n\r\nhello,1\r\n", [["hello", "1"]]),
    ("old macintosh line ends", "text,n\rhello,1\rbye,2\r", [["hello", "1"], ["bye", "2"]]),
    ("no line end at the end", "text,n\nhello,1", [["hello", "1"]]),
    ("quotes, commas, line breaks", 'text,n\n"a, ""b""\nc",1\n', [['a, "b"\nc', "1"]]),
    ("blank lines", "text,n\n\nhello,1\n\n\nbye,2\n", [["hello", "1"], ["bye", "2"]]),
    ("missing values stay text", "text,n\nNA,null\nNone,nan\n", [["NA", "null"], ["None", "nan"]]),
    ("numbers stay text", "text,id\nhello,007\nbye,1e5\n", [["hello", "007"], ["bye", "1e5"]]),
    ("byte-order mark", "\ufefftext,n\nhello,1\n", [["hello", "1"]]),
    ("line separators inside a cell", "text,n\na\u2028b\x85c,1\n", [["a\u2028b\x85c", "1"]]),
    ("NULs and control characters", "text,n\nhe\x00l\x07lo,1\n", [["hello", "1"]]),
    ("right to left, combining, emoji", "text,n\nשלום é 👩‍👩‍👧,1\n", [["שלום é 👩‍👩‍👧", "1"]]),
]


@pytest.mark.parametrize(("content", "expected"), [case[1:] for case in MESSY], ids=[case[0] for case in MESSY])
def test_messy_tables(content, expected):
    table = read(content)
    assert list(table.frame.columns) == ["text", "n"] or list(table.frame.columns) == ["text", "id"]
    assert rows(table) == expected


def test_sentences_with_commas_are_one_column():
    sentences = ["Well, I think so.", "No.", "He came, saw, and left, they say.", "Fine, thanks."]
    table = read("review\n" + "\n".join(sentences))
    assert table.report.delimiter == ""
    assert table.frame["review"].tolist() == sentences


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found_in_what_it_cuts(delimiter):
    lines = [delimiter.join(cells) for cells in [("a", "b", "c"), ("one two", "3", "x y"), ("four", "5", "z")]]
    assert sniff_delimiter("\n".join(lines)) == delimiter


def test_an_unclosed_quote_spoils_its_line_only():
    table = read('text,n\nfine,1\n"never closed,2\nstill here,3\nand here,4\n')
    assert rows(table) == [["fine", "1"], ['"never closed', "2"], ["still here", "3"], ["and here", "4"]]
    assert "line 3" in table.report.notes[0]
    many = "\n".join(f"row {i},{i}" for i in range(200))
    assert len(read(f'text,n\n"open,0\n{many}\n').frame) == 201


def test_short_and_long_rows_are_kept_and_reported():
    table = read("text,n\na,1\nb\nc,3,surplus\nd,4,\n" + "e,5\n" * 5)
    assert list(table.frame.columns) == ["text", "n", "extra 1"]
    assert rows(table)[:5] == [["a", "1", ""], ["b", "", ""], ["c", "3", "surplus"], ["d", "4", ""], ["e", "5", ""]]
    assert any("1 row has fewer cells" in note and "line 3" in note for note in table.report.notes)
    assert any("1 row has more cells" in note and "line 4" in note for note in table.report.notes)


def test_tabs_with_quotation_marks_that_mean_nothing(shared_data):
    """KorSTS is written without quoting: quotation marks open and close anywhere."""
    table = read_table(shared_data / "korsts" / "sts-dev.tsv")
    assert (table.report.n_rows, table.report.n_columns) == (1500, 7)
    assert table.report.notes == ()


def test_headers_without_a_name_and_twice_the_same():
    table = read("text,,text,n\na,b,c,1\n")
    assert list(table.frame.columns) == ["text", "column 2", "text (2)", "n"]


@pytest.mark.parametrize(
    ("content", "has_header"),
    [
        ("A man is dancing.,A man dances.,4.5\nA dog runs.,A cat sits.,1.0\n", False),
        ("score,comment\n1,a fine thing\n", True),
        ("sentence1,sentence2,score\na b,c d,1\n", True),
        ("I like it a lot\nI do not like it\nSo so\n", False),
        ("Freitext\nDas hat mir sehr gut gefallen.\nLeider kam das Paket zu spät an.\n", True),
        ("2024-01-01,hello there\n2024-01-02,good bye\n", False),
    ],
)
def test_header_or_not(content, has_header):
    assert read(content).report.header_rows == has_header
    assert read(content, header_rows=int(not has_header)).report.header_rows == (not has_header)


def test_plain_text_is_one_text_a_line():
    table = read('First, with "quotes"\n\n  Second; line\n', name="notes.txt")
    assert table.report.format == "txt"
    assert table.frame["text"].tolist() == ['First, with "quotes"', "  Second; line"]


def test_odd_quotes_merge_no_rows():
    """The quote of row 6 meets the one of row 27; read leniently, twenty rows become one cell."""
    lines = ["a,x"] * 5 + ['"open,y'] + ["b,z"] * 20 + ['"c, d",z'] + ["e,w"]
    table = read("text,label\n" + "\n".join(lines))
    assert len(table.frame) == len(lines)
    assert table.frame["text"].tolist()[5] == '"open'
    assert table.frame["text"].tolist()[-2] == "c, d"
    assert "line 7" in table.report.notes[0]
    assert len(read("text,n\n" + '"open text,1\n' * 6).frame) == 6


def test_an_odd_quote_leaves_the_quoted_texts_of_its_line_whole():
    """Pollock's kind: a mark too many in one cell, and commas within the others. One way leads to four cells."""
    table = read(
        'id,code,text,note\n1,A1,"Red, blue",\n2,"A2,"Tee, short","ok"\n3,A3,""Socks, warm",x\n4,A4,"Lamp, red","\n'
    )
    assert rows(table) == [
        ["1", "A1", "Red, blue", ""], ["2", '"A2', "Tee, short", "ok"],
        ["3", "A3", '"Socks, warm', "x"], ["4", "A4", "Lamp, red", '"'],
    ]  # fmt: skip
    assert "lines 3, 4, 5" in table.report.notes[0]


def test_an_odd_quote_that_could_belong_to_two_cells_is_cut_everywhere():
    """`a,"b` and `"c` and `d`, or `"a` and `b` and `c,"d`: nobody can say, so the line is left cut at every comma."""
    assert cut_to_width('"a,b","c', ",", 2) == ["a,b", '"c']
    assert cut_to_width('"a,"b","c,"d"', ",", 3) == []


@given(st.lists(st.text("ab, \"'é", max_size=6), min_size=2, max_size=5), st.data())
def test_a_mark_too_many_before_a_plain_cell_is_found(cells, data):
    """Wherever a reading comes back, it has the width asked for; what csv writes comes back as it was."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells)
    assert cut_to_width(stream.getvalue(), ",", len(cells)) in (cells, [])
    place = data.draw(st.integers(0, len(stream.getvalue())))
    odd = f'{stream.getvalue()[:place]}"{stream.getvalue()[place:]}'
    assert len(cut_to_width(odd, ",", len(cells))) in (0, len(cells))


def test_quotation_marks_of_a_tab_separated_file_are_text():
    table = read('id\ttext\n1\t"Hello" he said\n2\t"whole"\n')
    assert table.frame["text"].tolist() == ['"Hello" he said', '"whole"']
    assert read('"id"\t"text"\n"1"\t"a"\n"2"\t"b"\n').frame["text"].tolist() == ["a", "b"]
    assert read('id\ttext\n1\t"a\tb"\n2\tc\n').frame["text"].tolist() == ["a\tb", "c"]


def test_a_long_cell_stays_whole_and_is_reported():
    table = read('text,n\n"' + "line\n" * 80 + '",1\nb,2\n')
    assert table.frame["text"].tolist() == ["line\n" * 80, "b"]
    assert "more than 50 lines from line 2" in table.report.notes[0]


def test_backslashes_before_quotes():
    assert rows(read('text,n\n"He said \\"hi, you\\"",1\nb,2\n')) == [['He said "hi, you"', "1"], ["b", "2"]]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ('"a";"b";"c"\n"1";"2";"3";"\n"\n', ";"),  # a delimiter at the end of the rows, and a line break in quotes
        ('Name,City,"Note;1;2;3"\n', ","),  # quotation marks tell where a cell ends
        ("a;b;c\n" + "1;2;3\n" * 8 + "d;e;f;g\n" + "1;2;3;4\n" * 8, ";"),  # two tables below one another
    ],
)
def test_delimiters_of_public_files(content, delimiter):
    assert read(content, header_rows=0).report.delimiter == delimiter


def test_points_after_semicolons_are_cells_where_the_names_say_so():
    rows = "".join(f"{i}; POINT(48.77 9.18); POLYGON(48.77 9.18, 48.78 9.19)\n" for i in range(9))
    assert read(f"id;geometry;box\n{rows}".encode(), name="a.txt").report.delimiter == ";"
    assert read(b"I came; I saw; I won\nshe left; he stayed; it rained\n", name="a.txt").report.delimiter == ""


def test_a_delimiter_too_many_before_an_empty_last_cell_is_said():
    """The row has as many filled cells as the others, one column too far right."""
    table = read("day,hour,n,remark\n1,08:00,5,\n2,,09:00,6,\n3,10:00,7,\n4,11:00,8,\n")
    assert any("1 row has a delimiter more" in note and "line 3" in note for note in table.report.notes)
    habit = read("day,hour,n\n1,08:00,5,\n2,09:00,6,\n3,10:00,7,\n")
    assert not any("a delimiter more" in note for note in habit.report.notes)


def test_a_delimiter_that_is_missing_before_quotation_marks_is_said():
    """The comma within them takes its place, and the row has as many cells as the others."""
    table = read('day,what,why\n1,boots,"warm, dry"\n2,hats"cool, light",x\n3,socks,"soft"\n')
    assert any("begin inside one cell" in note and "line 3" in note for note in table.report.notes)
    inches = read('what,size\npipe,"5"" wide"\n"a 3"" screw",long\n')
    assert not any("Quotation" in note for note in inches.report.notes)
