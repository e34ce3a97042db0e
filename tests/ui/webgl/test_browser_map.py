"""The map as a person uses it, in a real Chromium: zoomed, drawn around, coloured anew, by mouse and keyboard."""

import io

from app_server import BROWSER_MARKS, running_server, settle, wait_until
from PIL import Image

pytestmark = BROWSER_MARKS


def open_map(page, address):
    """Open a page with a map, and return the map once it is drawn and rests, and where it is on the screen."""
    page.goto(address)
    page.locator(".map[data-drawn]").wait_for()
    settle(page)
    return page.locator(".map"), page.locator(".map").bounding_box()


def drag(page, *corners):
    """Press at the first place, go over the others, and let go."""
    (x, y), *others = corners
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def test_zoom_and_selection_stay_whatever_changes_around_the_map(site, page):
    chart, box = open_map(page, f"{site}/Clusters")
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # 1. The wheel zooms to what lies under the pointer.
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    wait_until(lambda: zoom(chart) > 1.5)
    view = chart.get_attribute("data-view")

    # 2. A lasso selects, and the texts are listed; the view stays.
    chart.get_by_role("button", name="Lasso").click()
    corners = ((-150, -150), (150, -150), (150, 150), (-150, 150), (-150, -140))
    drag(page, *((middle[0] + x, middle[1] + y) for x, y in corners))
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
    wait_until(lambda: zoom(chart) == 1)
    page.keyboard.press("Escape")
    page.get_by_text("Nothing is selected.").wait_for()
    assert page.complaints == []


def test_in_space_points_are_turned_drawn_around_and_shaded(site, page):
    chart, box = open_map(page, f"{site}/Clusters?dimensions=3-D")
    x, y = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
    before = picture(chart)
    drag(page, (x, y), (x + 120, y + 20))
    wait_until(lambda: picture(chart) != before)

    # What the browser counts inside of the line, as it was turned, is what the server lists.
    chart.get_by_role("button", name="Box", exact=True).click()
    drag(page, (x - 100, y - 100), (x + 100, y + 100))
    page.get_by_text("texts selected").wait_for()
    settle(page)
    n_selected = int(chart.get_attribute("data-selected"))
    assert 0 < n_selected < int(chart.get_attribute("data-drawn"))
    page.get_by_role("heading", name=f"{n_selected} selected").wait_for()

    points = picture(chart)
    chart.get_by_role("button", name="Density").click()
    wait_until(lambda: picture(chart) != points)
    assert page.complaints == []


def zoom(chart):
    return float(chart.get_attribute("data-view").split()[2])


def picture(chart):
    return Image.open(io.BytesIO(chart.screenshot())).convert("RGB").tobytes()


def has_colours(chart):
    """Whether points are coloured, not black."""
    drawn = Image.open(io.BytesIO(chart.locator("canvas").first.screenshot())).convert("RGB")
    return any(max(color) - min(color) > 60 for n, color in drawn.getcolors(1_000_000) if n > 20)


def test_the_filter_leaves_points_out_of_the_map_and_out_of_a_line_around_them(site, page):
    chart, box = open_map(page, f"{site}/Clusters?contains=password")
    passing = int(page.get_by_text("texts pass the filter").inner_text().split(" of ")[0].split()[-1])
    chart.get_by_role("button", name="Box", exact=True).click()
    bottom_left, top_right = (4, box["height"] - 4), (box["width"] - 4, 45)
    drag(page, *((box["x"] + x, box["y"] + y) for x, y in (bottom_left, top_right)))
    page.get_by_role("heading", name=f"{passing} selected").wait_for()


def test_a_text_under_the_pointer_is_shown_as_it_is_and_hits_are_marked(site, page):
    chart, box = open_map(page, f"{site}/Search?query=password")
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


def test_the_first_map_of_a_fresh_server_has_its_colours_and_its_legend(tmp_path, page):
    """Words about the map come before its arrays, when nothing is known yet."""
    with running_server(tmp_path) as site:
        page.set_viewport_size({"width": 1280, "height": 2400})
        chart, _ = open_map(page, site)
        wait_until(lambda: chart.locator(".legend button").count() == 12)
        wait_until(lambda: has_colours(chart))


def test_without_webgl_there_is_a_plain_picture(site, page):
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{site}/Search?query=password")
    page.get_by_text("This browser cannot draw the map by itself").wait_for()
    page.get_by_test_id("stPlotlyChart").wait_for()
