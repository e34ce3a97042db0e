"""Several files on the Data page: loaded as one table, read again together, none lost over one that cannot be read."""

import io
import zipfile

from page_app import go, messages, open_page, press, said, table, upload, upload_several

from embedlab.limits import limits
from embedlab.ui.tasks import services

ONE = "text,topic\nThe parcel never came to my house,late\nThe lamp broke on the first evening,broken\n"
TWO = "text;topic\nMeine Bestellung wäre da;late\nWhere is the refund for my parcel?;money\n"
FILES = {"may.csv": ONE.encode(), "june.csv": TWO.encode("cp1252")}


def heard(messages):
    """Messages as a person sees them, without the signs that keep Markdown from reading them."""
    return [message.replace("\\", "") for message in messages]


def loaded(app):
    return services.datasets().get(app.selectbox(key="dataset").value)


def test_two_files_are_one_table_with_a_column_for_the_file():
    app = upload_several(open_page("Data"), FILES)
    assert not app.exception
    assert "may.csv and 1 more" in heard(each.value for each in app.subheader)
    assert table(app)["file"].tolist() == ["may.csv", "may.csv", "june.csv", "june.csv"]
    assert "2 files · CSV · 4 rows · 3 columns" in said(app)
    assert app.selectbox(key="text:" + loaded(app).id).value == "text"
    # A link finds the same table, and so do the other pages.
    assert table(open_page("Data", dataset=loaded(app).id))["text"].tolist() == table(app)["text"].tolist()
    assert not go(app, "Clusters").exception


def test_what_is_said_of_the_reading_holds_for_each_file():
    app = upload_several(open_page("Data"), FILES)
    assert "each of the 2 files" in said(app)
    boxes = {box.label: box for box in app.selectbox}
    assert boxes["Delimiter"].value is None, "each has its own"
    boxes["Encoding"].set_value("cp1251")
    press(app, "Read again")
    assert not app.exception
    found = table(app)["text"].tolist()
    assert found[2] == TWO.encode("cp1252").decode("cp1251").splitlines()[1].split(";")[0]
    assert found[0] == "The parcel never came to my house", "another delimiter was not forced on it"
    assert loaded(app).options.encoding == "cp1251"
    # What was chosen for all can be taken back.
    next(box for box in app.selectbox if box.label == "Encoding").select_index(0)
    press(app, "Read again")
    assert loaded(app).options.encoding is None
    assert table(app)["text"][2] == "Meine Bestellung wäre da"


def test_the_rows_of_names_are_those_of_each_file_unless_they_are_said_to_be_the_same():
    titled = b"Export of June\n\ntext,topic\nWhere is the refund?,money\nIt came late,late\n"
    app = upload_several(open_page("Data"), {"may.csv": FILES["may.csv"], "june.csv": titled})
    assert list(table(app)) == ["file", "text", "topic"]
    assert "In may.csv\\: **Row 1 is taken for the names" in said(app) or "In may\\.csv: **Row 1 is taken" in said(app)
    press(app, "Read again")
    assert (loaded(app).options.header_rows, loaded(app).options.skip_rows) == (None, None)
    assert list(table(app)) == ["file", "text", "topic"], "the rows of the first are not forced on the second"
    next(box for box in app.checkbox if "same rows" in box.label).check()
    press(app, "Read again")
    assert (loaded(app).options.header_rows, loaded(app).options.skip_rows) == (1, 0)
    assert list(table(app)) != ["file", "text", "topic"]
    next(box for box in app.checkbox if "same rows" in box.label).uncheck()
    press(app, "Read again")
    assert list(table(app)) == ["file", "text", "topic"]


def test_one_that_cannot_be_read_is_named_and_the_others_can_be_used():
    app = upload_several(open_page("Data"), {**FILES, "picture *1*.csv": b"\x89PNG\r\n", "empty.csv": b""})
    assert not app.exception
    before = loaded(app).id
    assert before == "support_messages", "nothing was loaded"
    (message,) = heard(messages(app))
    assert "2 of 4 files cannot be read" in message
    assert "picture *1*.csv is a PNG picture" in message
    assert "empty.csv is empty" in message
    press(app, "Use the 2 that can be read")
    assert not app.exception
    assert not any("cannot be read" in message for message in messages(app))
    assert loaded(app).table.report.files == ("may.csv", "june.csv")


def test_files_of_one_name_stay_apart():
    app = upload_several(open_page("Data"), {"a.csv": b"text\ngood day\n"})
    content = ("a.csv", b"text\ngood day\n", "text/csv"), ("a.csv", b"text\nbad day\n", "text/csv")
    app.file_uploader[0].set_value(list(content)).run()
    assert table(app)["file"].tolist() == ["a.csv", "a_2.csv"]
    assert [name for name, _ in loaded(app).files] == ["a.csv", "a_2.csv"]


def test_all_together_are_held_to_the_limit(monkeypatch):
    monkeypatch.setenv("EMBEDLAB_MAX_UPLOAD_MIB", "1")
    limits.cache_clear()
    try:
        big = b"text\n" + b"good day\n" * 80_000
        app = upload_several(open_page("Data"), {"a.csv": big, "b.csv": big})
        assert heard(messages(app)) == [
            "All 2 files together have more than 1 MiB, the most that is read (EMBEDLAB_MAX_UPLOAD_MIB). Load "
            "fewer, or save them as Parquet, which is smaller."
        ]
    finally:
        monkeypatch.undo()
        limits.cache_clear()


def test_all_tables_of_a_zip_are_a_choice():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in FILES.items():
            target.writestr(f"2024/{name}", content)
    app = upload(open_page("Data"), "2024.zip", stream.getvalue())
    (box,) = (each for each in app.selectbox if each.label == "The file holds several tables")
    assert box.options == ["2024/may.csv", "2024/june.csv", "all its tables as one"]
    box.set_value("/").run()
    assert not app.exception
    assert table(app)["file"].tolist() == ["2024/may.csv"] * 2 + ["2024/june.csv"] * 2
    assert "all its tables as one" in said(app)
    assert loaded(app).options.part == "/"
    (box,) = (each for each in app.selectbox if each.label == "The file holds several tables")
    box.set_value("2024/june.csv").run()
    assert len(table(app)) == 2
