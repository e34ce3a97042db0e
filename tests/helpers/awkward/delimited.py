"""Files of delimited text: encodings, separators, what stands around a table, uneven rows."""

import codecs

from awkward.case import COLUMNS, PLAIN, ROWS, lines_of, refused, table

# ---------------------------------------------------------------- encodings

GERMAN = [[f"Grüße aus Köln für müde Mädchen über schöne Straßen {i}", str(i)] for i in range(9)]
JAPANESE = [["東京の店員はとても親切でした、ありがとう", "1"], ["配送が遅いので返品したいです", "2"]] * 5
KOREAN = [["안녕하세요 오늘 날씨가 좋네요", "1"], ["배송이 너무 늦어서 반품하고 싶어요", "2"]] * 5


def encoded(rows, encoding, mark=b""):
    return table(mark + lines_of([COLUMNS, *rows]).encode(encoding), rows=rows)


ENCODINGS = {
    "utf-8": encoded(GERMAN, "utf-8"),
    "utf-8 with a mark": encoded(GERMAN, "utf-8-sig"),
    "utf-16 le with a mark": encoded(GERMAN, "utf-16-le", codecs.BOM_UTF16_LE),
    "utf-16 be with a mark": encoded(KOREAN, "utf-16-be", codecs.BOM_UTF16_BE),
    "utf-16 le without a mark": encoded(GERMAN, "utf-16-le"),
    "utf-16 be without a mark": encoded(JAPANESE, "utf-16-be"),
    "utf-32 without a mark": encoded(GERMAN, "utf-32-le"),
    "cp1252": encoded(GERMAN, "cp1252"),
    "shift-jis": encoded(JAPANESE, "cp932"),
    "euc-kr": encoded(KOREAN, "cp949"),
    "two encodings in one file": table(
        lines_of([COLUMNS, *GERMAN]).encode() + "Köln,9\n".encode("cp1252"),
        rows=[*GERMAN, ["K\ufffdln", "9"]],
        said="1 letters could not be read",
    ),
    "utf-16 with an odd byte": table(PLAIN.encode("utf-16") + b"x", said="cut off"),
    "utf-8 cut inside a letter": table((PLAIN + "Grü").encode()[:-1], rows=[*ROWS, ["Gr", ""]], said="cut off"),
    "nuls inside": table(PLAIN.replace("parcel", "par\0cel"), said="1 control characters"),
    "nuls at the end": table(PLAIN.encode() + bytes(4096)),
    "right to left": table(lines_of([COLUMNS, ["שלום עולם", "1"]]), rows=[["שלום עולם", "1"]]),
    "combining and emoji": table(
        lines_of([COLUMNS, ["e\u0301te\u0301 👩‍👩‍👧 🇩🇪", "1"]]), rows=[["e\u0301te\u0301 👩‍👩‍👧 🇩🇪", "1"]]
    ),
    "double-encoded stays as it is": table("text,n\nschÃ¶n,1\n", rows=[["schÃ¶n", "1"]]),
}

# ---------------------------------------------------------------- separators, quotes, line ends

QUOTED = [["a, b; c\td|e", "1"], ['she said "no"', "2"], ["two\nlines", "3"]]
DECIMAL = [["Hamburg", "1.892,12", "0,5"], ["Bremen", "569,35", "1,5"], ["Berlin", "3.677,47", "2,5"]]


def quoted(rows, delimiter):
    return lines_of([[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows], delimiter)


SEPARATORS = {
    **{
        f"{name}": table(lines_of([COLUMNS, *ROWS], sign))
        for name, sign in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|")]
    },
    **{
        f"quoted {name}": table(quoted([COLUMNS, *QUOTED], sign), rows=QUOTED)
        for name, sign in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|")]
    },
    "old macintosh line ends": table(lines_of([COLUMNS, *ROWS], end="\r")),
    "windows line ends": table(lines_of([COLUMNS, *ROWS], end="\r\n")),
    "mixed line ends": table("text,n\r\na b,1\nc d,2\re f,3\n", rows=[["a b", "1"], ["c d", "2"], ["e f", "3"]]),
    "a line that names the separator": table("sep=;\n" + lines_of([COLUMNS, *ROWS], ";")),
    "decimal commas": table(
        lines_of([["Land", "Einwohner", "Anteil"], *DECIMAL], ";"), ["Land", "Einwohner", "Anteil"], DECIMAL
    ),
    "decimal commas without names": table(lines_of(DECIMAL, ";"), ["column 1", "column 2", "column 3"], DECIMAL),
    "a separator at the end of every line": table(
        lines_of([[*COLUMNS, ""], *([*row, ""] for row in ROWS)]), [*COLUMNS, "column 3"], [[*row, ""] for row in ROWS]
    ),
    "a separator at the end of the rows only": table(lines_of([COLUMNS, *([*row, ""] for row in ROWS)])),
    "a space behind the comma before a quote": table(
        'id, text, n\n1, "a, b", 2\n2, "c", 3\n', ["id", "text", "n"], [["1", "a, b", "2"], ["2", "c", "3"]]
    ),
    "single quotes": table(
        "id,text,n\n1,'a, b',2\n2,'c, d, e',3\n", ["id", "text", "n"], [["1", "a, b", "2"], ["2", "c, d, e", "3"]]
    ),
    "apostrophes are no quotes": table(
        "text,n\nit's,1\n'tis the season,2\n", rows=[["it's", "1"], ["'tis the season", "2"]]
    ),
    "backslashes before quotes": table(
        'text,n\n"He said \\"hi, you\\"",1\nb,2\n', rows=[['He said "hi, you"', "1"], ["b", "2"]]
    ),
    "semicolons in .txt": table(lines_of([COLUMNS, *ROWS], ";"), name="table.txt"),
    "tabs in .txt": table(lines_of([COLUMNS, *ROWS], "\t"), name="table.txt"),
    "commas in .txt": table(lines_of([COLUMNS, *ROWS]), name="table.txt"),
    "sentences in .txt": table(
        "Well, I know; it is late.\nNo, not you.\nYes; you, and him.\n",
        ["text"],
        [["Well, I know; it is late."], ["No, not you."], ["Yes; you, and him."]],
        name="a.txt",
    ),
    "prices in .txt": table(
        "costs 1,000 won\ncosts 2,500 won\ncosts 3,900 won\n",
        ["text"],
        [["costs 1,000 won"], ["costs 2,500 won"], ["costs 3,900 won"]],
        name="a.txt",
    ),
}

# ---------------------------------------------------------------- around the table

WIDE = ["Region", "Year", "Men", "Women"]
WIDE_ROWS = [["North", "2020", "12", "13"], ["South", "2021", "11", "10"], ["West", "2022", "9", "8"]]
BODY = lines_of([WIDE, *WIDE_ROWS])

AROUND = {
    "a title": table(
        "Survey 2024\n" + PLAIN, said='1 line was set aside above the names of the columns: "Survey 2024"'
    ),
    "a title in cells": table("Survey 2024,\n" + PLAIN, said="Survey 2024"),
    "a title in wide cells": table("Survey 2024,,,\n,,,\n" + BODY, WIDE, WIDE_ROWS, "2 lines were set aside above"),
    "titles with a blank line": table(
        "Office of Statistics\nPopulation; all regions\n\n" + BODY,
        WIDE,
        WIDE_ROWS,
        '"Office of Statistics", "Population; all regions"',
    ),
    "names with values": table("Source:,Office\nUpdated:,2024-01-05\n\n" + BODY, WIDE, WIDE_ROWS, "2 lines were"),
    "comments": table("# made by hand\n# do not edit, please\n" + BODY, WIDE, WIDE_ROWS, "2 lines were"),
    "a comment of many cells": table("# one, two, three, four, five\n" + BODY, WIDE, WIDE_ROWS, "1 line was"),
    "a source below": table(
        BODY + "\nSource: Office of Statistics, 2024\n",
        WIDE,
        WIDE_ROWS,
        '1 line was set aside below the rows: "Source: Office of Statistics',
    ),
    "notes below in cells": table(BODY + ",,,\n* provisional,,,\nNote: rounded,,,\n", WIDE, WIDE_ROWS, "3 lines were"),
    "rows affected": table(BODY + "\n(3 rows affected)\n", WIDE, WIDE_ROWS, "(3 rows affected)"),
    "titles and notes": table(
        "Population\n\n" + lines_of([WIDE, *WIDE_ROWS], ";") + "\n© Office\n", WIDE, WIDE_ROWS, "©"
    ),
    "blank lines between": table("text,n\n\na b,1\n   \n\n\nc d,2\n", rows=[["a b", "1"], ["c d", "2"]]),
    "years as names": table(
        "Country,2019,2020,2021\nChile,1.5,2.5,3.5\nPeru,4.5,5.5,6.5\n",
        ["Country", "2019", "2020", "2021"],
        [["Chile", "1.5", "2.5", "3.5"], ["Peru", "4.5", "5.5", "6.5"]],
    ),
    "a total is a row": table(BODY + "Total,,32,31\n", WIDE, [*WIDE_ROWS, ["Total", "", "32", "31"]]),
    "missing labels are no titles": table(
        "so nice,\nbad,neg\ngood,pos\n", ["column 1", "column 2"], [["so nice", ""], ["bad", "neg"], ["good", "pos"]]
    ),
    "missing cells at the end are no notes": table(
        BODY + "East,,,\nCentre,,,\n", WIDE, [*WIDE_ROWS, ["East", "", "", ""], ["Centre", "", "", ""]]
    ),
    "no names": table(
        "3,a b c,x\n4,d e f,y\n", ["column 1", "column 2", "column 3"], [["3", "a b c", "x"], ["4", "d e f", "y"]]
    ),
    "names twice and empty": table(
        "text,,text,n\na,b,c,1\n",
        ["text", "column 2", "text (2)", "n"],
        [["a", "b", "c", "1"]],
        "Columns without a name",
    ),
    "row numbers without a name": table(
        "text,n\n1,a b,5\n2,c d,6\n", ["column 1", "text", "n"], [["1", "a b", "5"], ["2", "c d", "6"]]
    ),
    "names and nothing below": refused("text,n\n", "no rows below"),
}

# ---------------------------------------------------------------- rows that do not fit

UNEVEN = {
    "short and long rows": table(
        PLAIN + "short\nlong,5,surplus\n",
        [*COLUMNS, "extra 1"],
        [*([*row, ""] for row in ROWS), ["short", "", ""], ["long", "5", "surplus"]],
        "1 row has fewer cells than there are columns (line 6)",
    ),
    "an unclosed quote": table(
        'text,n\nfine,1\n"never closed,2\nstill here,3\n',
        rows=[["fine", "1"], ['"never closed', "2"], ["still here", "3"]],
        said="line 3",
    ),
    "cut inside quotes": table('text,n\n"a, b",1\n"c, d', rows=[["a, b", "1"], ['"c', " d"]], said="do not pair up"),
    "numbers and dates are text": table(
        "text,id,day\nhello,007,2024-01-02\nbye,1e5,3/4/24\n",
        ["text", "id", "day"],
        [["hello", "007", "2024-01-02"], ["bye", "1e5", "3/4/24"]],
    ),
    "missing values are text": table("text,n\nNA,null\nNone,nan\n", rows=[["NA", "null"], ["None", "nan"]]),
    "5,000 columns": refused(lines_of([[f"c{i}" for i in range(5000)], ["x"] * 5000]), "5,000 columns; up to 1,000"),
    "one wide row among many": refused("a,b\n" * 200_000 + ",".join(["x"] * 900) + "\n", "cells are read", "a.csv"),
}
