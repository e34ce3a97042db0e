"""The report opened from disk in a real Chromium: nothing leaves, nothing complains, the map answers."""

import pytest
from app_server import BROWSER_MARKS, new_page, wait_until
from report_page import EVIL, make_view

from embedlab.exports import html_report

pytestmark = BROWSER_MARKS


@pytest.fixture
def report(tmp_path, browser):
    """A page that shows a report from disk, offline, with what it asked for and what it complained about."""
    texts = [f"message number {number} of a customer" for number in range(300)]
    path = tmp_path / "report.html"
    path.write_text(html_report(make_view([*EVIL, *texts], n_clusters=5), "Report"), encoding="utf-8")
    page = new_page(browser, viewport={"width": 1280, "height": 900}, offline=True)
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("dialog", lambda dialog: page.complaints.append("alert") or dialog.dismiss())
    page.goto(path.as_uri())
    page.locator("canvas[data-view]").wait_for()
    yield page
    page.context.close()


def hovered(page):
    """Go over the map until a text shows, and return it."""
    box = page.locator("canvas").bounding_box()
    for step in range(400):
        page.mouse.move(
            box["x"] + 40 + (step % 20) * box["width"] / 21, box["y"] + 20 + (step // 20) * box["height"] / 21
        )
        if page.locator(".tip").is_visible():
            return page.locator(".tip").inner_text()
    return ""


def test_it_draws_zooms_and_tells_texts_without_a_network(report):
    assert "message number" in hovered(report)
    canvas = report.locator("canvas")
    before = canvas.get_attribute("data-view")
    box = canvas.bounding_box()
    report.mouse.wheel(0, -300)
    wait_until(lambda: float(canvas.get_attribute("data-view").split()[2]) > 1.5)
    report.mouse.down()
    report.mouse.move(box["x"] + 300, box["y"] + 300, steps=4)
    report.mouse.up()
    canvas.focus()
    report.keyboard.press("0")
    wait_until(lambda: canvas.get_attribute("data-view") == before)
    assert [url for url in report.requested if not url.startswith("file://")] == []
    assert len(report.requested) == 1
    assert report.complaints == []


def test_a_cluster_is_switched_off_in_the_legend(report):
    buttons = report.locator(".legend button")
    assert buttons.count() == 5
    drawn = report.locator("canvas").screenshot()
    buttons.first.click()
    assert buttons.first.get_attribute("aria-pressed") == "false"
    wait_until(lambda: report.locator("canvas").screenshot() != drawn)
    for button in buttons.all()[1:]:
        button.click()
    assert hovered(report) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_colours_of_the_machine(report, scheme):
    report.emulate_media(color_scheme=scheme)
    background = report.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 21, 28)"}[scheme]
    report.emulate_media(color_scheme=scheme, media="print")
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
