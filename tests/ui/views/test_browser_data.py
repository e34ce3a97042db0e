"""In a real Chromium: files as people have them, from the upload to named clusters."""

import io
import zipfile

import openpyxl
import pytest
from app_server import BROWSER_MARKS, settle, upload

pytestmark = BROWSER_MARKS

ANSWERS = [
    *("The parcel came late", "My parcel was late again", "A late parcel, as always", "The parcel is still late"),
    *("The lamp broke at once", "A broken lamp", "My lamp was broken", "The lamp broke after a day"),
]
QUESTION = "What could we do better in the future, so that you would recommend us to your friends?"


def survey():
    """What Qualtrics writes: ids, questions, ids of its database, and the answers."""
    ids = ",".join(f'"{{""ImportId"":""{name}""}}"' for name in ("startDate", "duration", "QID1_TEXT"))
    head = f'StartDate,Duration,Q1\nStart Date,Duration (in seconds),"{QUESTION}"\n{ids}\n'
    return (head + "".join(f"2024-01-0{i + 1} 10:00:00,{40 + i},{text}\n" for i, text in enumerate(ANSWERS))).encode()


def workbook():
    """A sheet of keys, and the texts on the second one."""
    book = openpyxl.Workbook()
    book.active.title = "Keys"
    for row in [("code", "n"), ("a", 1), ("b", 2)]:
        book.active.append(row)
    sheet = book.create_sheet("Answers")
    for row in [("comment", "stars"), *((text, i) for i, text in enumerate(ANSWERS))]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive():
    """A zip as a Macintosh packs it: one table, and what nobody asked for."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("export/answers.csv", "comment,stars\n" + "".join(f"{text},3\n" for text in ANSWERS))
        target.writestr("__MACOSX/export/._answers.csv", b"\0\1\2")
    return stream.getvalue()


def see_named_clusters(page):
    """Go to the clusters, and find what they are about in their names."""
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    page.get_by_role("heading", name="Clusters", exact=True).wait_for()
    page.locator(f'.map[data-drawn="{len(ANSWERS)}"]').wait_for()
    settle(page)
    for word in ("parcel", "lamp"):  # what a table draws on its canvas stands in hidden cells as well
        page.locator('td[role="gridcell"]', has_text=word).first.wait_for(state="attached")
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_survey_with_three_rows_of_names(site, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/Data")
    settle(page)
    upload(page, "survey.csv", survey())
    assert page.get_by_role("combobox", name="Text column").input_value() == f"Q1 – {QUESTION}"
    page.get_by_text("3 rows hold the names of the columns").wait_for()
    see_named_clusters(page)


def test_a_workbook_with_the_texts_on_the_second_sheet(site, page):
    page.goto(f"{site}/Data")
    settle(page)
    first = upload(page, "answers.xlsx", workbook())
    page.get_by_role("combobox", name="The file holds several tables").click()
    page.get_by_role("option", name="Answers").click()
    page.wait_for_url(lambda url: "dataset=" in url and first not in url)
    settle(page)
    assert page.get_by_role("combobox", name="Text column").input_value() == "comment"
    see_named_clusters(page)


def test_a_zip_with_one_table(site, page):
    page.goto(f"{site}/Data")
    settle(page)
    upload(page, "export.zip", archive())
    assert page.get_by_role("combobox", name="Text column").input_value() == "comment"
    see_named_clusters(page)


def months():
    """The answers in two files that are not written alike."""
    first, last = ANSWERS[:4], ANSWERS[4:]
    may = "comment,stars\n" + "".join(f'"{text}",3\n' for text in first)
    return {"may.csv": may, "june.csv": "stars;comment\n" + "".join(f"4;{text}\n" for text in last)}


def test_two_files_and_one_that_cannot_be_read(site, page):
    page.goto(f"{site}/Data")
    settle(page)
    files = {**months(), "empty.csv": ",,\n"}
    page.locator('input[type="file"]').first.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in files.items()]
    )
    page.get_by_text("empty.csv is blank").wait_for()
    page.get_by_role("button", name="Use the 2 that can be read").click()
    page.wait_for_url(lambda url: "dataset=" in url)
    settle(page)
    page.get_by_text("2 files · CSV · 8 rows · 3 columns").wait_for()
    assert page.get_by_role("combobox", name="Text column").input_value() == "comment"
    see_named_clusters(page)


def test_all_tables_of_a_zip(site, page):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in months().items():
            target.writestr(f"2024/{name}", text)
    page.goto(f"{site}/Data")
    settle(page)
    first = upload(page, "2024.zip", stream.getvalue())
    page.get_by_role("combobox", name="The file holds several tables").click()
    page.get_by_role("option", name="all its tables as one").click()
    page.wait_for_url(lambda url: "dataset=" in url and first not in url)
    settle(page)
    page.get_by_text("8 rows · 3 columns").wait_for()
    see_named_clusters(page)
