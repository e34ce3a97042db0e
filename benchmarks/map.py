"""The map in the browser beside Plotly's: what is sent, when it is drawn, what a lasso and a highlight cost, memory.

Each row has a server and a browser of its own. Times are of one run in Chromium with whatever draws WebGL on this
machine, in software where there is no graphics card; bytes and memory do not depend on that.
"""

import argparse
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from _shared import print_table
from playwright.sync_api import Page, WebSocket

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))
from app_server import running_browser, settle

SIZES = (1_000, 100_000, 1_000_000)
MOST_PLOTLY = 100_000
# A closed line around the middle of the map, in parts of its width and height.
LINE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32))
APP = """
import numpy as np
import plotly.graph_objects as go
import streamlit as st

from embedlab.plots.look.coloring import color_points
from embedlab.ui.webgl import point_map

n, kind = int(st.query_params["n"]), st.query_params["kind"]


@st.cache_resource
def data(n):
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 12, n)
    places = rng.normal(scale=4, size=(12, 2))[groups] + rng.normal(size=(n, 2))
    return places.astype(np.float32), color_points([f"group {group}" for group in groups], "Group")


class Texts:
    def __len__(self):
        return n

    def __getitem__(self, row):
        if row >= n:
            raise IndexError(row)
        return f"text {row}"


places, coloring = data(n)
marked = np.arange(10) if st.checkbox("mark") else np.arange(0)
if kind == "webgl":
    point_map(
        places, Texts(), coloring, key="map", label="Map", marked=marked, height=600,
        on_select=lambda rows, said: st.session_state.update(count=len(rows)),
    )
else:
    figure = go.Figure(go.Scattergl(x=places[:, 0], y=places[:, 1], mode="markers", marker={"color": coloring.numbers}))
    if len(marked):
        figure.add_trace(go.Scattergl(x=places[marked, 0], y=places[marked, 1], mode="markers"))
    figure.update_layout(dragmode="lasso", height=600, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    event = st.plotly_chart(figure, key="plotly", on_select="rerun", selection_mode="lasso")
    st.session_state["count"] = len(event["selection"]["points"])
st.text(f"selected: {st.session_state.get('count', 0)}")
"""


def main() -> None:
    """Print a row for each way and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    options = parser.parse_args()
    # A million of Plotly's points were not drawn and drawn around within four minutes when it was tried.
    ways = [(kind, n) for n in options.sizes for kind in ("webgl", "plotly") if kind == "webgl" or n <= MOST_PLOTLY]
    rows = [measure(kind, n) for kind, n in ways]
    header = "points | map | MB sent | s to drawn | MB of heap | KB for a highlight | KB of a lasso | s to its count"
    print_table(header, rows)


def measure(kind: str, n: int) -> str:
    """Open the page, highlight ten points, draw a lasso, and return what it took as a row of the table."""
    with running_app() as address, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        received, sent = [0], [0]
        page.on("websocket", lambda connection: watch(connection, received, sent))
        page.set_default_timeout(180_000)
        start = time.perf_counter()
        page.goto(f"{address}/?n={n}&kind={kind}")
        drawn = f'.map[data-drawn="{n}"]' if kind == "webgl" else ".js-plotly-plot .gl-canvas, .js-plotly-plot canvas"
        page.locator(drawn).first.wait_for(state="attached")
        settle(page, 180_000)
        seconds, megabytes = time.perf_counter() - start, received[0] / 1e6
        page.wait_for_timeout(3000)
        before = received[0]
        page.get_by_text("mark", exact=True).click()
        page.wait_for_timeout(1500)
        settle(page, 180_000)
        highlight = (received[0] - before) / 1e3
        lasso, waited = draw_lasso(page, kind, sent)
        heap = page.evaluate("() => { window.gc?.(); return performance.memory.usedJSHeapSize }") / 1e6
        name = "EmbedLab" if kind == "webgl" else "Plotly scattergl"
        return f"{n:,} | {name} | {megabytes:.1f} | {seconds:.1f} | {heap:.0f} | {highlight:,.1f} | {lasso} | {waited}"


def draw_lasso(page: Page, kind: str, sent: list[int]) -> tuple[str, str]:
    """Draw around the middle of the map, and return the bytes sent and the seconds until the count is shown."""
    if kind == "webgl":
        page.locator(".map").get_by_role("button", name="Lasso").click()
    box = page.locator(".map" if kind == "webgl" else ".js-plotly-plot").first.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in LINE]
    before = sent[0]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=15)
    start = time.perf_counter()
    page.mouse.up()
    try:
        page.get_by_text("selected: ").filter(has_not_text="selected: 0").wait_for(timeout=60_000)
    except Exception:
        return "–", "no answer"
    return f"{(sent[0] - before) / 1e3:,.1f}", f"{time.perf_counter() - start:.1f}"


def watch(connection: WebSocket, received: list[int], sent: list[int]) -> None:
    """Count the bytes of a connection in both directions."""
    connection.on("framereceived", lambda payload: received.__setitem__(0, received[0] + len(payload)))
    connection.on("framesent", lambda payload: sent.__setitem__(0, sent[0] + len(payload)))


@contextlib.contextmanager
def running_app() -> Iterator[str]:
    """Serve the page of this benchmark and yield its address."""
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        Path(folder, "app.py").write_text(APP, encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        command += [
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
            "--server.fileWatcherType",
            "none",
        ]
        with Path(folder, "log").open("w") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        time.sleep(5)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
