"""Names over several rows, long names, names in tables of one column: what survey tools and spreadsheets write."""

import pytest

from embedlab.errors import InvalidInputError, TableError
from embedlab.reading import read_table

IDS = ["startDate", "endDate", "progress", "duration", "recordedDate", "_recordId", "QID1", "QID2_TEXT", "QID3_TEXT"]
IMPORT_IDS = ",".join(f'"{{""ImportId"":""{each}""}}"' for each in IDS)
QUALTRICS = f"""StartDate,EndDate,Progress,Duration (in seconds),RecordedDate,ResponseId,Q1,Q2,Q3_TEXT
Start Date,End Date,Progress,Duration (in seconds),Recorded Date,Response ID,How satisfied are you with the delivery?,"\
What could we do better in the future, and why would that matter to you?",Anything else? - Text
{IMPORT_IDS}
2024-01-02 10:00:00,2024-01-02 10:04:00,100,240,2024-01-02 10:04:01,R_1a,4,The parcel came three days late,
2024-01-02 11:00:00,2024-01-02 11:02:00,100,120,2024-01-02 11:02:01,R_2b,5,Nothing at all,Thank you
"""
SURVEYMONKEY = """Respondent ID,Collector ID,Start Date,Which of these did you use?,,,What should we improve?
,,,Phone,E-mail,Other (please specify),Open-Ended Response
118,4,01/02/2024 10:00:00 AM,Phone,,,The hold music is far too loud
119,4,01/02/2024 11:00:00 AM,,E-mail,,Answers take a week
120,4,01/02/2024 11:30:00 AM,,E-mail,Letter,Nothing
"""
OLD_QUALTRICS = """Q1,Q2,Q3
How was the food?,How was the room?,What would you change?
Great and plenty of it,Small but clean,More light in the bath
Cold,Loud at night,The beds
Fine,Fine,Nothing really
"""
GROUPED = """,2023,,2024,
Product,Sales,Returns,Sales,Returns
lamp,10,1,12,2
chair,20,3,19,4
"""
PANDAS = """,Sales,Sales,Cost
,Q1,Q2,Q1
region,,,
north,1,2,3
south,4,5,6
"""
LONG = "What could we have done better to make your most recent stay with us a more pleasant one?"


@pytest.mark.parametrize(
    ("content", "header_rows", "names", "n_rows"),
    [
        (
            QUALTRICS,
            3,
            [
                "StartDate", "EndDate", "Progress", "Duration (in seconds)", "RecordedDate", "ResponseId",
                "Q1 – How satisfied are you with the delivery?",
                "Q2 – What could we do better in the future, and why would that matter to you?",
                "Q3_TEXT – Anything else? - Text",
            ],
            2,
        ),
        (
            SURVEYMONKEY,
            2,
            [
                "Respondent ID", "Collector ID", "Start Date", "Which of these did you use? – Phone",
                "Which of these did you use? – E-mail", "Which of these did you use? – Other (please specify)",
                "What should we improve?",
            ],
            3,
        ),
        (
            OLD_QUALTRICS,
            2,
            ["Q1 – How was the food?", "Q2 – How was the room?", "Q3 – What would you change?"],
            3,
        ),
        (GROUPED, 2, ["Product", "2023 – Sales", "2023 – Returns", "2024 – Sales", "2024 – Returns"], 2),
        (PANDAS, 3, ["region", "Sales – Q1", "Sales – Q2", "Cost – Q1"], 2),
        (f"id,{LONG}\n7,Nothing\n8,More towels please\n", 1, ["id", LONG], 2),
        (f'"{LONG}"\nNothing\nMore towels please\nThe wifi\nBreakfast\nAll good\n', 1, [LONG], 5),
        ("verbatim\nvery good\ntoo late\nmeh\n", 1, ["verbatim"], 3),
        ("utt_clean\nplay some music\nturn it off\nset a timer\n", 1, ["utt_clean"], 3),
        ("의견\n배송이 늦었어요\n좋아요\n", 1, ["의견"], 2),
    ],
    ids=[
        "ImportId", "Response", "questions below codes", "groups of years", "pandas", "long name", "one long question",
        "a usual name", "what programs write", "Korean",
    ],
)  # fmt: skip
def test_rows_of_names_are_found(content, header_rows, names, n_rows):
    table = read_table(content.encode(), name="survey.csv")
    assert list(table.frame.columns) == names
    assert (table.report.header_rows, table.report.n_rows) == (header_rows, n_rows)
    assert table.report.header_reason
    assert any("rows hold the names" in note for note in table.report.notes) is (header_rows > 1)


@pytest.mark.parametrize(
    "content",
    [
        "name,age,height\nBob,unknown,tall\nAnn,30,170\n",
        "text,label\nWhere is it?,a\nI love it,b\nWhere are you?,a\n",
        "text,,label\nhello there,cat,pos\ngood bye,dog,neg\n",
        "tag,tag,text\nred,blue,a lamp\ngreen,grey,a chair\n",
        "Q1,Q2\nyes,no\nno,yes\nyes,yes\n",
    ],
    ids=["words among few numbers", "questions as texts", "a name is missing", "a name stands twice", "short answers"],
)
def test_a_first_row_of_data_is_not_taken_for_names(content):
    """What would be lost in silence is worse than a name that is kept as a row."""
    table = read_table(content.encode(), name="table.csv")
    assert table.report.header_rows == 1
    assert table.report.n_rows == content.count("\n") - 1


def test_texts_without_names_stay_texts():
    """A list whose first text is a question among others, or among too few."""
    for texts in (
        ["Where is my order?", "Thank you", "Is it late?", "Bye", "No", "Hm"],
        ["Where is my parcel now?", "Ok"],
    ):
        assert read_table("\n".join(texts).encode(), name="a.csv").report.n_rows == len(texts)


def test_what_is_chosen_by_hand_is_followed():
    content = b"Export of May\nmade by: us\na,b\nx,y\n1,2\n3,4\n"
    chosen = read_table(content, skip_rows=2, header_rows=2)
    assert list(chosen.frame.columns) == ["a – x", "b – y"]
    assert chosen.frame.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert chosen.report.skip_rows == 2
    none = read_table(content, skip_rows=2, header_rows=0)
    assert none.frame.to_numpy().tolist() == [["a", "b"], ["x", "y"], ["1", "2"], ["3", "4"]]


def test_the_first_rows_are_told_as_they_stand():
    report = read_table(b"a title\n\ntext,n\nhello there,1\nbye,2\n").report
    assert report.head[:2] == ((1, ("a title",)), (3, ("text", "n")))
    assert (report.skip_rows, report.header_rows) == (2, 1)


def test_numbered_columns_are_said():
    report = read_table(b"one thing,1\nanother thing,2\n").report
    assert "so the columns are numbered" in report.notes[0]


def test_numbers_of_rows_that_are_none():
    with pytest.raises(InvalidInputError, match="header_rows"):
        read_table(b"a,b\n1,2\n", header_rows=-1)
    with pytest.raises(TableError, match="nothing below the 9 lines"):
        read_table(b"a,b\n1,2\n", skip_rows=9)


@pytest.mark.parametrize(
    ("names", "texts", "labels"),
    [
        (
            ["お問い合わせ内容", "分類"],
            ["荷物が届きません", "返品したいです", "電池がすぐ切れる"],
            ["配送", "返品", "品質"],
        ),
        (["用户反馈", "类型"], ["包裹没到", "我要退货", "电池不耐用"], ["物流", "退货", "质量"]),
        (["문의내용", "유형"], ["택배가 안 왔어요", "환불해 주세요", "배터리가 빨리 닳아요"], ["배송", "환불", "품질"]),
        (["ข้อความลูกค้า", "หมวด"], ["พัสดุยังไม่มา", "ขอคืนสินค้า", "แบตหมดเร็ว"], ["ขนส่ง", "คืน", "คุณภาพ"]),
        (["نص الشكوى", "الصنف"], ["لم يصل الطرد", "أريد إرجاع المنتج", "البطارية ضعيفة"], ["شحن", "إرجاع", "جودة"]),
        (["शिकायत", "वर्ग"], ["पार्सल नहीं आया", "वापस करना है", "दो बार पैसे कटे"], ["डिलीवरी", "वापसी", "बिल"]),
        (["תוכן הפנייה", "נושא"], ["החבילה לא הגיעה", "אני רוצה להחזיר", "המסך נשבר"], ["משלוח", "החזרה", "איכות"]),
    ],
)
def test_names_over_short_texts_in_any_script(names, texts, labels):
    """No name is a usual one, and no text much longer than its name; but labels come again, and the name is none."""
    rows = [(f"{text} {i}", label) for i in range(4) for text, label in zip(texts, labels, strict=True)]
    content = "\n".join(",".join(row) for row in [names, *rows]).encode()
    table = read_table(content, name="a.csv")
    assert list(table.frame.columns) == names
    assert table.frame.to_numpy().tolist() == [list(row) for row in rows]
    without = read_table("\n".join(",".join(row) for row in rows).encode(), name="a.csv")
    assert without.report.header_rows == 0
