"""The first look as a person sees it: there at once, marked, and its points move to their places on the model's map."""

import sys

import pytest
from app_server import BROWSER_MARKS, new_page, running_server, settle, upload, wait_until

pytestmark = BROWSER_MARKS

# The model begins to read where the file `let-go` is there; `ready` says that word vectors are at hand.
SLOW_SERVER = """
import time
from pathlib import Path
from embedlab.cli import main
from embedlab.store import EmbeddingStore
from embedlab.ui.serving import server
from embedlab.ui.tasks import first_look, model_tasks, waiting

encode = EmbeddingStore.encode

def slowly(store, encoder, texts, **how):
    while encoder.is_worth_storing and not Path("let-go").exists():
        how["progress"](len(texts) // 4, len(texts))
        time.sleep(0.1)
    return encode(store, encoder, texts, **how)

def warm_up():
    waiting.run_task(model_tasks.load_model("static-all-MiniLM-L6-v2"))
    Path("ready").touch()

EmbeddingStore.encode, first_look.LEAST_TEXTS, server.warm_up = slowly, 50, warm_up
main()
"""
SUBJECTS = ["parcel", "lamp", "refund", "courier", "invoice", "battery", "colour", "voucher"]
VERBS = ["broke", "came late", "is missing", "looks wrong", "was refused", "flickers", "costs too much", "arrived"]


@pytest.fixture
def slow_site(tmp_path):
    with running_server(tmp_path, program=(sys.executable, "-c", SLOW_SERVER)) as address:
        wait_until((tmp_path / "ready").exists)
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_look_becomes_the_map_of_the_model(slow_site, tmp_path, browser, scheme):
    page = new_page(browser, viewport={"width": 1280, "height": 1200}, color_scheme=scheme)
    page.goto(f"{slow_site}/Data")
    settle(page)
    rows = [f"my {scheme} {subject} {verb}" for subject in SUBJECTS for verb in VERBS]
    upload(page, "texts.csv", "\n".join(["text", *rows]).encode())

    # 1. A named map is there while the model reads, and says what it is.
    page.get_by_role("link", name="Clusters", exact=True).first.click()
    chart = page.locator('.map[data-drawn="64"]')
    chart.wait_for()
    page.get_by_text("Embedding 64 texts").first.wait_for()
    page.get_by_text("First look, by word vectors").first.wait_for()
    assert chart.locator(".draft").is_visible()
    assert chart.locator(".legend").inner_text().startswith("Cluster (first look)")
    assert chart.get_attribute("aria-label").startswith("First look")
    # It cannot be taken along, neither as a picture nor as a table.
    assert chart.get_by_role("button", name="Picture").count() == 0
    assert page.get_by_role("button", name="Download CSV").count() == 0

    # 2. It can be used: by keyboard, and drawn anew with another number of groups, while the work goes on.
    chart.focus()
    page.keyboard.press("+")
    wait_until(lambda: float(chart.get_attribute("data-view").split()[2]) > 1)
    page.get_by_text("Chosen", exact=True).click()
    wait_until(lambda: chart.locator(".legend button").count() == 12)
    page.get_by_text("Embedding 64 texts").first.wait_for()

    # 3. The same element shows the model's map, to whose places the points are seen to move.
    chart.evaluate("map => { map.dataset.known = 'yes'; }")
    (tmp_path / "let-go").touch()
    page.get_by_text("UMAP map, trustworthiness").first.wait_for()
    page.get_by_text("The model has read all texts").first.wait_for()
    assert chart.get_attribute("data-known") == "yes"
    assert chart.get_attribute("data-flown") == "64"
    assert chart.locator(".draft").is_hidden()
    assert chart.get_by_role("button", name="Picture").is_visible()
    page.get_by_role("button", name="Download CSV").wait_for()
    assert page.get_by_text("First look, by word vectors").count() == 0
    assert not page.complaints


def test_whoever_wants_less_motion_sees_none(slow_site, tmp_path, browser):
    page = new_page(browser, viewport={"width": 1280, "height": 1200}, reduced_motion="reduce")
    page.goto(f"{slow_site}/Data")
    settle(page)
    rows = [f"the {subject} {verb}" for subject in SUBJECTS for verb in VERBS]
    upload(page, "texts.csv", "\n".join(["text", *rows]).encode())
    page.goto(page.url.replace("/Data", "/Search") + "&query=late%20parcel")
    chart = page.locator('.map[data-drawn="64"]')
    chart.wait_for()
    page.get_by_text("First look, by word vectors").first.wait_for()
    assert chart.locator(".draft").is_visible()
    (tmp_path / "let-go").touch()
    page.get_by_text("UMAP map, trustworthiness").first.wait_for()
    assert chart.get_attribute("data-flown") is None
    assert not page.complaints
