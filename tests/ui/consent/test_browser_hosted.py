"""In a real Chromium: a person is asked before texts leave, a server that is slow and refuses, and one of our own."""

from app_server import BROWSER_MARKS, COLD, running_server, settle, upload
from elsewhere import KEY, PROGRAM, SMALL
from misbehaving_server import model_server, slow
from own_server import counts, running_model_server

pytestmark = BROWSER_MARKS
TEXTS = [f"{what} number {number} {how}" for number in range(15) for what, how in [("parcel", "late"), ("lamp", "dim")]]
TABLE = "\n".join(["text", *TEXTS]).encode()


def test_a_person_is_asked_and_a_server_that_is_slow_or_refuses_is_said(tmp_path, page):
    with model_server() as asked:
        environment = {"STANDS_IN": asked.address, "EMBEDLAB_CACHE": str(tmp_path / "cache"), "EMBEDLAB_HOSTED": "on"}
        with running_server(tmp_path, program=PROGRAM, **environment) as site:
            page.goto(f"{site}/Data")
            settle(page)
            dataset = upload(page, "parcels.csv", TABLE)
            page.goto(f"{site}/Duplicates?dataset={dataset}&text=text&model={SMALL}")
            page.get_by_text("Nothing has been sent yet").wait_for()
            settle(page)
            assert asked.bodies == []
            asked.todo = [slow(4)]
            page.get_by_role("button", name="Send 30 texts to 127.0.0.1").click()
            page.get_by_role("button", name="Cancel").click()
            page.get_by_text("stopped.").first.wait_for()
            settle(page)
            asked.todo = [(429, {"Retry_After": "600"}, {})]
            page.get_by_role("button", name="Start again").click()
            page.get_by_text("Nothing has been sent yet").or_(page.get_by_text("left alone for")).first.wait_for()
            if page.get_by_role("button", name="Send").count():  # What was under way may have come, or not.
                page.get_by_role("button", name="Send").click()
            page.get_by_text("left alone for").wait_for()
            settle(page)
            page.get_by_role("button", name="Try again").click()
            page.get_by_text("groups").first.wait_for()
            settle(page)
            assert set(asked.texts) == set(TEXTS)
            assert page.complaints == []
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert KEY not in log
    assert TEXTS[0] not in log


def test_a_server_of_ones_own_is_named_by_its_address_and_needs_no_leave(tmp_path, page):
    (tmp_path / "app").mkdir()
    environment = {"EMBEDLAB_CACHE": str(tmp_path / "cache"), "EMBEDLAB_DATA": str(tmp_path / "data")}
    with (
        running_model_server(tmp_path) as server,
        running_server(tmp_path / "app", program=COLD, **environment) as site,
    ):
        page.goto(f"{site}/Data")
        settle(page)
        dataset = upload(page, "parcels.csv", TABLE)
        page.goto(f"{site}/Models?dataset={dataset}&text=text")
        settle(page)
        page.get_by_role("textbox", name="Address of a model server").fill(f"{server}/v1")
        page.get_by_role("button", name="Ask it").click()
        page.get_by_role("button", name="Use this model").click()
        page.get_by_text("on this machine").first.wait_for()
        settle(page)
        before = counts(server)["texts_total"]
        page.get_by_role("link", name="Duplicates", exact=True).first.click()
        page.get_by_text("groups").first.wait_for()
        settle(page)
        assert counts(server)["texts_total"] - before == len(TEXTS)
        assert page.complaints == []
