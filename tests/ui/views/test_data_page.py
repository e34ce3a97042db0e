"""What the Data page says of the columns and of what a model does not read, and what a person answers."""

import json
import pickle

import pyarrow as pa
import pytest
from awkward import binary
from page_app import go, messages, metrics, open_page, press, said, table, upload, uploaded

from embedlab.ui.tasks import reading
from embedlab.ui.views.data.columns import TABLE_ALT

SENTENCES = [f"The parcel number {number} never came to my house." for number in range(24)]
THAI = ["พัสดุของฉันยังไม่มาถึงเลย", "ฉันรอคำตอบมาสามสัปดาห์แล้ว", "หลอดไฟเสียตั้งแต่วันแรกที่ซื้อมา", "ขอเงินคืนด้วยครับสินค้าไม่ตรงปก"]
EMOJI = ["🙈🙉🙊", "🫠🫠", "🦤", "🪩🪩🪩"]


def csv(**columns):
    rows = zip(*columns.values(), strict=True)
    return "\n".join(",".join(row) for row in [list(columns), *rows]).encode()


def columns_of(app):
    return table(app, TABLE_ALT).set_index("Column")


def test_each_column_is_shown_with_what_it_was_taken_for():
    topics = ["late", "N/A", "", "lost"] * 6
    prices = [f"{number}.50" for number in range(23)] + ["free"]
    app = open_page("Data", dataset=uploaded("mails.csv", csv(text=SENTENCES, topic=topics, price=prices)))
    assert not app.exception
    shown = columns_of(app)
    assert shown["Kind"].to_dict() == {"text": "text", "topic": "label", "price": "number"}
    assert shown["Filled"].to_dict() == {"text": 1.0, "topic": 0.5, "price": 1.0}
    assert shown["Different"].to_dict() == {"text": 24, "topic": 2, "price": 24}
    assert shown.loc["topic", "Missing"] == "12: N/A (6), blank (6)"
    assert shown.loc["topic", "Examples"] == "late · lost"
    assert shown.loc["price", "Note"] == "1 of 24 cells are no numbers: 'free' (1)."
    assert "The column text looks most like texts, because it is called as texts usually are" in said(app)


def test_a_sample_of_the_app_is_described_but_not_read_again():
    app = open_page("Data", dataset="refrigerators")
    assert not app.exception
    assert "text" in columns_of(app)["Kind"].tolist()
    assert not [button for button in app.button if button.label == "Read again with these"]


def test_a_person_says_which_words_mean_missing():
    id_ = uploaded("mails.csv", csv(text=SENTENCES, topic=["late", "nobody knows", "N/A"] * 8))
    app = open_page("Data", dataset=id_)
    assert columns_of(app).loc["topic", "Missing"] == "8: N/A (8)"
    app.text_input(key=f"missing-{id_}").set_value("Nobody knows")
    press(app, "Read again with these")
    assert not app.exception
    assert columns_of(app).loc["topic", "Missing"] == "8: nobody knows (8)"
    assert columns_of(app).loc["topic", "Examples"] == "late · N/A"
    assert table(app)["topic"].tolist()[:3] == ["late", "nobody knows", "N/A"], "no cell changes"
    link = app.query_params["dataset"]
    again = open_page("Data", dataset=link[0] if isinstance(link, list) else link)
    assert columns_of(again).loc["topic", "Missing"] == "8: nobody knows (8)"


def test_the_order_of_day_and_month_is_asked_for_where_no_cell_settles_it():
    days = [f"{day:02d}/{month:02d}/2024" for day in range(1, 5) for month in range(1, 7)]
    id_ = uploaded("mails.csv", csv(text=SENTENCES, sent=days))
    app = open_page("Data", dataset=id_)
    assert "month first; no cell settles" in columns_of(app).loc["sent", "Note"]
    app.selectbox(key=f"day-first-{id_}").set_value(True)
    press(app, "Read again with these")
    assert not app.exception
    assert columns_of(app).loc["sent", "Kind"] == "date"
    assert not columns_of(app).loc["sent", "Note"]
    settled = uploaded("settled.csv", csv(text=SENTENCES, sent=[*days[:-1], "31/12/2024"]))
    assert not [box for box in open_page("Data", dataset=settled).selectbox if box.key == f"day-first-{settled}"]


def test_texts_that_are_cut_or_not_read_are_counted_and_listed():
    long = " ".join(["The parcel never came to my house and nobody answers."] * 60)
    app = open_page("Data", dataset=uploaded("mails.csv", csv(text=[*SENTENCES, *EMOJI, long])))
    assert not app.exception
    assert metrics(app)["Cut by the model"] == "1"
    assert metrics(app)["Not read"] == "4"
    listed = {each.label: each for each in app.expander}
    assert any("cuts 1 of 29 texts" in label.replace("\\", "") for label in listed)
    (unread,) = (frame.value for frame in app.dataframe if "unknown" in frame.value)
    assert unread["text"].tolist() == EMOJI
    assert unread["row"].tolist() == [25, 26, 27, 28]


def test_languages_are_named_and_a_model_that_was_not_trained_for_one_is_said():
    app = open_page("Data", dataset=uploaded("mails.csv", csv(text=THAI * 6)))
    assert not app.exception
    assert "Thai" in said(app)
    assert any("Thai" in message for message in messages(app))


@pytest.mark.parametrize("title", ["Search", "Clusters", "Duplicates"])
def test_pages_whose_finding_suffers_warn_of_what_is_not_read(title):
    mixed = uploaded("mails.csv", csv(text=[*SENTENCES, *EMOJI]))
    app = open_page(title, dataset=mixed, **({"query": "a lost parcel"} if title == "Search" else {}))
    assert not app.exception
    assert any("cannot read 4 of 28 texts" in message.replace("\\", "") for message in messages(app))
    plain = open_page(title, dataset=uploaded("plain.csv", csv(text=SENTENCES)))
    assert not any("cannot read" in message for message in messages(plain))


def test_tokens_of_many_texts_are_counted_in_a_sample_and_that_is_said(monkeypatch):
    monkeypatch.setattr(reading, "SAMPLED_TEXTS", 10)
    id_ = uploaded("mails.csv", csv(text=[*SENTENCES, *EMOJI * 4]))
    app = open_page("Data", dataset=id_)
    assert not app.exception
    assert "Tokens are counted in 10 of 40 texts, drawn at random." in said(app)
    assert metrics(app)["Cut by the model"] == "0 of 10"
    assert metrics(app)["Texts to embed"] == "40"
    (unread,) = (frame.value for frame in app.dataframe if "unknown" in frame.value)
    rows = table(app)["text"]
    assert [rows[row - 1] for row in unread["row"]] == unread["text"].tolist(), "rows are those of the table"
    app = go(app, "Clusters")
    assert any("counted in 10 of 40 texts" in message for message in messages(app))


# What people have beside tables, each with what it is called in the sentence that refuses it.
NO_TABLES = {
    "vectors.npz": (binary.archive({"arr_0.npy": "x"}), "several arrays of NumPy"),
    "model.pt": (binary.archive({"model/data.pkl": "x"}), "a model of PyTorch"),
    "old.pkl": (pickle.dumps(["a b"], 0), "a pickle"),
    "data.h5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file"),
    "survey.sav": (b"$FL2@(#) SPSS DATA FILE" + bytes(99), "a file of SPSS"),
    "letter.docx": (binary.archive({"word/document.xml": "x"}), "a Word document"),
    "book.epub": (binary.archive({"META-INF/container.xml": "x"}), "a book"),
    "mail.eml": (b"Received: by x\nFrom: a@b.c\nDate: today\n\nhello\n", "a mail"),
    "mail.msg": (binary.office("__substg1.0_"), "a mail of Outlook"),
}


def test_what_is_no_table_is_called_what_it_is():
    """In our own words, whatever the ending: the page takes any file."""
    app = open_page("Data")
    for name, (content, kind) in NO_TABLES.items():
        app = upload(app, name, content)
        assert not app.exception
        (error,) = app.error
        assert f"{name.rpartition('.')[0]}" in error.value
        assert f"is {kind}" in error.value
        assert "not a table" in error.value


def test_a_chat_of_an_account_is_chosen():
    """An export of Telegram: all chats, and then one of them."""
    chats = [
        {"name": name, "type": "personal_chat", "id": number, "messages": [
            {"id": 1, "type": "message", "date": "2024-01-05T10:00:00", "from": name, "text": f"{text} from {name}"}
            for text in SENTENCES
        ]}
        for number, name in enumerate(["Anna", "Ben"])
    ]  # fmt: skip
    app = open_page("Data", dataset=uploaded("result.json", json.dumps({"chats": {"list": chats}}).encode()))
    assert table(app)["chat"].tolist() == ["Anna"] * 24 + ["Ben"] * 24
    parts = next(box for box in app.selectbox if box.label == "The file holds several tables")
    assert parts.options == ["the whole file", "Anna", "Ben"]
    app = parts.set_value("Ben").run()
    assert not app.exception
    assert table(app)["speaker"].tolist() == ["Ben"] * 24


def test_an_arrow_file_is_read():
    stream = pa.BufferOutputStream()
    rows = pa.table({"text": SENTENCES})
    with pa.ipc.new_file(stream, rows.schema) as file:
        file.write_table(rows)
    app = open_page("Data", dataset=uploaded("mails.feather", stream.getvalue().to_pybytes()))
    assert "Arrow · 24 rows" in said(app)
