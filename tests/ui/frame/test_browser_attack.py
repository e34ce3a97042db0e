"""The worst of texts in a real browser: on no page does one become an element, a link, a request or a dialog."""

from urllib.parse import urlencode

from app_server import BROWSER_MARKS, asked_elsewhere, settle, upload
from naughty import FILE, LABEL, TEXT, TEXTS, table

from embedlab.ui.frame import PAGES

pytestmark = BROWSER_MARKS

# The queries that open the parts of a page in which most texts stand.
QUERIES = {
    "Similarity": {"matrix_texts": "All texts", "first": TEXTS[0], "second": TEXTS[3]},
    "Clusters": {"view": "Against the labels"},
    "Search": {"query": "see www.evil.example or :streamlit: a -> b <img src=x onerror=alert(9)>", "by": "Words"},
    "Inside": {"sentence": "<img src=x onerror=alert(9)> :streamlit: www.evil.example $x$ a -> b"},
}
# Made by a text: what it would load, run, or lead to, and what Streamlit makes of signs in Markdown.
MADE_BY_A_TEXT = (
    'img[src="x"], svg[onload], iframe, base, meta[http-equiv="refresh"], details[ontoggle], a[href^="javascript"], '
    'a[href*="evil"], a[href^="mailto"], img[alt="Streamlit logo"], [data-testid="stMarkdownContainer"] .katex'
)


def test_every_page_stays_a_page(site, page):
    dialogs, scripts = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site}/Data")
    settle(page)
    dataset = upload(page, FILE, table())
    for entry in PAGES:
        path = "" if entry.title == "Home" else entry.title
        chosen = {"dataset": dataset, "text": TEXT, "label": LABEL, **QUERIES.get(entry.title, {})}
        page.goto(f"{site}/{path}?{urlencode(chosen)}")
        settle(page)
        page.wait_for_timeout(300)
        assert page.locator('[data-testid="stException"]').count() == 0, entry.title
        assert page.locator(MADE_BY_A_TEXT).count() == 0, entry.title
        assert page.title() == ("EmbedLab" if entry.title == "Home" else f"{entry.title} · EmbedLab")
        scripts.append(page.locator("script").count())
        assert page.evaluate("getComputedStyle(document.body).display") != "none"
    assert dialogs == []
    assert max(scripts) - min(scripts) <= 1, "the scripts of a page are its own"
    assert asked_elsewhere(page, site) == []


def test_markdown_shows_a_text_as_it_is(site, page):
    """Streamlit looks for icons, its logo, arrows and links after Markdown is read: here is what a person sees."""
    page.goto(f"{site}/Data")
    settle(page)
    name = "a -> b -- c :streamlit: :material_delete: www.evil.example me@evil.example $x$ <b>.csv"
    upload(page, name, table())
    heading = page.locator("h3").filter(has_text="evil.example").first
    assert heading.inner_text().replace("\u2060", "").strip() == name
    assert heading.locator("img, a[href*=evil], b").count() == 0


def test_a_figure_shows_a_text_as_it_is(site, page):
    """Plotly has a markup of its own; on an axis and under the pointer it shows the signs."""
    content = "text,label\n" + "".join(
        f'text {n},"{label}"\n' for n in range(12) for label in ("%{y} <b>a</b> $x$", "c")
    )
    page.goto(f"{site}/Data")
    settle(page)
    dataset = upload(page, "labels.csv", content.encode())
    chosen = {"dataset": dataset, "view": "Against the labels", "text": "text", "label": "label"}
    page.goto(f"{site}/Clusters?{urlencode(chosen)}")
    settle(page)
    tick = page.locator(".js-plotly-plot .ytick text").filter(has_text="%{y}").first
    tick.wait_for()
    assert tick.text_content() == "%{y} <b>a</b> $x$"
