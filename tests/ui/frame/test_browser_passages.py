"""In a real Chromium: long documents from the upload to passages, a search, and the document that was found."""

import pytest
from app_server import BROWSER_MARKS, choose, settle, upload

pytestmark = BROWSER_MARKS

SENTENCES = ["The lamp is dark.", "The bulb is cold.", "My parcel never came.", "I want my money back."]


def letter(number):
    """A page of text; what only one of them says stands behind the 256 tokens that the model reads."""
    lines = [SENTENCES[(number + i) % 4] for i in range(100)]
    lines[80] = f"The violin number {number} has lost a string." if number == 3 else lines[80]
    return " ".join(lines)


CONTENT = "text,n\n" + "".join(f"{letter(number)},{number}\n" for number in range(8))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_behind_the_limit_is_found_in_a_passage(site, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/Data")
    settle(page)
    upload(page, "letters.csv", CONTENT.encode())
    page.get_by_text("8 of 8 texts are longer, and are cut.").wait_for()
    settle(page)
    choose(page, "Long texts", "Split into passages")
    page.get_by_text("passages of 8 texts, of which 8 were split").wait_for()
    settle(page)
    assert "long=passages" in page.url
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.get_by_label("What are you looking for?").fill("a violin without a string")
    page.keyboard.press("Enter")
    hits = page.get_by_test_id("stDataFrame").first
    hits.wait_for()
    settle(page)
    # What the table draws on its canvas stands in hidden cells as well: eight documents, the one with the violin first.
    found = page.locator('td[role="gridcell"]', has_text="document 4, passage")
    found.first.wait_for(state="attached")
    assert found.count() == 1
    assert "violin number 3" in page.locator('td[role="gridcell"]', has_text="The violin").first.text_content()
    hits.click(position={"x": 16, "y": 50})
    page.get_by_role("button", name="Read the document").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("has lost a string").wait_for()
    marked = dialog.locator("span", has_text="The violin number 3 has lost a string").last
    assert marked.evaluate("(element) => getComputedStyle(element).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert dialog.get_by_text("Document 4, passage").is_visible()
    marked.scroll_into_view_if_needed()
    page.keyboard.press("Escape")
    assert page.complaints == []
