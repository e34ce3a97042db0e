"""Two kinds of visitors for the load test: one in a real browser, one that speaks Streamlit's protocol."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import IDLE, running_browser
from app_session import Session

# Seconds after which a person gives up.
PATIENCE = 300
QUESTION = "What are you looking for?"
WRONG = '[data-testid="stException"], [data-testid="stAlertContentError"]'
# Seconds by the browser's own clock, from the next key to a list of hits that is new or was out of date meanwhile.
WATCH_FOR_HITS = """() => { window.hits = new Promise(resolve => {
  const listed = () => document.querySelector('[class*="st-key-hits-"]');
  const key = () => listed()?.className.match(/st-key-hits-\\S+/)[0];
  const before = key();
  let wasStale = false;
  document.addEventListener("keydown", () => {
    const start = performance.now();
    const look = setInterval(() => {
      wasStale ||= listed()?.dataset.stale === "true";
      if (key() === before && !wasStale) return;
      if (listed()?.dataset.stale !== "false" || !listed().querySelector("canvas")) return;
      clearInterval(look);
      resolve((performance.now() - start) / 1000);
    }, 10);
  }, {once: true});
})}"""


class InBrowser:
    """A person with a page of Chromium."""

    kind = "in Chromium"

    def __init__(self, page: Page) -> None:
        self.page, self.noted = page, list[str]()
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: self.noted.append(f"page: {error}"))
        page.on(
            "console", lambda said: said.type == "error" and self.noted.append(f"{said.text} {said.location['url']}")
        )

    @classmethod
    @contextmanager
    def visiting(cls, address: str) -> Iterator["InBrowser"]:
        """Open the app in a browser of her own."""
        with running_browser() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            visitor = cls(page)
            page.goto(address)
            visitor._follow("Data")
            yield visitor

    def upload(self, file: Path) -> None:
        """Load a file."""
        self.page.locator('input[type="file"]').first.set_input_files(file)
        self.page.get_by_role("heading", name=file.name).wait_for()

    def see_map(self) -> None:
        """Open Clusters and wait for the map."""
        self._follow("Clusters")
        self.page.locator(".map[data-drawn]").wait_for()
        self._settle()

    def begin_search(self) -> None:
        """Open Search."""
        self._follow("Search")
        self._settle()

    def search(self, query: str) -> float:
        """Search, and return the seconds from the key to the hits."""
        box = self.page.get_by_label(QUESTION)
        box.fill(query)
        self.page.evaluate(WATCH_FOR_HITS)
        box.press("Enter")
        seconds: float = self.page.evaluate("() => window.hits")
        self._settle()
        return seconds

    @property
    def errors(self) -> list[str]:
        """What went wrong so far."""
        return [*self.noted, *self.page.locator(WRONG).all_inner_texts()]

    def _follow(self, title: str) -> None:
        self.page.get_by_role("link", name=title, exact=True).first.click()
        self.page.get_by_role("heading", name=title, exact=True).wait_for()

    def _settle(self) -> None:
        self.page.wait_for_selector(IDLE, state="attached")


class OverProtocol:
    """A person whose browser costs nothing here: what the server does for her is the same."""

    kind = "over the protocol"

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    @contextmanager
    def visiting(cls, address: str) -> Iterator["OverProtocol"]:
        """Open the app."""
        with Session(address, PATIENCE) as session:
            session.open("Data")
            yield cls(session)

    def upload(self, file: Path) -> None:
        """Load a file."""
        self.session.upload("Your files", file)

    def see_map(self) -> None:
        """Open Clusters and wait for the map."""
        self.session.follow("Clusters")
        assert any(kind == "bidi_component" for kind, _ in self.session.elements.values()), "no map"

    def begin_search(self) -> None:
        """Open Search."""
        self.session.follow("Search")

    def search(self, query: str) -> float:
        """Search, and return the seconds from the question to the hits."""
        seconds: float = self.session.type_in(QUESTION, query, shows="hits-")
        return seconds

    @property
    def errors(self) -> list[str]:
        """What went wrong so far."""
        return list(self.session.errors)
