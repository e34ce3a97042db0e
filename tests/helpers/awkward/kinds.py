"""Other kinds of files, and what is no table at all."""

import gzip
import pickle

import pyarrow as pa

from awkward import binary
from awkward.case import COLUMNS, PLAIN, ROWS, refused, table

KINDS = {
    "empty": refused(b"", "is empty"),
    "blank": refused(b"\n \n,,\n", "is blank"),
    "a picture": refused(b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG picture"),
    "an encrypted workbook": refused(
        b"\xd0\xcf\x11\xe0" + bytes(99) + "EncryptedPackage".encode("utf-16-le"), "password"
    ),
    "an old workbook": refused(b"\xd0\xcf\x11\xe0" + bytes(99), "is damaged"),
    "a web page called .xls": refused(b"<table><tr><td>a</td></tr></table>", "a web page"),
    "macro workbook": table(binary.macro_workbook([COLUMNS, *ROWS]), name="table.xlsm"),
    "a title in a workbook": table(
        binary.workbook([["Survey 2024"], [], COLUMNS, *ROWS]), said="Survey 2024", name="a.xlsx"
    ),
    "a workbook that begins in the second column": table(
        binary.workbook([[None, "4", "a b"], [None, "5", "c d"]]),
        ["column 1", "column 2"],
        [["4", "a b"], ["5", "c d"]],
        name="a.xlsx",
    ),
    "binary workbook": refused(binary.archive({"xl/workbook.bin": b"x"}), ".xlsb", "a.xlsb"),
    "open document": refused(binary.archive({"META-INF/manifest.xml": b"x", "content.xml": b"x"}), ".ods", "a.ods"),
    "word document": refused(binary.archive({"word/document.xml": b"x"}), "Word document", "a.docx"),
    "zip bomb": refused(binary.archive({"xl/workbook.xml": bytes(60 << 20)}), "unpacks to", "a.xlsx"),
    "cut workbook": refused(binary.workbook([COLUMNS, *ROWS])[:2000], "damaged", "a.xlsx"),
    "cut parquet": refused(binary.parquet()[:-20], "damaged Parquet", "a.parquet"),
    "nested and dictionary columns": table(
        binary.parquet(), ["text", "topic", "list", "map.k"], binary.PARQUET_ROWS, name="a.parquet"
    ),
    "bytes that are texts": table(
        binary.parquet_of({"text": [b"a b", b"\xc3\xa4"]}), ["text"], [["a b"], ["ä"]], name="a.parquet"
    ),
    "cut json": refused('[{"text": "a"}, {"te', "cut off", "a.json"),
    "cut json lines": table('{"text": "a"}\n{"text": "b"}\n{"te', ["text"], [["a"], ["b"]], "cut off", "a.jsonl"),
    "an object around a list": table(
        '{"ok": true,\n "rows": [{"text": "a"}, {"text": "b"}]}',
        ["text"],
        [["a"], ["b"]],
        "The list 'rows' was read",
        "a.json",
    ),
    "the same on one line": table(
        '{"ok": true, "rows": [{"text": "a"}, {"text": "b"}]}',
        ["text"],
        [["a"], ["b"]],
        "The list 'rows' was read",
        "a.json",
    ),
    "one object": table('{"a": 1,\n"b": "x y"}', ["a", "b"], [["1", "x y"]], "one object, which is one row", "a.json"),
    **{f"a file that begins as {said} does": refused(begin + bytes(99), said) for begin, said in binary.BEGINNINGS},
    **{f"{said} in a zip": refused(binary.archive(dict.fromkeys(names, "x")), said) for names, said in binary.IN_ZIP},
    **{f"{said} in a container of Office": refused(binary.office(stream), said) for stream, said in binary.IN_OFFICE},
    **{
        f"a pickle of protocol {i}: {value}": refused(pickle.dumps(value, i), "a pickle", "a.pkl")
        for i in range(pickle.HIGHEST_PROTOCOL + 1)
        for value in binary.PICKLED
    },
    "a text of OpenDocument": refused(
        binary.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}),
        "OpenDocument (.odt)",
    ),
    "a model in safetensors": refused(
        (58).to_bytes(8, "little") + b'{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}    ' + bytes(8),
        "a model (.safetensors)",
    ),
    "a tar in gzip": refused(gzip.compress(bytes(257) + b"ustar" + bytes(300)), "a tar archive", "a.tar.gz"),
    "a workspace of R in gzip": refused(gzip.compress(b"RDX3\nX\n"), "a workspace of R", "a.RData"),
    "a mail": refused("Received: by x\n with y\nFrom: a@b.c\nDate: today\n\nhello there\n", "a mail", "a.eml"),
    "a box of mails": refused("From a@b.c Mon Jan  1 10:00:00 2024\nSubject: hi\n\nhello\n", "a mail", "a.mbox"),
    "talk that is no mail": table(
        "Anna: hello\nBen: good day\nTo: Ben\n", ["column 1"], [["Anna: hello"], ["Ben: good day"], ["To: Ben"]]
    ),
    "a table in zstd": table(pa.compress(PLAIN.encode(), "zstd", asbytes=True), name="a.csv.zst"),
    "two frames of zstd": table(
        b"".join(pa.compress(half.encode(), "zstd", asbytes=True) for half in (PLAIN[:30], PLAIN[30:])),
        name="a.csv.zst",
    ),
    "a zstd bomb": refused(pa.compress(bytes(60 << 20), "zstd", asbytes=True), "200 times its size", "a.csv.zst"),
    "a cut zstd": refused(pa.compress(PLAIN.encode(), "zstd", asbytes=True)[:-9], "damaged archive", "a.csv.zst"),
    "an array of numpy": refused(b"\x93NUMPY\x01\0" + bytes(99), "array of NumPy", "a.npy"),
    "a pickle": refused(b"\x80\x04\x95" + bytes(99), "a pickle", "a.pkl"),
    "a table in gzip": table(gzip.compress(PLAIN.encode()), name="a.csv.gz"),
    "a gzip bomb": refused(gzip.compress(bytes(60 << 20)), "200 times its size", "a.csv.gz"),
    "a cut gzip": refused(gzip.compress(PLAIN.encode())[:-12], "damaged archive", "a.csv.gz"),
    "a zip with one table": table(
        binary.archive({"data/a.csv": PLAIN, "__MACOSX/._a.csv": "x", ".DS_Store": "y"}), name="a.zip"
    ),
    "a zip with a table and a description": table(
        binary.archive({"README.txt": "words " * 99, "a.csv": PLAIN}), said="the others are: 'README.txt'", name="a.zip"
    ),
    "an archive within an archive": refused(gzip.compress(gzip.compress(b"a")), "within the archive", "a.gz"),
}
