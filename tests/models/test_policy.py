"""What a server allows: read from the environment and the address, and kept to on every page and in every link."""

import json

import pytest
from page_app import FILES, go, open_page, press, upload

from embedlab.errors import ModelLoadError
from embedlab.models import HubModel, Policy, catalog, is_loopback, read_policy
from embedlab.ui.tasks import services

BUNDLED = "all-MiniLM-L6-v2"


pytestmark = pytest.mark.usefixtures("fresh_server")


def shown(app):
    """All words of a page, as a person could read them."""
    kinds = (
        app.markdown,
        app.caption,
        app.text,
        app.title,
        app.header,
        app.subheader,
        app.info,
        app.error,
        app.warning,
    )
    words = " ".join(str(element.value) for kind in kinds for element in kind)
    return words + " ".join(frame.value.to_csv() for frame in app.dataframe)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1", "[::1]"])
def test_only_this_machine(host):
    assert is_loopback(host)
    assert read_policy({}, host) == Policy(is_shared=False, models=("*",))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "lab.example.org", "", None, "127.0.0.1.example.org"])
def test_an_address_others_can_reach_is_shared_whatever_else_is_said(host):
    assert not is_loopback(host)
    assert read_policy({"EMBEDLAB_SHARED": "0"}, host) == Policy(is_shared=True, models=("catalog",))


def test_the_environment():
    """A list holds on a private server, too; blanks and empty entries mean nothing."""
    assert read_policy({"EMBEDLAB_SHARED": "1"}, "127.0.0.1").is_shared
    assert not read_policy({"EMBEDLAB_SHARED": ""}, "127.0.0.1").is_shared
    assert read_policy({"EMBEDLAB_MODELS": " gte-small, intfloat/* ,,"}, "::1").models == ("gte-small", "intfloat/*")
    assert read_policy({"EMBEDLAB_MODELS": " , "}, "0.0.0.0").models == ("catalog",)


@pytest.mark.parametrize(
    ("models", "allowed", "refused"),
    [
        (("*",), ["nobody/tiny", "gte-small"], []),
        (("catalog",), ["gte-small", "thenlper/GTE-small", BUNDLED], ["nobody/tiny"]),
        (("thenlper/gte-small",), ["gte-small", BUNDLED], ["gte-base", "thenlper/gte-small-2"]),
        (("intfloat/*", "mine/own"), ["e5-small-v2", "Intfloat/new", "mine/own"], ["gte-small", "xintfloat/e5"]),
        (("catalog", "mine/*"), ["gte-small", "mine/own"], ["nobody/tiny"]),
    ],
)
def test_models_by_catalog_name_hub_id_or_pattern(models, allowed, refused):
    policy = Policy(models=models)
    assert [name for name in allowed if not policy.allows(name)] == []
    for name in refused:
        with pytest.raises(ModelLoadError, match="not among the models this server offers"):
            policy.check_model(name)


def test_a_list_narrows_the_menu_the_catalog_and_what_a_link_may_name(monkeypatch):
    monkeypatch.setenv("EMBEDLAB_MODELS", "gte-*")
    app = open_page("Models", model="e5-small-v2")
    assert not app.exception
    assert app.selectbox(key="model").value == BUNDLED
    offered = app.dataframe[0].value["Name"].tolist()
    assert offered == [name for name in catalog() if name == BUNDLED or name.startswith("gte-")]
    assert "e5" not in " ".join(app.selectbox(key="model").options)


@pytest.mark.parametrize(
    "name",
    ["../../etc", "/etc", "~/model", "\\\\host\\share\\model", "C:\\model", "file:///etc", "./model", "nobody/x"],
)
def test_a_link_names_no_folder_and_no_model_that_was_not_brought(name):
    """Neither as the model of a page nor as a candidate; the page is as if nothing had been said."""
    app = open_page("Models", model=name)
    assert not app.exception
    assert app.selectbox(key="model").value == BUNDLED
    candidates = open_page("Compare", candidates=f"{name},{BUNDLED}~cls")
    assert not candidates.exception
    assert candidates.session_state["kept-candidates"] == [f"{BUNDLED}~cls"]


def test_a_shared_server_fetches_only_what_it_offers(monkeypatch):
    """A model that lies on its disk is refused in the words of one that does not."""
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    with pytest.raises(ModelLoadError, match="not among the models"):
        services.fetch_model(HubModel("nobody/tiny", "0" * 40, 1))
    app = open_page("Models")
    app.text_input[1].set_value("nobody/tiny")
    press(app, "Look it up")
    assert "not among the models this server offers" in shown(app)


def test_a_shared_server_says_nothing_of_its_disk(monkeypatch):
    """No path, no list of what others embedded, no button that drops it; the owner on her own machine has all three."""
    opened = open_page("Data")
    app = open_page("Cache")
    assert "Kept in the file" in shown(app)
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    app = open_page("Cache")
    assert not app.exception
    assert not opened.exception
    assert "dropped only by its owner" in shown(app)
    assert "Kept in the file" not in shown(app)
    assert [button.label for button in app.button if "Drop" in button.label] == []
    assert len(app.dataframe) == 0


def test_one_session_cannot_reach_what_another_has_loaded():
    """Two sessions of one server. The second has no link: it sees neither the file nor a word of it."""
    words = "text,topic\nthe zebra of Zanzibar is late,striped\nquokkas are on holiday,small\n"
    first = upload(open_page("Data"), "secret-plans.csv", words.encode())
    dataset = first.session_state["chosen-dataset"]
    assert len(dataset) == 32
    go(first, "Search")
    for title in ("Home", "Data", "Search", "Models", "Cache"):
        second = open_page(title)
        assert not second.exception
        seen = shown(second) + json.dumps(second.selectbox(key="dataset").options)
        assert not [word for word in ("zebra", "secret-plans", "quokka", dataset) if word in seen], title
    guessed = open_page("Data", dataset=dataset[:-1] + ("0" if dataset[-1] != "0" else "1"))
    assert "no longer on this server" in shown(guessed)
    linked = open_page("Data", dataset=dataset)
    assert "secret-plans.csv" in json.dumps(linked.selectbox(key="dataset").options)


@pytest.mark.parametrize("title", FILES)
def test_no_page_shows_anything_before_signing_in(title):
    """Where the secrets ask for it; whoever can be signed in with is offered by name."""
    auth = {"redirect_uri": "http://x/oauth2callback", "cookie_secret": "s", "work": {"client_id": "x"}}
    app = open_page(title, secrets={"auth": auth})
    assert not app.exception
    assert [button.label for button in app.button] == ["Sign in with work"]
    assert shown(app) == "This lab is for people its owner knows. Sign in to see anything. EmbedLab"
    assert len(app.sidebar) == len(app.selectbox) == 0
