"""What a person does, in a real Chromium against the real server: from a deep link to a downloaded table."""

import csv
import io

import pytest
from app_server import CHROMIUM, running_browser, running_server, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
    # Playwright's and the server's sockets are closed by other processes at their own time.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TOPICS = {
    "delivery": ["The parcel is late", "My package has not arrived", "Where is my delivery?", "The courier never came"],
    "payment": [
        "My card was declined",
        "The payment failed twice",
        "I was charged two times",
        "My bank refused the payment",
    ],
    "praise": ["I love this shop", "Great service, thank you", "You are wonderful", "Best support I have ever had"],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A server started in an empty folder, as after ``pip install``."""
    with running_server(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def page(site):
    with running_browser() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 1200}, accept_downloads=True)
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.set_default_timeout(60_000)
        yield page


def reviews():
    """A CSV as people have it: semicolons, a byte-order mark, quotes, umlauts, a blank text."""
    rows = [(topic, text, number) for topic, texts in TOPICS.items() for number, text in enumerate(texts)]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerows(
        [("Thema", "Bewertung", "Nr"), *rows, ("delivery", 'Grüße; "schnell" geliefert', 9), ("", " ", 10)]
    )
    return stream.getvalue().encode("utf-8-sig")


def test_from_a_deep_link_to_a_downloaded_table(site, page):
    # 1. A deep link is the first thing this server ever sees: the frame must be there.
    page.goto(f"{site}/Clusters?k_by=Chosen&k=3")
    settle(page)
    page.get_by_role("link", name="Data", exact=True).first.wait_for()
    page.locator('[data-testid="stPlotlyChart"] .scatterlayer .point').first.wait_for()

    # 2. Upload a file with the dirt real files have.
    page.get_by_role("link", name="Data", exact=True).first.click()
    settle(page)
    page.locator('input[type="file"]').set_input_files(
        {"name": "bewertungen.csv", "mimeType": "text/csv", "buffer": reviews()}
    )
    page.get_by_role("heading", name="bewertungen.csv").wait_for()
    settle(page)
    page.get_by_text("delimiter semicolon").wait_for()

    # 3. The map of it. The choice has followed, and sits in the address.
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    page.get_by_role("heading", name="Clusters", exact=True).wait_for()
    settle(page)
    assert "dataset=" in page.url
    boxes = {name: page.get_by_role("combobox", name=name).input_value() for name in ("Text column", "Label column")}
    assert boxes == {"Text column": "Bewertung", "Label column": "Thema"}
    chart = page.locator('[data-testid="stPlotlyChart"]').first
    chart.locator(".scatterlayer .point").first.wait_for()
    link = page.url

    # 4. Draw a lasso around everything: all 13 texts that are not blank.
    box = chart.locator(".nsewdrag").first.bounding_box()
    corners = [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.02)]
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.02)
    page.mouse.down()
    for x, y in corners:
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=8)
    page.mouse.up()
    page.get_by_role("heading", name="13 selected").wait_for()

    # 5. Download.
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 13
    assert {"Thema", "Bewertung", "Nr", "cluster", "cluster_name", "x", "y"} <= set(rows[0])
    assert rows[-1]["Bewertung"] == 'Grüße; "schnell" geliefert'

    # 6. Search by meaning; the query shares no word with the best hit's topic.
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.get_by_role("heading", name="Search", exact=True).wait_for()
    page.get_by_label("What are you looking for?").fill("shipment delayed")
    page.get_by_label("What are you looking for?").press("Enter")
    page.get_by_role("heading", name="Where they lie").wait_for()
    settle(page)
    assert "query=shipment" in page.url

    # 7. The link reopens the same view in another session of this server.
    other = page.context.browser.new_page()
    other.goto(link)
    other.locator('[data-testid="stPlotlyChart"] .scatterlayer .point').first.wait_for(timeout=60_000)
    settle(other)
    assert other.get_by_role("combobox", name="Dataset").input_value() == "bewertungen.csv"

    # 8. Nothing left this machine, and nothing broke in the browser.
    outside = [
        url for url in page.requested if not url.startswith((site, "data:", "blob:", site.replace("http", "ws")))
    ]
    assert not outside
    assert not page.complaints
