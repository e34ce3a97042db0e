"""A real server in its own process, and a real browser that notes every request."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from patience import PATIENCE

CHROMIUM = shutil.which("chromium")
BROWSER_MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
    # Playwright's and the server's sockets are closed by other processes at their own time.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EMBEDLAB = str(Path(sys.executable).with_name("embedlab"))
# The same, without the work in the background that a first page would ask for: half a minute of a core for nothing.
COLD = (
    sys.executable,
    "-c",
    "from embedlab.cli import main; from embedlab.ui.serving import server; server.warm_up = lambda: None; main()",
)
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_server(folder, host="127.0.0.1", port=None, program=(EMBEDLAB,), health="_stcore/health", **environment):
    """Start ``embedlab`` in ``folder``, on a free port unless one is given, and yield its address."""
    # What was free a moment ago may be another's by the time a server listens.
    for last in (True,) if port else (False, False, True):
        at, log = port or free_port(), Path(folder) / "server.log"
        address = f"http://[::1]:{at}" if host == "::1" else f"http://127.0.0.1:{at}"
        with _running([*program, "--host", host, "--port", str(at)], log, **environment) as server:
            wait_until(lambda ours=server, at=f"{address}/{health}": ours.poll() is not None or _answers(at))
            if server.poll() is None:
                yield address
                return
        if last or "another program listens" not in log.read_text():
            raise RuntimeError(f"the server ended with exit code {server.returncode}: {log.read_text()[-2_000:]}")


@contextlib.contextmanager
def _running(command, log, **environment):
    """A process in the folder of its log, ended with the block."""
    with log.open("w") as file:
        process = subprocess.Popen(
            command, cwd=log.parent, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(address):
    with contextlib.suppress(OSError):
        urllib.request.urlopen(address, timeout=1).close()
        return True
    return False


def processes_with(word):
    """The processes started by this one, and by those, that have a word in their command.

    A worker of the suite has others beside those of a test: the server of the pages, browsers. Some end meanwhile.
    """
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in child.cmdline():
                found.append(child)
    return found


def process_at(address):
    """The process of the server at an address."""
    return processes_with(str(urlsplit(address).port))[0]


def wait_until(happens, seconds=PATIENCE):
    """Wait until something that is looked for again and again is true."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} seconds"
        time.sleep(0.1)


@contextlib.contextmanager
def answering(handler):
    """Answer requests on a free port of this machine and yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def running_browser():
    """Start headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def new_page(browser, **settings):
    """Open a page that knows nothing of the others, and notes what it asks for and what goes wrong in it."""
    page = browser.new_context(**settings).new_page()
    page.requested, page.complaints, page.waits = [], [], False
    page.on("websocket", lambda socket: _note_talk(page, socket))
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.set_default_timeout(1000 * PATIENCE)
    return page


def _note_talk(page, socket):
    """Keep in mind whether the last word was the page's: the server has not begun to answer it then."""
    page.waits = False
    socket.on("framesent", lambda _: setattr(page, "waits", True))
    socket.on("framereceived", lambda _: setattr(page, "waits", False))


def asked_elsewhere(page, site):
    """What a page has asked of other machines."""
    own = (f"{site}/", f"{site.replace('http', 'ws')}/", "data:", "blob:")
    return [url for url in page.requested if not url.startswith(own)]


def upload(page, name, content):
    """Give the Data page, which is open, a file; return the id of the dataset, which is in the address then."""
    from playwright.sync_api import TimeoutError

    before = page.url
    page.locator('input[type="file"]').first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    try:
        page.wait_for_url(lambda url: "dataset=" in url and url != before)
    except TimeoutError as error:
        raise AssertionError(f"{name} is not the dataset; the page says: {page.inner_text('body')[:2_000]}") from error
    settle(page)
    return re.search(r"dataset=(\w+)", page.url)[1]


def settle(page):
    """Wait until the page has run and rests.

    A page that has just asked for something still says that it rests, until the server answers: half a second later
    where the machine is busy.
    """
    deadline = time.monotonic() + PATIENCE
    page.wait_for_timeout(300)  # Widgets wait a moment for what a person does next.
    while getattr(page, "waits", False) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    page.wait_for_selector(IDLE, state="attached")


def choose(page, box, option):
    """Choose in a list: one that has opened closes when its box is drawn anew, and whoever saw that opens it again."""
    wanted = page.get_by_role("option", name=option)
    for _ in range(100):
        page.get_by_role("combobox", name=box).click()
        page.wait_for_timeout(1000)
        if wanted.is_visible():
            wanted.click()
            return
    raise AssertionError(f"the list {box!r} did not stay open")


def point_at(page, x, y, shown):
    """Move the pointer to a place until something is shown there: what is just being drawn anew misses a move."""
    shown = shown.first
    for nudge in range(600):
        page.mouse.move(x + nudge % 2, y)
        page.wait_for_timeout(100)
        if shown.is_visible():
            return
    raise AssertionError("nothing showed under the pointer")
