"""The server as the world sees it: what every answer carries, whom it turns away, and who has to sign in first."""

import http.client
import subprocess
from urllib.parse import urlsplit

import pytest
from app_server import BROWSER_MARKS, COLD, EMBEDLAB, asked_elsewhere, free_port, running_server, settle
from identity_server import running_provider, secrets_for
from patience import PATIENCE

from embedlab.ui.frame import PAGES

pytestmark = BROWSER_MARKS

PATHS = ["", *(page.file.removeprefix("pages/").removesuffix(".py").split("_", 1)[1] for page in PAGES[1:])]
MAPS = ("", "Clusters", "Search")
WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def ask(site, path, method="GET", **headers):
    """Send one request and return the answer, its body read."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        answer.body = answer.read() if answer.status != 101 else b""
        return answer
    finally:
        connection.close()


def shake_hands(site, **headers):
    """Ask for the websocket of a session and return the status of the answer: 101 opens it."""
    wanted = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    return ask(site, "/_stcore/stream", Sec_WebSocket_Key="AAAAAAAAAAAAAAAAAAAAAA==", **wanted, **headers).status


def test_every_page_keeps_to_the_policy_and_asks_nobody_else(site, page):
    """No complaint of the browser, no request to another machine, and the maps are drawn."""
    page.add_init_script(WATCH)
    page.on("console", lambda said: page.complaints.append(said.text) if "Security Policy" in said.text else None)
    for path in reversed(PATHS):  # The last ones ask for no model, which the server loads meanwhile.
        page.goto(f"{site}/{path}?query=late%20parcel" if path == "Search" else f"{site}/{path}")
        settle(page)
        if path in MAPS:
            page.locator(".map[data-drawn]").first.wait_for()
        if path == "Similarity":
            page.locator(".js-plotly-plot .nsewdrag").first.wait_for()
        assert page.evaluate("window.violations") == [], path
        assert page.locator(".no-webgl").count() == 0, path
    assert asked_elsewhere(page, site) == []
    assert page.complaints == []


def test_what_is_injected_is_not_loaded_and_not_run(site, page):
    """A picture of elsewhere, as a text might smuggle it in, and a script in the page."""
    page.add_init_script(WATCH)
    page.goto(f"{site}/Models")
    settle(page)
    page.evaluate(
        """() => {
            const image = '<img src="https://example.com/x.png" onerror="window.ran=1">';
            document.body.insertAdjacentHTML("beforeend", image);
            const script = document.createElement("script");
            script.textContent = "window.ran = 2";
            document.body.append(script);
        }"""
    )
    page.wait_for_function("window.violations.length >= 3")
    directives = {violation.split(" ")[0] for violation in page.evaluate("window.violations")}
    assert {"img-src", "script-src-elem", "script-src-attr"} <= directives
    assert page.evaluate("window.ran") is None
    assert page.evaluate("fetch('https://example.com/').then(() => 'reached', () => 'blocked')") == "blocked"


@pytest.mark.parametrize(
    "path", ["/", "/Data", "/_stcore/health", "/no/such/file.js", "/media/none", "/app/static/icon.svg"]
)
def test_every_answer_carries_the_headers(site, path):
    answer = ask(site, path)
    policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_other_sites_are_turned_away(site):
    """A foreign page opens no session, by its own name or by giving its name to this machine; nor does it upload."""
    host = urlsplit(site).netloc
    assert shake_hands(site, Origin=site) == 101
    for origin in ("https://example.com", "http://localhost:1", f"https://example.com/{host}", "null"):
        assert shake_hands(site, Origin=origin) == 403, origin
    assert shake_hands(site, Host="example.com", Origin="http://example.com") == 403
    refused = ask(site, "/_stcore/upload_file/session/file", "PUT", Content_Length="0")
    assert refused.status == 403
    assert b"XSRF" in refused.body
    assert ask(site, "/_stcore/agent/interact", "POST", Content_Length="0").status in (403, 404)


def test_ipv6_and_a_port_that_is_taken(tmp_path):
    with running_server(tmp_path, host="::1", program=COLD) as site:
        assert ask(site, "/_stcore/health").status == 200
        assert shake_hands(site, Origin=site) == 101
        log = (tmp_path / "server.log").read_text()
        assert f"EmbedLab is at {site} " in log
        assert "reached by others" not in log
        assert start("--host", "::1", "--port", str(urlsplit(site).port)) == (
            1,
            f"embedlab: EmbedLab cannot listen on port {urlsplit(site).port} of ::1: another program listens there. "
            f"Choose another port, for example --port {urlsplit(site).port + 1}.",
        )


def start(*arguments):
    """Run ``embedlab``, which is expected to end at once; return its exit code and what it says of it."""
    done = subprocess.run([EMBEDLAB, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)
    return done.returncode, done.stderr.strip()


def test_a_shared_server_says_who_can_reach_it_and_asks_nobody_for_its_address(tmp_path):
    with running_server(tmp_path, host="0.0.0.0", program=COLD) as site:
        assert shake_hands(site, Origin=site) == 101
    log = (tmp_path / "server.log").read_text()
    assert "can be reached by others" in log
    assert "not encrypted" in log
    assert "docs/sharing.md" in log
    assert "IP" not in log, "Streamlit says so when it has asked for this machine's address"


def test_nobody_sees_anything_before_signing_in(tmp_path, page):
    """With a real OpenID provider: nothing, then the lab, then nothing again."""
    port = free_port()
    (tmp_path / ".streamlit").mkdir()
    with running_provider() as provider:
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets_for(provider, f"http://127.0.0.1:{port}"))
        with running_server(tmp_path, port=port, program=COLD) as site:
            page.goto(f"{site}/Data")
            page.get_by_role("button", name="Sign in").wait_for()
            settle(page)
            assert page.get_by_test_id("stSidebar").count() == 0
            assert "Support messages" not in page.content()
            page.get_by_role("button", name="Sign in").click()
            page.get_by_text("Signed in as ada@example.org").wait_for()
            page.get_by_role("combobox", name="Dataset").wait_for()
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("button", name="Sign in").wait_for()
            page.goto(f"{site}/Clusters")
            page.get_by_role("button", name="Sign in").wait_for()


def test_secrets_with_a_slip_of_the_pen_open_nothing(tmp_path, page):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth\n")
    with running_server(tmp_path, program=COLD) as site:
        page.goto(f"{site}/Clusters")
        page.get_by_text("the secrets of this server cannot be read").wait_for()
        settle(page)
        assert page.get_by_test_id("stSidebar").count() == 0
