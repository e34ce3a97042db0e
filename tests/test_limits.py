"""Limits: each at, below and above, said in a sentence, and memory refused before it is taken."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import fields

import numpy as np
import openpyxl
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from page_app import messages, open_page

import embedlab as el
from embedlab.errors import InvalidInputError, NotEnoughMemoryError, TableError
from embedlab.limits import Limits, check_bytes, free_memory, setting_of
from embedlab.store import EmbeddingStore
from embedlab.uploads import DatasetStore, id_of_sample
from embedlab.vectors import read_vectors

RNG = np.random.default_rng(0)


def columns(n_rows, n_columns=2, cell="text"):
    """A column of texts, and columns of numbers beside it: what has a header for certain."""
    texts = {"text": [f"{cell} {row}" for row in range(n_rows)]}
    return texts | {f"n{i}": [str(row) for row in range(n_rows)] for i in range(1, n_columns)}


def csv(*shape):
    table = columns(*shape)
    return "\n".join(map(",".join, [table, *zip(*table.values(), strict=True)])).encode()


def parquet(*shape):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns(*shape)), stream)
    return stream.getvalue()


def json_lines(*shape):
    table = columns(*shape)
    rows = zip(*table.values(), strict=True)
    return "\n".join(json.dumps(dict(zip(table, row, strict=True))) for row in rows).encode()


def workbook(*shape):
    book, table, stream = openpyxl.Workbook(), columns(*shape), io.BytesIO()
    for row in [list(table), *zip(*table.values(), strict=True)]:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


FORMATS = {"a.csv": csv, "a.parquet": parquet, "a.jsonl": json_lines, "a.xlsx": workbook}


@pytest.mark.parametrize("name", FORMATS)
def test_rows_columns_and_characters(name, set_limits):
    """The last number that passes and the first that does not, in every format."""
    make = FORMATS[name]
    set_limits(max_rows=4, max_columns=3, max_cell_chars=8, max_total_chars=100)
    for n_rows, n_columns in ((3, 2), (4, 2), (4, 3)):
        assert el.read_table(make(n_rows, n_columns), name=name).frame.shape == (n_rows, n_columns)
    with pytest.raises(TableError, match=r"5 rows; up to 4 are read \(EMBEDLAB_MAX_ROWS\)\. Split it"):
        el.read_table(make(5), name=name)
    with pytest.raises(TableError, match=r"4 columns; up to 3 are read \(EMBEDLAB_MAX_COLUMNS\)\. Keep the ones"):
        el.read_table(make(3, 4), name=name)
    # "text 0" has six characters, "longer 0" eight, "too long 0" ten.
    for cell, n_cut in (("text", 0), ("longer", 0), ("too long", 2)):
        table = el.read_table(make(2, 2, cell), name=name)
        assert max(map(len, table.frame["text"])) <= 8
        notes = f"{n_cut} cells had more than 8 characters and were cut there (EMBEDLAB_MAX_CELL_CHARS)."
        assert (notes in table.report.notes) == bool(n_cut)


def test_characters_of_a_whole_parquet(set_limits):
    """A dictionary says one long text many times in a few bytes."""
    set_limits(max_total_chars=60)
    assert len(el.read_table(parquet(10, 1), name="a.parquet").frame) == 10  # 10 times "text 0"
    set_limits(max_total_chars=59)
    with pytest.raises(TableError, match=r"more than 59 characters \(EMBEDLAB_MAX_TOTAL_CHARS\)"):
        el.read_table(parquet(10, 1), name="a.parquet")


def test_size_of_a_file(set_limits, tmp_path):
    """Of a file on disk no more is read than shows that it is too large."""
    set_limits(max_upload_mib=1)
    path = tmp_path / "a.csv"
    content = b"text,n\n" + b"some words,1\n" * 100_000
    path.write_bytes(content[: 1 << 20])
    assert len(el.read_table(path).frame) > 80_000
    path.write_bytes(content[: (1 << 20) + 1])

    class Stream(io.BytesIO):
        def read(self, size=-1):
            assert 0 <= size <= (1 << 20) + 1
            return super().read(size)

    for source in (path, content[: (1 << 20) + 1], Stream(content)):
        with pytest.raises(TableError, match=r"more than 1 MiB.*\(EMBEDLAB_MAX_UPLOAD_MIB\)\. Split it"):
            el.read_table(source, name="a.csv")


def test_what_a_compressed_file_unpacks_to(set_limits):
    """By the size inside, before anything is unpacked: 3 MiB that all say the same are some kB."""
    set_limits(max_unpacked_mib=1)
    column = pa.array(["x" * 100 + str(i) for i in range(30_000)])
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": column}), stream, compression="zstd")
    assert len(stream.getvalue()) < 1 << 20
    with pytest.raises(TableError, match=r"unpacks to 3 MiB; up to 1 MiB are read \(EMBEDLAB_MAX_UNPACKED_MIB\)"):
        el.read_table(stream.getvalue(), name="a.parquet")
    with pytest.raises(TableError, match=r"unpacks to \d MiB; up to 1 MiB"):
        el.read_table(workbook(20_000), name="a.xlsx")
    numbers, stream = np.zeros((1000, 300), dtype=np.float32), io.BytesIO()
    numbers[:, 0] = np.arange(1000)
    pq.write_table(pa.table({"embedding": list(numbers)}), stream, use_dictionary=False)
    rows = np.arange(1000)
    with pytest.raises(InvalidInputError, match="unpacks to 1 MiB; up to 1 MiB"):
        read_vectors(stream.getvalue(), "v.parquet", rows, 1000)
    set_limits(max_unpacked_mib=4)
    assert len(el.read_table(workbook(20_000), name="a.xlsx").frame) == 20_000
    assert read_vectors(stream.getvalue(), "v.parquet", rows, 1000).shape == (1000, 300)


def test_similarity_matrix(set_limits):
    set_limits(max_matrix_mib=1)
    rows = RNG.standard_normal((513, 2))
    assert el.cosine_similarity(rows[:511]).shape == (511, 511)
    assert el.cosine_similarity(rows[:512]).nbytes == 1 << 20
    with pytest.raises(InvalidInputError, match=r"513 × 512 .* limit is 1 MiB \(EMBEDLAB_MAX_MATRIX_MIB\)\. Use near"):
        el.cosine_similarity(rows, rows[:512])


@pytest.mark.parametrize("method", ["kmeans", "agglomerative"])
def test_number_of_clusters(method, set_limits):
    set_limits(max_clusters=4)
    rows = RNG.standard_normal((20, 3))
    for n_clusters in (3, 4):
        assert el.cluster(rows, n_clusters, method=method).n_clusters == n_clusters
    with pytest.raises(InvalidInputError, match="n_clusters=5 is too large: the limit is EMBEDLAB_MAX_CLUSTERS"):
        el.cluster(rows, 5, method=method)


def test_rows_on_a_tsne_map(set_limits):
    set_limits(max_tsne_rows=20)
    rows = RNG.standard_normal((21, 3))
    assert el.project(rows[:20], "tsne").method == "tsne"
    with pytest.raises(InvalidInputError, match=r"21 different texts; t-SNE lays out 20 at most \(EMBEDLAB_MAX_TSNE"):
        el.project(rows, "tsne")


def test_what_is_kept(set_limits, tmp_path):
    set_limits(max_cache_mib=3)
    assert EmbeddingStore(tmp_path).max_bytes == 3 << 20
    assert EmbeddingStore(tmp_path, max_bytes=1 << 20).max_bytes == 1 << 20


# ---------------------------------------------------------------- settings


def test_settings_are_read_from_the_environment():
    found = Limits.from_environment({"EMBEDLAB_MAX_ROWS": "5_000", "EMBEDLAB_MAX_MEMORY_PERCENT": "100", "PATH": "x"})
    assert found == Limits(max_rows=5000, max_memory_percent=100)
    assert Limits.from_environment({}) == Limits()


@pytest.mark.parametrize("field", fields(Limits), ids=lambda field: field.name)
@pytest.mark.parametrize("value", ["", "many", "0", "-1", "1.5", "1e6", "9" * 5000])
def test_a_malformed_setting_is_a_sentence(field, value):
    if value == "9" * 5000 and "percent" not in field.name:
        value = "1 MiB"
    with pytest.raises(InvalidInputError, match=f"^{setting_of(field.name)}=.* Set one, such as {field.default}, or"):
        Limits.from_environment({setting_of(field.name): value})


def test_a_share_ends_at_a_hundred():
    with pytest.raises(InvalidInputError, match="from 1 to 100"):
        Limits.from_environment({"EMBEDLAB_MAX_MEMORY_PERCENT": "101"})


def test_every_limit_has_its_reason():
    for field in fields(Limits):
        assert re.search(rf"    {field.name} : int, default={field.default:,}\n        \S", Limits.__doc__)


def test_the_server_does_not_start_on_a_malformed_setting():
    command = [sys.executable, "-c", "from embedlab.cli import main; raise SystemExit(main(['--port', '1']))"]
    environment = {**os.environ, "EMBEDLAB_MAX_ROWS": "many"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("embedlab: EMBEDLAB_MAX_ROWS='many' is no whole number above 0.")
    assert not done.stdout


# ---------------------------------------------------------------- memory


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


# ---------------------------------------------------------------- samples


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
    assert (sample.file_name, sample.sha256, sample.text_column) == ("a.csv", whole.sha256, "text")
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
