"""Folders that are one table: datasets of Hugging Face and exports of Slack, on a disk or packed in a zip."""

import io
import json
import zipfile
from contextlib import suppress

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import read_table

LABEL = {"names": ["bad", "good"], "_type": "ClassLabel"}
FEATURES = {"text": {"dtype": "string", "_type": "Value"}, "label": LABEL}
INFO = {"citation": "", "description": "", "features": FEATURES, "homepage": "", "license": ""}
STATE = {
    "_fingerprint": "ca85a98a9d2084cd", "_format_columns": None, "_format_kwargs": {}, "_format_type": None,
    "_output_all_columns": False, "_split": None,
}  # fmt: skip


def shard(texts, labels):
    """A file of rows as ``datasets`` 5.2 writes it: a stream whose schema says which numbers are labels."""
    kinds = pa.schema([("text", pa.string()), ("label", pa.int64())])
    schema = kinds.with_metadata({"huggingface": json.dumps({"info": {"features": FEATURES}})})
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, schema) as file:
        file.write_table(pa.table({"text": texts, "label": labels}, schema=schema))
    return stream.getvalue()


def split(folder, *shards):
    names = [f"data-{i:05}-of-{len(shards):05}.arrow" for i in range(len(shards))]
    state = {"_data_files": [{"filename": name} for name in names], **STATE}
    files = {"dataset_info.json": json.dumps(INFO, indent=2), "state.json": json.dumps(state, indent=2)}
    return {f"{folder}{name}": content for name, content in {**files, **dict(zip(names, shards, strict=True))}.items()}


ONE = split("", shard(["a b", "c d"], [0, -1]), shard(["e f"], [1]))
TWO = {
    "dataset_dict.json": json.dumps({"splits": ["test", "train"]}),
    **split("test/", shard(["t u"], [1])),
    **split("train/", shard(["a b " * 9, "c d"], [0, 1])),
}
SLACK = {
    "users.json": json.dumps(
        [
            {"id": "U1", "name": "anna", "profile": {"display_name": "", "real_name": "Anna B."}},
            {"id": "U2", "name": "ben", "profile": {"display_name": "Ben", "real_name": "Ben C."}},
        ]
    ),
    "channels.json": "[]",
    "dms.json": json.dumps([{"id": "D7", "members": ["U1", "U2", "U9"]}]),
    "D7/2024-01-01.json": json.dumps([{"type": "message", "user": "U2", "text": "only us", "ts": "1704067200"}]),
    "general/2024-01-02.json": json.dumps(
        [
            {"type": "message", "user": "U2", "text": "a &lt; b, <https://x.org|see> <#C1|sales>", "ts": "1704204000"},
            {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> joined", "ts": "1704204001.0"},
        ]
    ),
    "general/2024-01-01.json": json.dumps(
        [{"type": "message", "user": "U1", "text": "<!here> hello <@U2> and <@U9>", "ts": "1704067200.000200"}]
    ),
    "support/2024-01-01.json": json.dumps(
        [
            {"type": "message", "subtype": "bot_message", "username": "robot", "text": "",
             "attachments": [{"fallback": "Ticket 7"}, {"text": "is open"}], "ts": "1704067201"},
        ]
    ),
}  # fmt: skip
SLACK_ROWS = [
    ["Anna B., Ben, U9", "2024-01-01 00:00:00+00:00", "Ben", "only us"],
    ["general", "2024-01-01 00:00:00+00:00", "Anna B.", "@here hello @Ben and @U9"],
    ["general", "2024-01-02 14:00:00+00:00", "Ben", "a < b, see #sales"],
    ["support", "2024-01-01 00:00:01+00:00", "robot", "Ticket 7\nis open"],
]


def zipped(files, around=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(around + name, content)
        archive.writestr(f"__MACOSX/{around}._x", "x")
    return stream.getvalue()


def workbook(*sheets):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(params=["a folder", "a zip", "a folder in a zip"])
def read(request, tmp_path):
    """Read files laid out in a folder, in a zip, and in a folder within a zip."""

    def read(files, **options):
        if request.param != "a folder":
            return read_table(zipped(files, "around/" if "in" in request.param else ""), name="it.zip", **options)
        for name, content in files.items():
            path = tmp_path / "it" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(tmp_path / "it", **options)

    return read


def rows(table):
    return table.frame.to_numpy().tolist()


def test_a_dataset(read):
    """Rows of all files in their order; labels have their names, and -1 is none."""
    table = read(ONE)
    assert list(table.frame) == ["text", "label"]
    assert rows(table) == [["a b", "bad"], ["c d", ""], ["e f", "good"]]
    assert (table.report.format, table.report.parts) == ("dataset", ())


def test_splits_are_parts(read):
    table = read(TWO)
    assert (table.report.part, table.report.parts, len(table.frame)) == ("train", ("test", "train"), 2)
    assert "the split 'train' was read; the others are: 'test'" in table.report.notes[0]
    assert rows(read(TWO, part="test")) == [["t u", "good"]]
    with pytest.raises(TableError, match="no part called 'dev'"):
        read(TWO, part="dev")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"data-00001-of-00002.arrow": None}, "lacks the file 'data-00001-of-00002.arrow'"),
        ({"state.json": json.dumps({"_data_files": [{"filename": "../x.arrow"}]})}, "names no files of rows"),
        ({"state.json": json.dumps({"_data_files": []})}, "names no files of rows"),
        ({"state.json": "{"}, "state.json cannot be read"),
        ({"state.json": json.dumps({"_data_files": [], "_indices_data_files": [{}]})}, "chosen by their numbers"),
        ({"data-00001-of-00002.arrow": b"\xff\xff\xff\xff and more"}, "damaged, or far larger"),
        ({"data-00001-of-00002.arrow": shard(["x"], [0])[:-90]}, "damaged, or far larger"),
    ],
)
def test_a_dataset_that_is_not_whole(read, changed, said):
    files = {name: content for name, content in {**ONE, **changed}.items() if content is not None}
    with pytest.raises(TableError, match=said):
        read(files)


def test_files_of_other_columns_are_not_mixed(read):
    stream = io.BytesIO()
    table = pa.table({"other": ["x"], "label": [1]})
    with pa.ipc.new_stream(stream, table.schema) as file:
        file.write_table(table)
    with pytest.raises(TableError, match="cannot be read"):
        read({**ONE, "data-00001-of-00002.arrow": stream.getvalue()})


def test_slack(read):
    """Channels in their order, days in theirs; names for ids, and lines of the service counted."""
    table = read(SLACK)
    assert list(table.frame) == ["channel", "time", "speaker", "text"]
    assert rows(table) == SLACK_ROWS
    assert "1 line was left out" in table.report.notes[-1]
    with pytest.raises(TableError, match=r"general/2024-01-02.json cannot be read"):
        read({**SLACK, "general/2024-01-02.json": "["})
    with pytest.raises(TableError, match="without a message"):
        read({name: "[]" if "/" in name else content for name, content in SLACK.items()})


def test_any_other_folder_and_zip(tmp_path, set_limits):
    (tmp_path / "a.csv").write_text("text\na b\n")
    with pytest.raises(TableError, match="is a folder, and neither a dataset"):
        read_table(tmp_path)
    assert rows(read_table(zipped({"state.json": "x", "a.csv": "text\na b\n"}), name="a.zip")) == [["a b"]]
    set_limits(max_upload_mib=1, max_unpacked_mib=1)
    large = {**ONE, "data-00001-of-00002.arrow": shard(["x" * (2 << 20)], [0])}
    for name, content in large.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError, match="has more than 1 MiB, the largest file that is read"):
        read_table(tmp_path)
    with pytest.raises(TableError, match="unpacks to more than 1 MiB"):
        read_table(zipped(large), name="a.zip")


def test_a_zip_that_is_damaged_or_protected_says_so():
    """A file that does not unpack is not left out in silence, though others would make a table."""
    content = zipped(ONE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("data-00001-of-00002.arrow").header_offset
    changed = content[: at + 200] + bytes([content[at + 200] ^ 0xFF]) + content[at + 201 :]
    with pytest.raises(TableError, match="damaged archive, or protected by a password"):
        read_table(changed, name="a.zip")


def test_a_sheet_within_an_archive():
    """Parts of a file of an archive are named after it."""
    book = workbook(["codes", [["key"], ["a"]]], ["answers", [["text"], ["one two"]]])
    content = zipped({"book.xlsx": book, "notes.csv": "text\na b\n"})
    table = read_table(content, name="a.zip", part="book.xlsx/answers")
    assert rows(table) == [["one two"]]
    assert table.report.part == "book.xlsx/answers"
    assert table.report.parts == ("book.xlsx/codes", "book.xlsx/answers", "notes.csv", "/")
    assert rows(read_table(content, name="a.zip", part="notes.csv")) == [["a b"]]


@given(data=st.data(), files=st.sampled_from([ONE, TWO, SLACK]))
@settings(max_examples=60)
def test_a_changed_zip_is_a_table_or_a_sentence(data, files):
    content = bytearray(zipped(files, "around/"))
    for at in data.draw(st.lists(st.integers(4, len(content) - 1), max_size=4)):
        content[at] ^= data.draw(st.integers(1, 255))
    with suppress(TableError):
        assert len(
            read_table(bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))]), name="a.zip").frame
        )


@given(name=st.sampled_from([name for name in {**TWO, **SLACK} if name.endswith("json")]), data=st.data())
@settings(max_examples=60)
def test_any_json_in_its_files_is_a_table_or_a_sentence(name, data):
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["message", "train", "1704"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "ts", "text", "user", "splits", "_data_files", "filename"]), inner
            )
        ),
        max_leaves=8,
    )
    files = {**(SLACK if name in SLACK else TWO), name: json.dumps(data.draw(values))}
    with suppress(TableError):
        assert len(read_table(zipped(files), name="a.zip").frame)
