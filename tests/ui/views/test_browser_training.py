"""From a file to a model of one's own, in a real Chromium: trained, judged, looked at, kept, and used to search."""

import re

import pytest
from app_server import BROWSER_MARKS, asked_elsewhere, new_page, settle, upload

pytestmark = BROWSER_MARKS

TOPICS = {
    "billing": "invoice, refund, receipt, price, card, discount, payment, credit note, fee, tax, voucher, deposit",
    "delivery": "parcel, package, courier, address, box, tracking, shipment, customs, driver, door, label, pallet",
}
CSV = "\n".join(
    [
        "text,topic",
        *(f"There is a fault with the {word},{name}" for name, words in TOPICS.items() for word in words.split(", ")),
    ]
).encode()
# On busy cores a training and its verdict take minutes.
PATIENCE = 500_000


@pytest.mark.timeout(1200)
def test_from_a_file_to_a_model_that_searches(site, browser):
    page = new_page(browser, viewport={"width": 1280, "height": 1400}, color_scheme="dark")
    page.goto(f"{site}/Data")
    settle(page)
    dataset = upload(page, "faults.csv", CSV)

    # 1. What the columns are is found, the split is said, and nothing has begun.
    page.goto(f"{site}/Training?dataset={dataset}&epochs=1&batch=8&frozen=6&share=50")
    train = page.get_by_role("button", name="Train", exact=True)
    train.wait_for(timeout=PATIENCE)
    settle(page)
    assert page.get_by_role("combobox", name="Learn from").input_value() == "A label for each text"
    page.get_by_text("are held out to judge by").wait_for()

    # 2. By keyboard: the curves come while it learns, then the verdict, before everything else.
    train.focus()
    page.keyboard.press("Enter")
    page.get_by_text("A falling loss says").wait_for(timeout=PATIENCE)
    keep = page.get_by_role("button", name="Keep", exact=True)
    keep.wait_for(timeout=PATIENCE)
    settle(page)
    page.get_by_text(re.compile("^(Better|In part|No better|Worse)")).first.wait_for()
    page.get_by_text("Yours, held out").wait_for()

    # 3. The points of the map fly from their places before to those after, and back.
    page.get_by_role("radio", name="Map", exact=True).click()
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    assert page.locator(".map").get_attribute("data-flown") is None
    page.get_by_role("radio", name="After", exact=True).click()
    page.locator(".map[data-flown]").wait_for()
    settle(page)
    assert "view=Map" in page.url
    assert "map_of=After" in page.url

    # 4. Kept under a name, it is the model on every page, Search among them.
    page.get_by_role("textbox", name="Name").fill("faults")
    page.keyboard.press("Tab")
    settle(page)
    keep.click()
    page.get_by_text("is kept, and chosen on every page").wait_for()
    settle(page)
    kept = re.search("model=(faults-[0-9a-f]+)", page.url)[1]
    page.get_by_role("link", name="Search", exact=True).last.click()
    page.get_by_label("What are you looking for?").fill("money back")
    page.keyboard.press("Enter")
    page.get_by_test_id("stDataFrame").first.wait_for(timeout=PATIENCE)
    settle(page)
    assert page.get_by_role("combobox", name="Embedding model").input_value() == kept
    assert page.complaints == []
    assert asked_elsewhere(page, site) == []
