"""The map as a person uses it, in a real Chromium: zoomed, drawn around, coloured anew, by mouse and keyboard."""

import io

from app_server import BROWSER_MARKS, running_browser, running_server, settle
from PIL import Image

pytestmark = BROWSER_MARKS


def test_zoom_and_selection_stay_whatever_changes_around_the_map(site, page):
    page.goto(f"{site}/Clusters")
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    chart = page.locator(".map")
    box = chart.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # 1. The wheel zooms to what lies under the pointer.
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(300)
    view = chart.get_attribute("data-view")
    assert float(view.split()[2]) > 1.5

    # 2. A lasso selects, and the texts are listed; the view stays.
    chart.get_by_role("button", name="Lasso").click()
    page.mouse.move(middle[0] - 150, middle[1] - 150)
    page.mouse.down()
    for x, y in ((150, -150), (150, 150), (-150, 150), (-150, -140)):
        page.mouse.move(middle[0] + x, middle[1] + y, steps=6)
    page.mouse.up()
    page.get_by_text("selected", exact=False).first.wait_for()
    settle(page)
    n_selected = int(chart.get_attribute("data-selected"))
    assert 0 < n_selected < int(chart.get_attribute("data-drawn"))
    page.get_by_role("heading", name=f"{n_selected} selected").wait_for()
    assert chart.get_attribute("data-view") == view

    # 3. Other colours: neither view nor selection is lost.
    page.get_by_role("combobox", name="Colour by").click()
    page.get_by_role("option", name="channel").click()
    page.get_by_role("button", name="phone", exact=True).wait_for()
    settle(page)
    assert chart.get_attribute("data-view") == view
    assert chart.get_attribute("data-selected") == str(n_selected)

    # 4. On another page it is marked, too, and in its address; and it is there when one comes back.
    page.get_by_role("link", name="Home", exact=True).first.click()
    page.get_by_role("heading", name="Your texts at a glance").wait_for()
    page.locator(f'.map[data-selected="{n_selected}"]').wait_for()
    assert "selected=" in page.url
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    page.get_by_role("heading", name=f"{n_selected} selected").wait_for()
    page.locator(f'.map[data-selected="{n_selected}"]').wait_for()

    # 5. By keyboard: zoom, the whole map, nothing selected.
    chart.focus()
    page.keyboard.press("+")
    page.keyboard.press("0")
    page.wait_for_timeout(300)
    assert float(chart.get_attribute("data-view").split()[2]) == 1
    page.keyboard.press("Escape")
    page.get_by_text("Nothing is selected.").wait_for()
    assert page.complaints == []


def test_in_space_points_are_turned_drawn_around_and_shaded(site, page):
    page.goto(f"{site}/Clusters?dimensions=3-D")
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    chart = page.locator(".map")
    box = chart.bounding_box()
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
    before = picture(chart)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y + 20, steps=5)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert picture(chart) != before

    # What the browser counts inside of the line, as it was turned, is what the server lists.
    chart.get_by_role("button", name="Box").click()
    page.mouse.move(x - 100, y - 100)
    page.mouse.down()
    page.mouse.move(x + 100, y + 100, steps=5)
    page.mouse.up()
    page.get_by_text("texts selected").wait_for()
    settle(page)
    n_selected = int(chart.get_attribute("data-selected"))
    assert 0 < n_selected < int(chart.get_attribute("data-drawn"))
    page.get_by_role("heading", name=f"{n_selected} selected").wait_for()

    points = picture(chart)
    chart.get_by_role("button", name="Density").click()
    page.wait_for_timeout(500)
    assert picture(chart) != points
    assert page.complaints == []


def picture(chart):
    return Image.open(io.BytesIO(chart.screenshot())).convert("RGB").tobytes()


def test_the_filter_leaves_points_out_of_the_map_and_out_of_a_line_around_them(site, page):
    page.goto(f"{site}/Clusters?contains=password")
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    passing = int(page.get_by_text("texts pass the filter").inner_text().split(" of ")[0].split()[-1])
    chart = page.locator(".map")
    chart.get_by_role("button", name="Box").click()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 45, steps=5)
    page.mouse.up()
    page.get_by_role("heading", name=f"{passing} selected").wait_for()


def test_a_text_under_the_pointer_is_shown_as_it_is_and_hits_are_marked(site, page):
    page.goto(f"{site}/Search?query=password")
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    chart = page.locator(".map")
    box = chart.bounding_box()
    shown = ""
    for y in range(60, int(box["height"]), 24):
        for x in range(40, int(box["width"]), 24):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if chart.locator(".tip").is_visible():
                shown = chart.locator(".tip").inner_text()
                break
        if shown:
            break
    assert len(shown) > 3
    assert page.complaints == []


def test_the_first_map_of_a_fresh_server_has_its_colours_and_its_legend(tmp_path):
    """Words about the map come before its arrays, when nothing is known yet."""
    with running_server(tmp_path) as site, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 2400})
        page.goto(site)
        page.locator(".map[data-drawn]").wait_for(timeout=90_000)
        settle(page)
        page.wait_for_timeout(1000)
        assert page.locator(".map .legend button").count() == 12
        picture = Image.open(io.BytesIO(page.locator(".map").screenshot())).convert("RGB")
        colors = {color for n, color in picture.getcolors(1_000_000) if n > 20}
        assert any(max(color) - min(color) > 60 for color in colors), "points are coloured, not black"


def test_without_webgl_there_is_a_plain_picture(site, page):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{site}/Search?query=password")
    page.get_by_text("This browser cannot draw the map by itself").wait_for()
    page.get_by_test_id("stPlotlyChart").wait_for()
