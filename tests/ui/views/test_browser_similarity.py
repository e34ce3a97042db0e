"""The similarity matrix as a person uses it, in a real Chromium: a click on a cell, a box around a part."""

from app_server import BROWSER_MARKS, point_at, settle

pytestmark = BROWSER_MARKS


def drawn(page):
    """The area of the first chart that takes the mouse, once it stands still."""
    area = page.locator(".js-plotly-plot .nsewdrag").first
    area.wait_for(state="attached")
    settle(page)
    area.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    return area.bounding_box()


def test_a_clicked_cell_shows_its_texts_and_what_was_under_the_pointer(site, page):
    page.goto(f"{site}/Similarity")
    box = drawn(page)
    point_at(page, box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"], page.locator(".hovertext"))
    cosine = page.locator(".hovertext").first.text_content()[: len("0.123")]
    page.mouse.down()
    page.mouse.up()
    page.get_by_text("Cosine of the two").wait_for()
    settle(page)
    assert page.get_by_test_id("stMetricValue").filter(has_text=cosine).count() >= 1
    assert page.complaints == []


def test_a_box_leads_into_the_image_down_to_the_cells_and_back(site, page):
    page.goto(f"{site}/Similarity?matrix_texts=All+texts")
    page.get_by_text("Draw a box to look closer").wait_for()
    box = drawn(page)
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.6 * box["height"], steps=8)
    page.mouse.up()
    page.get_by_text("Click a cell to compare").wait_for()
    settle(page)
    page.get_by_role("button", name="Back").click()
    page.get_by_text("Draw a box to look closer").wait_for()
    assert page.complaints == []
