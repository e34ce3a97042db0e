"""A report card as a person reads it, in a real Chromium: a cell is clicked, then chosen by keyboard."""

import re

import pytest
from app_server import BROWSER_MARKS, new_page, point_at, settle

pytestmark = BROWSER_MARKS

LINK = "run=1&languages=English&probes=Typing+errors,Negation&candidates=static-all-MiniLM-L6-v2"


def cell(page, column, row):
    """The middle of a cell of the table of two columns and two rows."""
    box = page.get_by_test_id("stPlotlyChart").locator(".nsewdrag").first.bounding_box()
    return box["x"] + box["width"] * (column + 0.5) / 2, box["y"] + box["height"] * (row + 0.5) / 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_click_on_a_cell_lists_its_contests(site, browser, scheme):
    page = new_page(browser, viewport={"width": 1280, "height": 1400}, color_scheme=scheme)
    page.goto(f"{site}/Probes?{LINK}")
    # The averaged word vectors may have to be distilled first.
    page.get_by_test_id("stDataFrame").wait_for()
    settle(page)

    # 1. A click chooses model and probe; a second one on the same cell takes nothing back.
    for _ in range(2):
        page.mouse.click(*cell(page, 0, 1))
        page.wait_for_url(re.compile("card_model=tf-idf"))
        settle(page)
        page.get_by_text("A misspelt query finds other things").wait_for()

    # 2. The box beside it moves the frame, and the same cell can be clicked again.
    page.get_by_label("Probe", exact=True).last.press("ArrowDown")
    page.get_by_role("option", name="Negation").click()
    page.get_by_text("A statement and its denial are taken for duplicates").wait_for()
    settle(page)
    page.mouse.click(*cell(page, 0, 1))
    page.get_by_text("A misspelt query finds other things").wait_for()

    # 3. The box under the pointer has the interval; a link reopens the cell; nothing went elsewhere.
    point_at(page, *cell(page, 1, 0), page.locator(".hoverlayer").get_by_text("chance 0.5"))
    settle(page)
    page.goto(page.url)
    page.get_by_text("A misspelt query finds other things").wait_for()
    assert page.complaints == []
    assert all(url.startswith((site, "data:", "blob:")) for url in page.requested)
