"""What a person does, in a real Chromium against the real server: from a deep link to a downloaded table."""

import csv
import io

from app_server import BROWSER_MARKS, asked_elsewhere, new_page, running_server, settle, upload

pytestmark = BROWSER_MARKS

TOPICS = {
    "delivery": ["The parcel is late", "My package has not arrived", "Where is my delivery?", "The courier never came"],
    "payment": [
        "My card was declined",
        "The payment failed twice",
        "I was charged two times",
        "My bank refused the payment",
    ],
    "praise": ["I love this shop", "Great service, thank you", "You are wonderful", "Best support I have ever had"],
}


def reviews():
    """A CSV as people have it: semicolons, a byte-order mark, quotes, umlauts, a blank text."""
    rows = [(topic, text, number) for topic, texts in TOPICS.items() for number, text in enumerate(texts)]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerows(
        [("Thema", "Bewertung", "Nr"), *rows, ("delivery", 'Grüße; "schnell" geliefert', 9), ("", " ", 10)]
    )
    return stream.getvalue().encode("utf-8-sig")


def test_from_a_deep_link_to_a_downloaded_table(tmp_path, page):
    with running_server(tmp_path) as site:
        walk_through(site, page)


def walk_through(site, page):
    # 1. A deep link is the first thing this server ever sees: the frame must be there.
    page.goto(f"{site}/Clusters?k_by=Chosen&k=3")
    settle(page)
    page.get_by_role("link", name="Data", exact=True).first.wait_for()
    page.locator(".map[data-drawn]").wait_for()

    # 2. Upload a file with the dirt real files have.
    page.get_by_role("link", name="Data", exact=True).first.click()
    settle(page)
    upload(page, "bewertungen.csv", reviews())
    page.get_by_role("heading", name="bewertungen.csv").wait_for()
    page.get_by_text("delimiter semicolon").wait_for()

    # 3. The map of it. The choice has followed, and sits in the address.
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    page.get_by_role("heading", name="Clusters", exact=True).wait_for()
    settle(page)
    assert "dataset=" in page.url
    boxes = {name: page.get_by_role("combobox", name=name).input_value() for name in ("Text column", "Label column")}
    assert boxes == {"Text column": "Bewertung", "Label column": "Thema"}
    chart = page.locator(".map")
    page.locator('.map[data-drawn="13"]').wait_for()
    link = page.url

    # 4. Draw a lasso around everything: all 13 texts that are not blank.
    chart.get_by_role("button", name="Lasso").click()
    box = chart.bounding_box()
    corners = [(0.01, 0.99), (0.01, 0.01), (0.99, 0.01), (0.99, 0.98)]
    page.mouse.move(box["x"] + box["width"] * 0.99, box["y"] + box["height"] * 0.99)
    page.mouse.down()
    for x, y in corners:
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=8)
    page.mouse.up()
    page.get_by_role("heading", name="13 selected").wait_for()

    # 5. Download.
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 13
    assert {"Thema", "Bewertung", "Nr", "cluster", "cluster_name", "x", "y"} <= set(rows[0])
    assert rows[-1]["Bewertung"] == 'Grüße; "schnell" geliefert'

    # 6. Search by meaning; the query shares no word with the best hit's topic.
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.get_by_role("heading", name="Search", exact=True).wait_for()
    page.get_by_label("What are you looking for?").fill("shipment delayed")
    page.get_by_label("What are you looking for?").press("Enter")
    page.get_by_role("heading", name="Where they lie").wait_for()
    settle(page)
    assert "query=shipment" in page.url

    # 7. The link reopens the same view in another session of this server.
    other = new_page(page.context.browser)
    other.goto(link)
    other.locator(".map[data-drawn]").wait_for()
    settle(other)
    assert other.get_by_role("combobox", name="Dataset").input_value() == "bewertungen.csv"
    other.context.close()

    # 8. Nothing left this machine, and nothing broke in the browser.
    assert not asked_elsewhere(page, site)
    assert not page.complaints


def many_texts(n):
    """A CSV of so many different texts, some seconds of work."""
    words = ["parcel", "lamp", "refund", "courier", "invoice", "battery", "colour", "voucher", "return", "delivery"]
    lines = [f"{words[i % 10]} {words[i // 10 % 10]} number {i} and the {words[i // 100 % 10]} of it" for i in range(n)]
    return "\n".join(["text", *(f"{line}, again and again, as it was written before" for line in lines)]).encode()


def texts_done(progress):
    """The first number of "Embedding 20,000 texts · 1,234 of 20,000 · …"."""
    return int(progress.inner_text().split("·")[1].split("of")[0].replace(",", ""))


def test_long_work_survives_leaving_and_can_be_stopped_and_taken_up_again(site, page, texts_a_second):
    n_texts = max(3_000, min(20_000, 1000 * round(8 * texts_a_second / 1000 + 1)))
    page.goto(f"{site}/Data")
    settle(page)
    upload(page, "many.csv", many_texts(n_texts))

    # 1. Progress with speed and time left.
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    progress = page.get_by_text(f"Embedding {n_texts:,} texts ·")
    progress.wait_for()
    page.get_by_text("s left").wait_for()

    # 2. It goes on while another page is open, and after a reload.
    page.get_by_role("link", name="Data", exact=True).first.click()
    page.get_by_role("heading", name="Data", exact=True).wait_for()
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    progress.wait_for()
    page.reload()
    progress.wait_for()
    while texts_done(progress) < n_texts / 2:
        page.wait_for_timeout(100)

    # 3. Stopped within a batch; taken up again, it starts from what was kept, not from nothing.
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text(f"Embedding {n_texts:,} texts: stopped.").wait_for()
    page.get_by_role("button", name="Start again").click()
    progress.wait_for()
    assert texts_done(progress) > n_texts / 4

    # 4. A search by somebody else meanwhile is answered.
    other = new_page(page.context.browser)
    other.goto(f"{site}/Search?query=late%20parcel&dataset=support_messages")
    other.get_by_role("heading", name="Where they lie").wait_for()
    other.context.close()

    # 5. The map, after a first picture.
    page.locator(f'.map[data-drawn="{n_texts}"]').first.wait_for()
    page.get_by_text("UMAP map, trustworthiness").wait_for()
    assert not page.complaints
