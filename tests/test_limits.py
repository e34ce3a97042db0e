"""Limits: each at, below and above, said in a sentence."""

import io
import os
import re
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_files import FORMATS, parquet, workbook

import embedlab as el
from embedlab.datasets import read_vectors
from embedlab.errors import InvalidInputError, TableError
from embedlab.limits import Limits, setting_of, total_memory
from embedlab.store import EmbeddingStore

RNG = np.random.default_rng(0)


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
    with pytest.raises(TableError, match=r"more than 1 MiB, the most that is read \(EMBEDLAB_MAX_UNPACKED_MIB\)"):
        el.read_table(stream.getvalue(), name="a.parquet")
    with pytest.raises(TableError, match="unpacks to more than 1 MiB"):
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
    with pytest.raises(
        InvalidInputError, match=f"^{setting_of(field.name)}=.* Set one, such as {getattr(Limits(), field.name)}, or"
    ):
        Limits.from_environment({setting_of(field.name): value})


def test_a_share_ends_at_a_hundred():
    with pytest.raises(InvalidInputError, match="from 1 to 100"):
        Limits.from_environment({"EMBEDLAB_MAX_MEMORY_PERCENT": "101"})


def test_every_limit_has_its_reason():
    for field in fields(Limits):
        default = "a quarter of the memory.*" if field.name == "max_results_mib" else f"{field.default:,}"
        assert re.search(rf"    {field.name} : int, default={default}\n        \S", Limits.__doc__)


@pytest.mark.parametrize(("gib", "mib"), [(2, 2_048), (8, 2_048), (16, 4_096), (128, 32_768)])
def test_results_take_a_share_of_the_memory(gib, mib, monkeypatch):
    """A model of 2.3 GB and what is computed by it have room on a machine that has it."""
    monkeypatch.setattr("embedlab.limits.total_memory", lambda: gib << 30)
    assert Limits().max_results_mib == mib
    assert Limits.from_environment({"EMBEDLAB_MAX_RESULTS_MIB": "7"}).max_results_mib == 7


def test_a_container_has_the_memory_it_is_given(monkeypatch):
    import psutil

    machine = psutil.virtual_memory().total
    for limits, total in ([], machine), ([(1 << 30, 1)], 1 << 30), ([(machine * 2, 1)], machine):
        monkeypatch.setattr("embedlab.limits._containers", lambda limits=limits: limits)
        assert total_memory() == total


def test_the_server_does_not_start_on_a_malformed_setting():
    command = [sys.executable, "-c", "from embedlab.cli import main; raise SystemExit(main(['--port', '1']))"]
    environment = {**os.environ, "EMBEDLAB_MAX_ROWS": "many"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("embedlab: EMBEDLAB_MAX_ROWS='many' is no whole number above 0.")
    assert not done.stdout
