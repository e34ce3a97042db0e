"""A comparison as an engineer makes it, in a real Chromium: thousands of texts, stopped, begun again, one added."""

import csv
import io
import itertools
import re

from app_server import BROWSER_MARKS, settle, upload

pytestmark = BROWSER_MARKS

FOUR = "all-MiniLM-L6-v2,all-MiniLM-L6-v2~cls,all-MiniLM-L6-v2~max~layer=4,tf-idf"


def many_texts(n):
    """Different short texts, a multiple of 500, as a CSV with one column."""
    things = ["parcel", "lamp", "invoice", "refund", "mattress", "password", "kettle", "jacket", "phone", "chair"]
    events = ["is late", "came broken", "was charged twice", "does not work", "has the wrong size"]
    places = ["Vienna", "Graz", "Linz", "Bern", "Ulm", "Kiel", "Trier", "Jena", "Hagen", "Celle"]
    texts = [
        f"The {thing} for order {number} from {place} {event}."
        for thing, event, place, number in itertools.product(things, events, places, range(1, n // 500 + 1))
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows([["text"], *([text] for text in texts)])
    return stream.getvalue().encode()


def bar_text(page):
    """What the bar says of texts, once it says something; it may change while it is read."""
    bar = page.get_by_text(re.compile(r"Comparing .* of [\d,]+"))
    for _ in range(50):
        bar.wait_for()
        if " of " in (text := bar.inner_text()):
            return text
    raise AssertionError("the bar never said how far it is")


def test_thousands_of_texts_stopped_begun_again_and_one_more_added(site, page, texts_a_second):
    # Each text is compared with three changed forms of itself.
    n_texts = max(500, min(10_000, 500 * round(2 * texts_a_second / 500)))
    page.goto(f"{site}/Data")
    settle(page)
    dataset = upload(page, "many.csv", many_texts(n_texts))

    # 1. Four candidates: it begins only when asked to, says how far it is, and stops.
    page.goto(f"{site}/Compare?dataset={dataset}&candidates={FOUR}")
    settle(page)
    page.get_by_text(f"{n_texts:,} texts; nothing is known about them").wait_for()
    page.get_by_role("button", name="Compare", exact=True).click()
    first = bar_text(page)
    assert re.search(rf"Comparing 4 candidates on {n_texts:,} texts · [\d,]+ of [\d,]+", first)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Start again").wait_for()

    # 2. Begun again it goes on, and ends in a verdict, a figure and a table.
    page.get_by_role("button", name="Start again").click()
    page.get_by_text("is nearest to the reference").wait_for()
    settle(page)
    # Each waits for the one there is, and fails where there are two.
    page.get_by_test_id("stPlotlyChart").wait_for()
    page.get_by_test_id("stDataFrame").wait_for()

    # 3. A fifth candidate: nothing of the first four is computed again, so all there is to do is its own share.
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Poolings").click()
    page.get_by_role("option", name="Last token").click()
    page.keyboard.press("Escape")
    settle(page)
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Add").click()
    total = int(re.search(r" of ([\d,]+)", bar_text(page))[1].replace(",", ""))
    whole = int(re.search(r" of ([\d,]+)$", first.split(" · ")[1])[1].replace(",", ""))
    assert total < whole / 2, "the texts once, and the share for taking its figures"
    page.get_by_text("is nearest to the reference").wait_for()
    settle(page)

    # 4. A link reopens the view at once, and nothing went elsewhere.
    page.goto(page.url)
    page.get_by_text("is nearest to the reference").wait_for()
    assert page.complaints == []
    assert all(url.startswith((site, "data:", "blob:")) for url in page.requested)


def test_points_selected_in_one_map_are_marked_in_the_other(site, page):
    page.goto(f"{site}/Compare?run=1&view=Side+by+side&dataset=sentence_pairs")
    settle(page)
    charts = page.get_by_test_id("stPlotlyChart")
    charts.nth(1).locator(".scatterlayer .point").first.wait_for()
    n_before = charts.nth(1).locator(".scatterlayer .trace").count()
    box = charts.first.locator(".nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    for x, y in ((0.5, 0.01), (0.5, 0.98), (0.01, 0.98), (0.01, 0.01)):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=8)
    page.mouse.up()
    page.get_by_test_id("stDataFrame").wait_for()
    settle(page)
    assert charts.nth(1).locator(".scatterlayer .trace").count() == n_before + 1
    assert page.complaints == []
