"""Take the screenshots of the README and of every page, light and dark, at two widths: ``make screenshots``.

The files for the README go to ``docs/images/``; the rest to the folder given, ``build/screenshots`` by default.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from app_server import running_browser, running_server, settle  # noqa: E402

VIEWS = {
    "home": "/",
    "data": "/Data",
    "similarity": "/Similarity",
    "similarity-all": "/Similarity?matrix_texts=All+texts",
    "duplicates": "/Duplicates?threshold=0.9",
    "clusters": "/Clusters",
    "clusters-3d": "/Clusters?dimensions=3-D",
    "clusters-labels": "/Clusters?k_by=Chosen&k=12&view=Against+the+labels",
    "clusters-hierarchy": "/Clusters?method=Hierarchy&view=Outliers",
    "clusters-dense": "/Clusters?method=HDBSCAN&view=Three+maps",
    "search": "/Search?query=my+parcel+has+not+arrived",
    "search-both": "/Search?query=my+parcel+is+late&by=Both",
    "search-sides": "/Search?query=parcel&by=Side+by+side",
    "classification": "/Classification",
    "classification-wrong": "/Classification?labels_view=Confidently+wrong",
    "compare": "/Compare?run=1",
    "compare-cost": "/Compare?run=1&view=Cost",
    "compare-agreement": "/Compare?run=1&view=Agreement",
    "compare-maps": "/Compare?run=1&view=Side+by+side",
    "compare-matrices": "/Compare?run=1&view=Side+by+side&sides=Matrices",
    "compare-search": "/Compare?run=1&view=Side+by+side&sides=One+search&dataset=refrigerators",
    "compare-code": "/Compare?run=1&view=Take+away",
    "inside": "/Inside",
    "models": "/Models",
    "cache": "/Cache",
}
README_VIEWS = ("clusters", "search", "similarity")


def main() -> None:
    """Open each view on a fresh page and save what a person would see."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--only", nargs="*", default=list(VIEWS), help="views to take")
    parser.add_argument("--widths", nargs="*", type=int, default=[1280, 1920])
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_server(folder) as address, running_browser() as browser:
        for scheme in ("light", "dark"):
            for width in options.widths:
                context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=scheme)
                for name in options.only:
                    page = context.new_page()
                    page.goto(address + VIEWS[name])
                    page.get_by_test_id("stSidebar").wait_for()
                    settle(page)
                    page.wait_for_timeout(2500)  # figures fade in after the script has ended
                    page.screenshot(path=options.output / f"{name}-{scheme}-{width}.png")
                    full = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
                    page.set_viewport_size({"width": width, "height": max(1000, int(full))})
                    page.wait_for_timeout(800)
                    page.screenshot(path=options.output / f"{name}-{scheme}-{width}-full.png")
                    if scheme == "light" and width == 1280 and name in README_VIEWS:
                        page.set_viewport_size({"width": width, "height": 1000})
                        page.wait_for_timeout(800)
                        page.screenshot(path=images / f"{name}.png")
                    page.close()
                context.close()


if __name__ == "__main__":
    main()
