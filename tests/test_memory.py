"""Memory: what would not fit is refused beforehand, and a sample is offered that does fit."""

import re
import subprocess
import sys

import numpy as np
import psutil
import pytest
from page_app import messages, open_page
from table_files import csv

import embedlab as el
from embedlab.datasets import DatasetStore, id_of_sample
from embedlab.errors import InvalidInputError, NotEnoughMemoryError
from embedlab.inspection import Inspection
from embedlab.jobs.job import size_of
from embedlab.limits import check_bytes, free_memory
from embedlab.store import EmbeddingStore


def test_free_memory_is_what_the_machine_has_at_most():
    assert 0 < free_memory() <= psutil.virtual_memory().total


def test_needs_are_held_against_the_share_of_what_is_free(monkeypatch, set_limits):
    """Of 1,000 MiB free one operation may take half, 64 MiB of it for blocks: 436 MiB pass, one byte more does not."""
    monkeypatch.setattr("embedlab.limits.free_memory", lambda: 1000 << 20)
    set_limits(max_memory_percent=50)
    check_bytes(436 << 20, "This")
    with pytest.raises(
        NotEnoughMemoryError, match="^This needs about 500 MiB .* 1000 MiB are free, .* 50 %"
    ) as refused:
        check_bytes((436 << 20) + 1, "This")
    assert refused.value.n_fitting == 0
    with pytest.raises(NotEnoughMemoryError, match=r"Take a sample of 100,000 rows\.") as refused:
        check_bytes(4000 << 20, "This", 1_000_000)
    assert refused.value.n_fitting == 100_000  # 109,000, rounded down to a number one can say


def test_what_would_not_fit_is_refused_before_it_begins(encoder, monkeypatch, tmp_path):
    monkeypatch.setattr("embedlab.limits.free_memory", lambda: 100 << 20)
    rows, texts = np.full((40_000, 384), 1.0, dtype=np.float32), ["text"] * 40_000
    for operation in (
        lambda: encoder.encode(texts),
        lambda: EmbeddingStore(tmp_path).encode(encoder, texts),
        lambda: el.cluster(rows),
        lambda: el.neighbor_graph(rows),
        lambda: el.neighbor_graph(rows, method="approximate"),
        lambda: el.project(rows),
        lambda: el.find_duplicates(texts, rows),
        lambda: el.SearchIndex(texts, rows),
        lambda: el.cosine_similarity(rows),
    ):
        with pytest.raises(
            (NotEnoughMemoryError, InvalidInputError), match="40,000 .* 100 MiB are free, |40,000 × 40,000"
        ):
            operation()


SAMPLED = """
import resource
import numpy as np, psutil
import embedlab as el

rows = np.random.default_rng(0).standard_normal((40_000, 64)).astype(np.float32)
el.cluster(rows[:300], 2)  # libraries and their threads are there
limit = psutil.Process().memory_info().vms + (150 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    el.cluster(rows, 2)
except el.NotEnoughMemoryError as refused:
    print(refused.n_fitting, refused)
    print(len(el.cluster(rows[: refused.n_fitting], 2).labels))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a process is set as on Linux")
def test_the_sample_that_is_said_to_fit_does_fit():
    """Within a limit of its own, a process says so instead of dying, and the offer is good."""
    done = subprocess.run([sys.executable, "-c", SAMPLED], capture_output=True, text=True, check=False)
    said, clustered = done.stdout.splitlines() or [done.stderr, ""]
    assert re.match(r"20000 Clustering 40,000 texts needs about 153 MiB of memory; 1[45]\d MiB are free", said), (
        done.stderr
    )
    assert clustered == "20000", done.stderr


@pytest.mark.parametrize("line", [b"\n", b"a\n", b"a,b\n", b'{"text": "a"}\n'], ids=["empty", "one", "two", "json"])
def test_short_lines_are_counted_before_they_become_rows(line, monkeypatch):
    """Two million lines are some MB as a file and more than 512 MiB as rows."""
    monkeypatch.setattr("embedlab.limits.free_memory", lambda: 512 << 20)
    with pytest.raises(NotEnoughMemoryError, match="^Reading a.csv needs about .* Make it smaller"):
        el.read_table(b"text,n\n" * (line[:1] != b"{") + line * 2_000_000, name="a.csv")


def test_a_sample_is_the_same_every_time():
    table = el.read_table(csv(1000), name="a.csv")
    sample = el.sample_table(table, 100)
    numbers = sample.frame["n1"].astype(int).to_numpy()
    assert len(set(numbers)) == 100
    assert (np.diff(numbers) > 0).all()
    assert el.sample_table(table, 100).frame.equals(sample.frame)
    assert not el.sample_table(table, 100, random_state=1).frame.equals(sample.frame)
    # A draw at random: means of 100 of the numbers 0 to 999 lie within 5 standard errors of theirs.
    assert abs(numbers.mean() - 499.5) < 5 * 289 / 10
    assert sample.report.notes == ("A random sample of 100 of 1,000 rows, the same every time.",)
    assert sample.report.n_rows == 100
    assert el.sample_table(table, 1000) is table
    with pytest.raises(InvalidInputError, match="n_rows=0"):
        el.sample_table(table, 0)


def test_a_sample_has_an_address_of_its_own():
    store = DatasetStore()
    whole = store.add(csv(50), "a.csv")
    id_ = id_of_sample(whole.id, 20)
    sample = store.get(id_)
    assert sample is store.get(id_)
    assert (sample.id, sample.title, len(sample.table.frame)) == (id_, "a.csv (sample of 20 rows)", 20)
    assert (list(sample.digests), sample.digests, sample.text_column) == (["a.csv"], whole.digests, "text")
    assert id_of_sample(id_, 10) == id_of_sample(whole.id, 10)
    assert store.get(id_of_sample(whole.id, 50)) is whole
    for wrong in ("0", "-1", "1.5", "x", "", "²", "9" * 5000, "5~5"):
        assert store.get(f"{whole.id}~{wrong}") is None
    assert store.get(f"{'0' * 32}~5") is None


def test_a_page_says_that_memory_does_not_suffice_and_offers_a_sample(monkeypatch):
    """Room for the clusters of 260 of the 310 texts: a sample of 200 is offered, and used by a click."""
    monkeypatch.setattr("embedlab.limits._UNNOTICED", 0)
    monkeypatch.setattr("embedlab.limits.free_memory", lambda: ((64 << 20) + 260 * (8 * 4 * 384 + 300)) * 100 // 80 + 1)
    app = open_page("Clusters")
    assert not app.exception
    (said,) = messages(app)
    assert "Take a sample of 200 rows" in said
    (button,) = [button for button in app.button if button.label.startswith("Use a sample")]
    app = button.click().run()
    assert not app.exception
    assert not messages(app)
    assert app.query_params["dataset"] == "support_messages~200"
    assert app.selectbox(key="dataset").options[0] == "Support messages (sample of 200 rows)"
    settings = [button for button in app.get("download_button") if button.label == "Settings"]
    assert settings
    link = open_page("Data", dataset="support_messages~200")
    assert not messages(link)
    assert "A random sample of 200 of 310 rows" in " ".join(caption.value for caption in link.caption)


def test_a_kept_inspection_is_counted_by_its_arrays(inspector):
    """The memory of results is bounded by what their arrays take."""
    inspection = inspector.inspect("Unbelievably, the riverbank closed.")
    assert isinstance(inspection, Inspection)
    arrays = inspection.layers.nbytes + inspection.attention.nbytes + inspection.received.nbytes
    assert arrays < size_of(inspection) < arrays + 10_000, "its tokens take little"
    assert inspector.nbytes > 80e6
