"""What a cosine means, in a real Chromium: by the keyboard, and a threshold taken along with one click, twice."""

import re

from app_server import BROWSER_MARKS, settle

pytestmark = BROWSER_MARKS


def take(page, rate):
    """Allow so many false matches, take the threshold to Search with one click, and return it as it stands there."""
    box = page.get_by_role("combobox", name="False matches, at most")
    box.click()
    page.get_by_role("option", name=rate, exact=True).click()
    settle(page)
    link = page.get_by_role("link", name="Search for hits from")
    wanted = re.search(r"from ([\d.]+) on", link.text_content())[1]
    link.click()
    page.get_by_role("heading", name="Search", exact=True).wait_for()
    page.get_by_text("Lowest score").first.wait_for()
    settle(page)
    return wanted, page.get_by_role("slider", name="Lowest score").input_value()


def test_a_threshold_is_chosen_and_taken_along(site, page):
    page.goto(f"{site}/Similarity")
    settle(page)
    page.get_by_role("radio", name="What a cosine means here").click()
    page.get_by_text("have a cosine of 0.80 or more").wait_for()
    settle(page)
    page.get_by_role("slider", name="A cosine of").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("have a cosine of 0.79 or more").wait_for()
    settle(page)
    wanted, taken = take(page, "0.001")
    assert float(taken) == float(wanted)
    page.get_by_role("link", name="Similarity", exact=True).first.click()
    page.get_by_role("radio", name="What a cosine means here").click()
    page.get_by_text("Choose a threshold").wait_for()
    settle(page)
    again, taken = take(page, "0.1")
    assert float(taken) == float(again) < float(wanted)
    assert page.complaints == []


def test_the_shape_of_the_space_names_hubs_that_can_be_selected(site, page):
    page.goto(f"{site}/Similarity?view=Shape+of+the+space")
    page.get_by_text("Effective dimensions").wait_for()
    settle(page)
    page.get_by_role("button", name="Select the hubs").click()
    settle(page)
    assert "selected=" in page.url
    assert page.complaints == []
