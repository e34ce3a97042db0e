"""Dirty files: the right table, or one sentence that says what is wrong; never a silently shifted column."""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.tables import guess_label_column, guess_text_column, read_table
from embedlab.tables.delimited import sniff_delimiter


def read(content, name="table.csv", **options):
    return read_table(content if isinstance(content, bytes) else content.encode(), name=name, **options)


def rows(table):
    return table.frame.to_numpy().tolist()


# ---------------------------------------------------------------- delimiters, quotes, headers

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
    assert read(content).report.header is has_header
    assert read(content, header=not has_header).report.header is not has_header


def test_plain_text_is_one_text_a_line():
    table = read('First, with "quotes"\n\n  Second; line\n', name="notes.txt")
    assert table.report.format == "txt"
    assert table.frame["text"].tolist() == ['First, with "quotes"', "  Second; line"]


def test_public_files(shared_data):
    """Sizes from their INDEX; headers where they have one."""
    stsb = read_table(shared_data / "stsb" / "stsb-de-dev.csv")
    assert (stsb.report.n_rows, stsb.report.header) == (1500, False)
    parakqc = read_table(shared_data / "parakqc" / "paraKQC_v1.txt")
    assert (parakqc.report.n_rows, parakqc.report.n_columns) == (10_000, 3)
    nlu = read_table(next((shared_data / "nlu_similarity_de").glob("*.csv")))
    assert (nlu.report.n_rows, nlu.report.header) == (1127, True)


def test_csv_spectrum(shared_data):
    """Awkward files with their right reading; one of them is at odds with its own JSON and is left out."""
    for path in sorted((shared_data / "csv_spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if path.stem in ("location_coordinates", "newlines_crlf"):
            continue
        assert read_table(path).frame.to_dict("records") == expected, path.name


# ---------------------------------------------------------------- encodings

GERMAN = "text,n\n" + "".join(
    f"Grüße aus Köln, schöne Straße, übermäßig müde,{i}\n".replace(", ", " ") for i in range(20)
)
KOREAN = "text,n\n" + "".join(f"안녕하세요 반갑습니다 오늘 날씨가 좋네요,{i}\n" for i in range(20))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (KOREAN, "utf-16"),
        (KOREAN, "cp949"),
    ],
)
def test_encodings_that_settle_themselves(text, encoding):
    table = read(text.encode(encoding))
    assert table.frame["text"][0] == text.split("\n")[1].rpartition(",")[0]
    assert table.report.encoding_certain


@pytest.mark.parametrize(
    ("word", "encoding"),
    [("café", "cp1252"), ("Łódź", "cp1250"), ("Привет", "cp1251"), ("東京", "shift_jis"), ("서울", "cp949")],
)
def test_a_few_foreign_words_are_right_or_offered(word, encoding):
    """One foreign word in an English file: the right reading is taken, or stands among the candidates."""
    content = ("text,n\n" + "a plain english sentence,1\n" * 10 + f"we met in {word} last year,2\n").encode(encoding)
    report = read(content).report
    offered = [sample for candidate in report.encoding_candidates for sample in candidate.samples]
    assert word in read(content).frame["text"].iloc[-1] or any(word in sample for sample in offered)
    if not report.encoding_certain:
        assert 2 <= len(report.encoding_candidates) <= 8
    assert word in read(content, encoding=encoding).frame["text"].iloc[-1]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("It’s £5", "cp1252"),
        ("It’s £5", "mac_roman"),
        ("we paid £512 – too much", "cp1252"),
        ("“quite” good", "mac_roman"),
        ("12 m² at 20 °C", "cp1252"),
    ],
)
def test_marks_in_their_places_need_no_question(text, encoding):
    """What a detector cannot tell from so little: the same bytes are letters elsewhere, and make no words there."""
    table = read(f"text,n\na plain english sentence,1\n{text},2\n".encode(encoding))
    assert table.frame["text"][1] == text
    assert table.report.encoding_certain


def test_the_spanish_enye_is_no_polish_letter():
    """charset-normalizer takes it for one; a few ordinals say that it is none."""
    content = "calle;piso\nESPAÑA 229;6ºA\nPLANTA BAJA;2º\nMAR DEL PLATA 12;3ª\n".encode("cp1252")
    assert read(content).frame["calle"][0] == "ESPAÑA 229"


def test_a_wrong_choice_of_encoding_is_said():
    with pytest.raises(TableError, match="cannot be read as ascii"):
        read(GERMAN, encoding="ascii")


def test_a_file_cut_in_the_middle_of_a_letter_is_read_and_reported():
    table = read("text,n\nhello,1\nGrü".encode()[:-1])
    assert table.frame["text"].tolist() == ["hello", "Gr"]
    assert "cut off" in table.report.notes[0]


def test_mixed_encodings_keep_what_can_be_read():
    content = ("text,n\n" + "schöne Grüße,1\n" * 20).encode() + "Köln,2\n".encode("cp1252")
    table = read(content)
    assert table.frame["text"].iloc[0] == "schöne Grüße"
    assert "line 22" in table.report.notes[0]


# ---------------------------------------------------------------- other formats


def test_json_lines_keep_nested_cells_as_json():
    content = '{"text": "a", "n": 1, "more": {"x": [1, "ü"]}}\n{"text": "b", "ok": true}\n'
    table = read(content, name="table.jsonl")
    assert list(table.frame.columns) == ["text", "n", "more", "ok"]
    assert rows(table) == [["a", "1", '{"x": [1, "ü"]}', ""], ["b", "", "", "true"]]


def test_json_lines_in_a_file_called_csv_and_a_json_list():
    assert read('{"text": "a"}\n{"text": "b"}\n').report.format == "jsonl"
    assert read('[{"text": "a"}, {"text": "b"}]', name="x.json").frame["text"].tolist() == ["a", "b"]
    assert read('["a", "b"]', name="x.json").frame["text"].tolist() == ["a", "b"]


def test_json_half_surrogates_are_removed():
    assert read('{"text": "a\\ud800b"}', name="x.jsonl").frame["text"].tolist() == ["ab"]


def test_broken_json():
    with pytest.raises(TableError, match="Line 2 of x.jsonl"):
        read('{"text": "a"}\nnonsense\n{"text": "c"}\n', name="x.jsonl")
    cut = read('{"text": "a"}\n{"text": "b"}\n{"te', name="x.jsonl")
    assert cut.frame["text"].tolist() == ["a", "b"]
    assert "cut off" in cut.report.notes[0]
    with pytest.raises(TableError, match="not a JSON list"):
        read('[{"text": "a"', name="x.json")


def test_parquet_with_dictionary_nested_and_missing_cells():
    columns = {
        "text": pa.array(["a", None]),
        "topic": pa.array(["x", "y"]).dictionary_encode(),
        "n": pa.array([1, None]),
        "list": pa.array([[1, 2], None]),
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    table = read(stream.getvalue(), name="x.parquet")
    assert rows(table) == [["a", "x", "1", "[1, 2]"], ["", "y", "", ""]]
    with pytest.raises(TableError, match="damaged Parquet"):
        read(stream.getvalue()[:-20], name="x.parquet")


# ---------------------------------------------------------------- refusals and limits

REFUSED = [
    (b"", "empty"),
    (b"\n \n,,\n", "blank"),
    (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG picture"),
    (b"\xff\xd8\xff\xe0" + bytes(99), "JPEG"),
    (b"%PDF-1.7 ...", "PDF"),
    (b"\x1f\x8b\x08" + bytes(99), "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Excel workbook"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
    (b"<!DOCTYPE html><html></html>", "web page"),
    (b"PK\x03\x04 broken", "damaged"),
    (bytes(np.random.default_rng(0).integers(0, 256, 4000, dtype=np.uint8)), "binary"),
    (b"text,n\n", "no rows"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_is_no_table_is_said_in_one_sentence(content, message):
    with pytest.raises(TableError, match=message) as refused:
        read(content)
    assert "\n" not in str(refused.value)


def test_a_field_of_ten_megabytes():
    table = read("text,n\n" + "x" * 10_000_000 + ",1\nshort,2\n")
    assert len(table.frame["text"][0]) == limits().max_cell_chars
    assert table.frame["n"].tolist() == ["1", "2"]


# ---------------------------------------------------------------- sources and columns


def test_path_bytes_and_file_object_are_the_same(tmp_path):
    content = b"text,n\nhello,1\n"
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with path.open("rb") as file:
        tables = [read_table(path), read_table(str(path)), read_table(content, name="a.csv"), read_table(file)]
    assert all(table.frame.equals(tables[0].frame) and table.report == tables[0].report for table in tables)


def test_columns_are_guessed():
    lines = [
        "id,when,label,review,stars",
        "1,2024-01-01,good,I like it a lot,5",
        "2,2024-01-02,bad,It broke at once,1",
        "3,2024-01-03,good,Would buy it again,4",
        "4,2024-01-04,bad,Not what I ordered,2",
    ]
    frame = read("\n".join(lines)).frame
    assert guess_text_column(frame) == "review"
    assert guess_label_column(frame, "review") == "label"
    with pytest.raises(TableError, match="No column of this table holds words"):
        guess_text_column(read("a,b\n1,2024-01-01\n2,2024-01-02\n").frame)


# ---------------------------------------------------------------- what must never happen in silence

FRENCH = ["très bien", "élève modèle", "à côté", "forêt", "garçon", "où êtes-vous", "problème"]
JAPANESE = ["商品 配送", "品質 価格", "注文 返品", "ありがとう", "とても 良い", "店員 東京"]
RUSSIAN = ["хорошее качество", "быстрая доставка", "плохой товар", "спасибо", "очень дорого", "новый заказ"]


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [(FRENCH, "cp1252"), (FRENCH, "mac_roman"), (JAPANESE, "cp932"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r")],
)
def test_what_detectors_agree_on_wrongly_is_read_right_or_asked(texts, encoding):
    """charset-normalizer takes French for Central European and Japanese for Korean, twice."""
    content = ("text,n\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts * 5))).encode(encoding)
    table = read(content)
    assert table.frame["text"].tolist() == texts * 5
    assert table.report.encoding_certain or table.report.encoding_candidates[0].samples[0].startswith(texts[0])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding):
    assert read(KOREAN.encode(encoding)).frame["text"][0] == KOREAN.split("\n")[1].rpartition(",")[0]


def test_odd_quotes_merge_no_rows():
    """The quote of row 6 meets the one of row 27; read leniently, twenty rows become one cell."""
    lines = ["a,x"] * 5 + ['"open,y'] + ["b,z"] * 20 + ['"c, d",z'] + ["e,w"]
    table = read("text,label\n" + "\n".join(lines))
    assert len(table.frame) == len(lines)
    assert table.frame["text"].tolist()[5] == '"open'
    assert table.frame["text"].tolist()[-2] == "c, d"
    assert "line 7" in table.report.notes[0]
    assert len(read("text,n\n" + '"open text,1\n' * 6).frame) == 6


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


def test_control_characters_leave_every_format():
    table = read('{"text": "a\\u0000b\\u0007"}', name="x.jsonl")
    assert table.frame["text"].tolist() == ["ab"]
    assert "2 control characters" in table.report.notes[0]


@pytest.mark.parametrize("options", [{"encoding": "a\0b"}, {"encoding": "undefined"}, {"encoding": "zip"}])
@pytest.mark.parametrize("delimiter", [None, ";;", '"', "\n"])
def test_impossible_choices_are_said(options, delimiter):
    with pytest.raises(TableError):
        read("text,n\na,1\n", **options, delimiter=delimiter)


def test_a_column_called_like_a_magic_number():
    assert read("PK,text\n1,hello there\n").frame["PK"].tolist() == ["1"]


def test_half_a_kilobyte_of_parquet_that_says_one_text_for_ever():
    """A dictionary holds the text once; written out it would take 100 GB."""
    stream = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"text": texts}), stream, compression="zstd", store_schema=False)
    assert len(stream.getvalue()) < 10_000
    with pytest.raises(TableError, match="more than 500,000,000 characters"):
        read(stream.getvalue(), name="x.parquet")


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ('"a";"b";"c"\n"1";"2";"3";"\n"\n', ";"),  # a delimiter at the end of the rows, and a line break in quotes
        ('Name,City,"Note;1;2;3"\n', ","),  # quotation marks tell where a cell ends
        ("a;b;c\n" + "1;2;3\n" * 8 + "d;e;f;g\n" + "1;2;3;4\n" * 8, ";"),  # two tables below one another
    ],
)
def test_delimiters_of_public_files(content, delimiter):
    assert read(content, header=False).report.delimiter == delimiter


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
    assert not inches.report.notes
