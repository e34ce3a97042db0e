"""The real bundled model, tiny models of other families, and the public data where it is at hand."""

import atexit
import csv
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

# The hub's library reads this when it is imported: nothing in the suite may reach for the network.
os.environ["HF_HUB_OFFLINE"] = "1"
# Two workers, their servers and browsers share the cores: threads that spin while they wait for one another hold up all
# the others. What the suite starts inherits both.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What is kept between two starts lies in a folder of the suite's own, for its processes and the servers they start.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for setting in ("EMBEDLAB_CACHE", "EMBEDLAB_DATA"):
        os.environ[setting] = tempfile.mkdtemp(prefix="embedlab-tests-")
        atexit.register(shutil.rmtree, os.environ[setting], ignore_errors=True)
import numpy as np
import pytest
from app_server import new_page, running_browser, running_server
from hypothesis import HealthCheck, settings
from places import SHARED

import embedlab as el
from embedlab.hosted import policy
from embedlab.limits import limits, setting_of

# How long an example takes says how busy the machine is.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

PAGES_FIRST = re.compile("_pages?.py$")
# Files without a page or a browser that take longest.
LONG = {
    "test_cli", "test_conversion", "test_determinism", "test_encoder", "test_housekeeping", "test_inspection",
    "test_layout", "test_process", "test_program", "test_projection", "test_work",
}  # fmt: skip


def pytest_collection_modifyitems(items):
    """Files that take minutes go first, so that no worker waits for another one's at the end.

    The pages stand before the browser's files: what is converted and compiled at first is ready when those start.
    """
    items.sort(
        key=lambda item: (
            PAGES_FIRST.search(item.path.name) is None,
            "browser" not in item.path.name,
            item.path.stem not in LONG,
        )
    )


@pytest.fixture(scope="module", autouse=True)
def next_server():
    """The server of the next module's pages has seen nobody, and no job goes on in the background."""
    yield
    if "streamlit" in sys.modules:
        sys.modules["streamlit"].cache_resource.clear()


@pytest.fixture
def fresh_server():
    """A server that has seen nobody, for one test: otherwise the pages of a module share what they have computed."""
    import streamlit as st

    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def hosted_policy():
    """A page puts in force what its environment allows to be sent: it ends with the test, as the environment does."""
    yield
    policy._enforced.clear()
    policy._of_environment.cache_clear()


@pytest.fixture(autouse=True)
def main_module():
    """A page that was run has put itself in the place of the main module, which new processes would run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def encoder():
    """all-MiniLM-L6-v2 in exact arithmetic."""
    return el.load_encoder("all-MiniLM-L6-v2", precision="float32")


@pytest.fixture(scope="session")
def inspector():
    """The same model, to look into."""
    return el.load_inspector()


@pytest.fixture
def set_limits():
    """A function that sets limits as whoever runs a server does: by the environment."""
    with pytest.MonkeyPatch.context() as patch:

        def set_(**numbers):
            for name, number in numbers.items():
                patch.setenv(setting_of(name), str(number))
            limits.cache_clear()

        yield set_
    limits.cache_clear()


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A folder of a test's own for what is kept, with no embeddings yet; the models are those of the whole suite."""
    models = Path(os.environ["EMBEDLAB_CACHE"]) / "models"
    models.mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models").symlink_to(models)
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def own_data(tmp_path, monkeypatch):
    """A folder of a test's own for what a person keeps, with nothing in it yet."""
    monkeypatch.setenv("EMBEDLAB_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def texts_a_second(encoder):
    """How fast this machine embeds short texts: some seconds of work are 20,000 texts on one and 3,000 on another."""
    texts = [f"The parcel for order {number} came late, and it came broken." for number in range(300)]
    start = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - start)


@pytest.fixture
def embeddings():
    """120 rows in 16 dimensions."""
    return np.random.default_rng(0).standard_normal((120, 16)).astype(np.float32)


@pytest.fixture
def small_blocks(monkeypatch):
    """Work in blocks that few rows fill."""
    monkeypatch.setattr("embedlab.rows.BLOCK_ELEMENTS", 1000)


@pytest.fixture(scope="session")
def token_states():
    """Random token vectors (5, 7, 4) with masks padded on the right, and the same padded on the left."""
    rng = np.random.default_rng(0)
    lengths = [7, 1, 3, 5, 2]
    states = rng.standard_normal((5, 7, 4)).astype(np.float32)
    right = np.array([[1] * n + [0] * (7 - n) for n in lengths])
    left_states = np.stack([np.roll(row, 7 - n, axis=0) for row, n in zip(states, lengths, strict=True)])
    return states, right, left_states, right[:, ::-1].copy()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A function that saves a tiny random BERT with the given sentence head and returns its folder."""
    from tiny_models import save_tiny_model  # Not before: the process that hands out the tests needs no torch.

    def save(**head):
        return save_tiny_model(tmp_path_factory.mktemp("model"), **head)

    return save


@pytest.fixture(scope="session")
def tiny_decoder(tmp_path_factory):
    """The folder of a tiny random decoder with last-token pooling, padded on the left."""
    from tiny_models import save_tiny_decoder

    return save_tiny_decoder(tmp_path_factory.mktemp("decoder"))


@pytest.fixture(scope="session")
def shared_data():
    """The folder of public data sets beside the checkout; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the public data sets (shared/data) are not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def sts_dev(shared_data):
    """English STS benchmark, dev split: two lists of texts and their scores."""
    with (shared_data / "stsb" / "stsb-en-dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory):
    """Where the server of all files runs, and keeps its log."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def site(site_folder):
    """A server started in an empty folder, as after ``pip install``; it goes on for the tests of all files."""
    with running_server(site_folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with running_browser() as browser:
        yield browser


@pytest.fixture
def page(browser):
    page = new_page(browser, viewport={"width": 1280, "height": 1200}, accept_downloads=True)
    yield page
    page.context.close()
