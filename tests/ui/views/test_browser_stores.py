"""From a file into a store, judged, asked, and out of it again, in a real Chromium; and a link to a store."""

import re

import pytest
from app_server import BROWSER_MARKS, asked_elsewhere, new_page, settle, upload

pytestmark = BROWSER_MARKS

THINGS = {"late": "The parcel {} has not come yet", "lamp": "A lovely lamp number {} that is bright and warm"}
CSV = "\n".join(
    ["ticket,text,topic,stars"]
    + [f"t{n}-{topic},{words.format(n)},{topic},{n % 5 + 1}" for n in range(30) for topic, words in THINGS.items()]
).encode()
PATIENCE = 240_000


def choose(page, name, typed, option):
    """Choose in a box that is typed into."""
    box = page.get_by_role("combobox", name=name, exact=True)
    box.click()
    box.fill(typed)
    page.get_by_role("option", name=option).first.click()
    settle(page)


@pytest.mark.timeout(1200)
def test_into_a_store_and_out_of_it(site, browser, tmp_path):
    page = new_page(browser, viewport={"width": 1280, "height": 1200}, color_scheme="dark")
    page.goto(f"{site}/Data")
    settle(page)
    dataset = upload(page, "tickets.csv", CSV)

    # 1. A store of her own is typed; a folder that is not there is made.
    page.goto(f"{site}/Stores?dataset={dataset}")
    settle(page)
    address = f"lancedb://{tmp_path / 'store'}"
    box = page.get_by_role("combobox", name="Store", exact=True)
    box.click()
    box.fill(address)
    page.keyboard.press("Enter")
    page.get_by_text("Nothing is in this store yet").wait_for(timeout=PATIENCE)
    settle(page)

    # 2. Written by keyboard, then again: nothing is written twice.
    write = page.get_by_role("button", name="Write 60 texts")
    write.focus()
    page.keyboard.press("Enter")
    page.get_by_text("60 rows are new, 0 were replaced").wait_for(timeout=PATIENCE)
    settle(page)
    page.get_by_role("button", name="Write 60 texts").click()
    page.get_by_text("60 were there as they are").wait_for(timeout=PATIENCE)
    settle(page)

    # 3. Judged, with a condition beside all rows, and other settings tried: a curve with the setting to take.
    page.get_by_role("radio", name="Judge", exact=True).click()
    page.get_by_role("button", name="Judge", exact=True).wait_for(timeout=PATIENCE)
    settle(page)
    choose(page, "Only rows where", "topic", "topic")
    page.get_by_role("button", name="Judge", exact=True).click()
    page.get_by_text("Rows that pass the condition").wait_for(timeout=PATIENCE)
    assert page.get_by_text(re.compile(r"Recall@10 is 1\.000")).count() == 2
    page.get_by_role("button", name="Try other settings").click()
    page.get_by_text("is the fastest with a recall of").wait_for(timeout=PATIENCE)
    page.get_by_test_id("stPlotlyChart").locator(".scatterlayer .point").first.wait_for(timeout=PATIENCE)

    # 4. Asked under the same condition, and the link reopens it.
    page.get_by_role("radio", name="Ask", exact=True).click()
    query = page.get_by_label("What are you looking for?")
    query.wait_for(timeout=PATIENCE)
    settle(page)
    query.fill("where is my package?")
    page.keyboard.press("Enter")
    page.get_by_test_id("stDataFrame").nth(1).wait_for(timeout=PATIENCE)
    settle(page)
    link = page.url
    assert "view=Ask" in link
    assert "store=lancedb" in link

    # 5. What is in it becomes a data set with the vectors it has there.
    page.get_by_role("radio", name="Open", exact=True).click()
    page.get_by_role("button", name="Open as a data set").wait_for(timeout=PATIENCE)
    settle(page)
    page.get_by_role("button", name="Open as a data set").click()
    page.get_by_text("60 rows of tickets are the chosen data set.").wait_for(timeout=PATIENCE)
    settle(page)
    page.get_by_test_id("stMain").get_by_role("link", name="Duplicates").click()
    page.get_by_role("heading", name="Duplicates", exact=True).wait_for(timeout=PATIENCE)
    settle(page)
    page.get_by_text("The vectors you have brought for these texts.").wait_for(timeout=PATIENCE)
    assert page.complaints == []
    assert not asked_elsewhere(page, site)

    # 6. Somebody who follows the link is asked before the store is opened.
    other = new_page(browser, viewport={"width": 1920, "height": 1200})
    other.goto(link)
    other.get_by_text("The link leads to a store").wait_for(timeout=PATIENCE)
    settle(other)
    other.get_by_role("button", name="Open this store").click()
    other.get_by_text("What are you looking for?").wait_for(timeout=PATIENCE)
    settle(other)
    assert other.complaints == []
