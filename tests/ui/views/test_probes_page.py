"""The Probes page: which contests, which candidates, and what is said of a cell."""

import threading

import pandas as pd
import pytest
from page_app import figure, messages, open_page, press, said, uploaded
from patience import PATIENCE

from embedlab.probes import bundled_contests
from embedlab.reportcards import probe_candidates
from embedlab.ui.tasks import probing

STATIC = "static-all-MiniLM-L6-v2"
FEW = {"candidates": STATIC, "languages": "English", "probes": "Negation,Typing errors", "run": "1"}


def test_nothing_is_computed_before_it_is_asked_for():
    """The languages are those of the texts; the baselines stand beside whatever is chosen."""
    app = open_page("Probes", **{**FEW, "languages": "", "run": ""})
    assert not app.exception
    assert not app.get("plotly_chart")
    press(app, "Probe")
    assert not app.exception
    assert app.query_params["run"] == "1"
    assert app.selectbox(key="card_language").options == ["English"]
    assert app.selectbox(key="card_model").options == [STATIC, "tf-idf"]
    assert len(figure(app)["data"][-1]["customdata"]) == 4


def test_a_cell_is_chosen_and_stands_in_the_link():
    """The weakest of the first model at first; its contests are listed, the failed ones first."""
    app = open_page("Probes", **FEW)
    assert app.selectbox(key="card_probe").options == ["Typing errors", "Negation"], "in the order of the probes"
    app.selectbox(key="card_probe").set_value("typo").run()
    app.selectbox(key="card_model").set_value("tf-idf").run()
    assert not app.exception
    assert app.query_params["card_model"] == "tf-idf"
    contests = app.dataframe[-1].value
    known = bundled_contests("typo", "en")
    assert set(contests["anchor"]) == {contest.anchor for contest in known}
    assert contests["passed"].iloc[0] == "failed"
    order = contests["passed"].map({"failed": 0, "tie": 1, "passed": 2})
    assert order.is_monotonic_increasing
    assert ((contests["cosine_near"] > contests["cosine_far"]) == (contests["passed"] == "passed")).all()
    words = said(app).replace("\\", "")
    assert f"of {len(known)} contests" in words
    assert "A misspelt query finds other things" in words
    again = open_page("Probes", **app.query_params)
    assert again.selectbox(key="card_model").value == "tf-idf"


def test_the_figures_are_those_of_the_api(own_cache):
    app = open_page("Probes", **FEW)
    contests = probing.Contests({("negation", "en"): bundled_contests("negation", "en")})
    (card,) = probe_candidates([STATIC], contests.sets).values()
    cells = dict(zip(map(tuple, figure(app)["data"][-1]["customdata"]), figure(app)["data"][-1]["text"], strict=True))
    assert f"<b>{card.score('negation'):.2f}</b> of" in cells[STATIC, "negation", "en"]


def test_cards_are_there_before_the_last_model(fresh_server, monkeypatch):
    """The last one is probed only when the others' cards have been drawn."""
    drawn = threading.Event()
    work, draw = probing.probe_candidates, probing.waiting.await_task

    def probe_late(group, *args, **ways):
        if group[0].model == "tf-idf":
            assert drawn.wait(PATIENCE)
        return work(group, *args, **ways)

    def note(task, meanwhile=None, **ways):
        if task.key[0] == "report cards" and task.key[2][0].model == "tf-idf":
            drawn.set()
        return draw(task, meanwhile, **ways)

    monkeypatch.setattr(probing, "probe_candidates", probe_late)
    monkeypatch.setattr(probing.waiting, "await_task", note)
    app = open_page("Probes", **FEW)
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1, "what was drawn meanwhile is gone"


def test_contests_of_her_own_texts():
    rows = [f"The order {1000 + number} from May is not late." for number in range(30)]
    dataset = uploaded("orders.csv", pd.DataFrame({"text": rows}).to_csv(index=False).encode())
    app = open_page("Probes", dataset=dataset, contests="Made from your texts", candidates=STATIC, run="1")
    assert not app.exception
    assert "has a slip of the pen" in said(app)
    assert app.selectbox(key="card_language").options == ["Your texts"]
    assert "Numbers and units" in app.selectbox(key="card_probe").options
    app = open_page("Probes", dataset=uploaded("b.csv", b"text\nhm\nah\noh\n"), contests="Made from your texts")
    assert "Bring contests of your own" in messages(app)[0].replace("\\", "")


def test_her_own_contests():
    app = open_page("Probes", contests="Your own", candidates=STATIC, run="1")
    assert "Bring a file" in app.info[0].value
    assert not app.get("plotly_chart")
    rows = b"query,positive,negative\n" + b"".join(b"it is late %d,overdue %d,it is red\n" % (n, n) for n in range(9))
    app.file_uploader[0].upload("mine.csv", rows + b"blank,,row\n", "text/csv").run()
    assert not app.exception
    assert "is set aside" in said(app).replace("\\", "")
    assert "of 9 contests" in said(app)
    app.file_uploader[0].upload("mine.png", b"\x89PNG and so on", "image/png").run()
    assert not app.exception
    assert "a PNG picture" in messages(app)[0]
    app.file_uploader[0].upload("other.csv", b"a text,b text\nhello there,you\nbye now,me\n", "text/csv").run()
    assert "anchor, near and far" in messages(app)[0].replace("\\", "")


def test_a_model_that_is_not_here_is_said():
    app = open_page("Probes", **{**FEW, "candidates": "e5-small-v2"})
    assert not app.exception
    assert "not on this machine" in messages(app)[0]


@pytest.mark.parametrize(("link", "missing"), [("languages", "Klingon"), ("probes", "Telepathy")])
def test_a_link_to_what_is_not_there_is_said(link, missing):
    app = open_page("Probes", **{link: missing})
    assert not app.exception
    assert missing in messages(app)[0]


def test_a_comparison_has_the_cards_in_its_report(monkeypatch):
    """Only once somebody has looked at them; the candidates are those compared, with their poolings named."""
    from embedlab.ui.views.compare import taking

    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    handed = []
    offer = taking.offer_take_away
    monkeypatch.setattr(taking, "offer_take_away", lambda *args: (handed.append(args[3]), offer(*args)))
    link = {"dataset": "refrigerators", "candidates": STATIC, "run": "1"}
    open_page("Compare", **link, view="Take away")
    app = open_page("Compare", **link, view="Probes")
    assert not app.exception
    assert STATIC in app.selectbox(key="card_model").options
    open_page("Compare", **link, view="Take away")
    assert [list(cards) for cards in handed] == [[], [STATIC]]
