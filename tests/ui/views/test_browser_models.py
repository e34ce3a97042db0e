"""In a real Chromium: a model fetched from a hub after the person has agreed, and a sentence looked into."""

from app_server import BROWSER_MARKS, COLD, running_server, settle
from hub_server import COMMIT, running_hub

pytestmark = BROWSER_MARKS


def test_a_model_of_the_hub_is_looked_up_agreed_to_fetched_and_used(tmp_path, tiny_model, page):
    folder = tiny_model(pooling_mode="mean")
    with (
        running_hub({"nobody/tiny": folder}) as endpoint,
        running_server(
            tmp_path, program=COLD, HF_ENDPOINT=endpoint, HF_HUB_OFFLINE="0", HF_HUB_CACHE=str(tmp_path / "hub")
        ) as site,
    ):
        page.goto(f"{site}/Models")
        settle(page)
        page.get_by_role("textbox", name="From the Hugging Face hub").fill("nobody/tiny")
        page.get_by_role("button", name="Look it up").click()
        page.get_by_text(f"commit {COMMIT}").wait_for()
        assert not (tmp_path / "hub").exists(), "nothing is fetched before the person has agreed"
        page.get_by_role("button", name="Fetch 1 MB").click()
        page.get_by_text("is on this machine").first.wait_for()
        settle(page)
        assert page.get_by_role("combobox", name="Embedding model").input_value() == "nobody/tiny"
        page.get_by_role("link", name="Inside", exact=True).first.click()
        page.get_by_role("heading", name="6 · Normalisation").wait_for()


def test_a_sentence_typed_and_a_layer_moved_by_the_keyboard(site, page):
    page.goto(f"{site}/Inside")
    settle(page)
    page.get_by_label("Sentence", exact=True).fill("Supercalifragilistic indeed")
    page.get_by_label("Sentence", exact=True).press("Enter")
    page.get_by_text("“Supercalifragilistic” became").wait_for()
    settle(page)
    page.get_by_text("After layer 6 of 6").wait_for()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("After layer 5 of 6").wait_for()
    settle(page)
    page.wait_for_url("**layer=5**")
    assert page.complaints == []
