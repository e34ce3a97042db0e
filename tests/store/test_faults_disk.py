"""What goes wrong on the disk while vectors and files are written: killed processes, full disks, no home."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hashed import SPEC, TEXTS, Hashed, is_sound
from patience import PATIENCE

import embedlab as el
from embedlab.cli import main
from embedlab.cli.parts.shared import write
from embedlab.datasets import select_texts
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.jobs import Jobs
from embedlab.reading import read_table
from embedlab.store import EmbeddingStore
from embedlab.ui.tasks.text_tasks import embed

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


def corpus_of(texts):
    table = read_table(("text\n" + "\n".join(texts)).encode(), name="texts.csv")
    return select_texts(table, "text")


def _embed_and_die(folder, notes, last):
    """Embed the texts as the app does, by a job, and be killed in the middle of the text of that number."""

    def die(number, seen=[]):  # noqa: B006 - counts over the parts of the work
        seen.append(number)
        if len(seen) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    Jobs().submit(embed(corpus_of(TEXTS), Hashed(notes, die), EmbeddingStore(folder), "mean")).result()


@posix
@pytest.mark.parametrize("last", [1, 150, 400])
def test_killed_in_an_encode_goes_on_from_what_is_kept(tmp_path, last):
    notes = tmp_path / "notes"
    process = multiprocessing.get_context("spawn").Process(target=_embed_and_die, args=(tmp_path, notes, last))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    store = EmbeddingStore(tmp_path)
    assert is_sound(store.path)
    kept = sum(entry.n_texts for entry in store.entries())
    assert kept == (last - 1) // 100 * 100, "all parts before the one that was cut off"
    notes.unlink()
    found = Jobs().submit(embed(corpus_of(TEXTS), Hashed(notes), store, "mean")).result().vectors
    np.testing.assert_array_equal(found, Hashed().encode(TEXTS))
    assert len(notes.read_text().split()) == 400 - kept
    assert is_sound(store.path)


def _put_much(folder):
    rows = np.arange(20_000, dtype=np.float32)[:, None] * np.ones(384, np.float32)
    EmbeddingStore(folder).put(SPEC, [f"new {number}" for number in range(20_000)], rows)


@posix
@pytest.mark.parametrize("megabytes", [4, 20])
def test_killed_in_a_write_leaves_all_of_it_or_nothing(tmp_path, megabytes):
    store = EmbeddingStore(tmp_path)
    store.put(SPEC, ["old"], np.ones((1, 384), np.float32))
    log = Path(f"{store.path}-wal")
    process = multiprocessing.get_context("spawn").Process(target=_put_much, args=(tmp_path,))
    process.start()
    while process.is_alive() and not (log.exists() and log.stat().st_size > megabytes * 1_000_000):
        time.sleep(0.001)
    process.kill()
    process.join()
    assert store.get(SPEC, ["old"])[0].tolist() == [0]
    assert len(store.get(SPEC, [f"new {number}" for number in range(20_000)])[0]) in (0, 20_000)
    assert is_sound(store.path)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MiB."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is for root on Linux")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_stops_no_encode_and_is_said_once(small_disk, caplog):
    store, encoder = EmbeddingStore(small_disk), Hashed()
    store.encode(encoder, TEXTS[:1])
    many = [f"text {number}" for number in range(20_000)]
    for _ in range(2):
        np.testing.assert_array_equal(store.encode(encoder, many), encoder.encode(many))
    assert caplog.text.count("nothing is kept between sessions") == 1
    assert "full" in caplog.text
    assert store.get(encoder.spec(), TEXTS[:1])[0].tolist() == [0], "what was there is still there"
    store.encode(encoder, TEXTS[:50])
    assert len(store.get(encoder.spec(), TEXTS[:50])[0]) == 50, "what there is room for is kept"
    assert is_sound(store.path)


def test_a_converted_model_cut_short_by_a_full_disk_is_not_kept(small_disk, tiny_model, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(small_disk))
    (small_disk / "filler").write_bytes(bytes(1_022_000))
    encoder = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    assert np.isfinite(encoder.encode(["a b c"])).all()
    assert list((small_disk / "models").iterdir()) == []


def test_word_vectors_without_room_are_said_plainly(tmp_path, tiny_model, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelLoadError, match="could not be written to .*file.*Make room there, or set EMBEDLAB_CACHE"):
        el.load_encoder(f"static-{tiny_model(pooling_mode='mean')}")


def test_a_file_is_written_whole_or_not_at_all(small_disk, tmp_path, capsys):
    table = tmp_path / "in.csv"
    table.write_text("text\n" + "\n".join(f"parcel {text}" for text in TEXTS))
    output = small_disk / "out.csv"
    command = ["search", str(table), "parcel", "--by", "words", "--top-k", "100", "-o", str(output)]
    assert main(command) == 0
    before = output.read_bytes()
    command[6] = "400"
    (small_disk / "filler").write_bytes(bytes(700_000))
    assert main(command) == 1
    assert "out.csv could not be written: No space left on device" in capsys.readouterr().err
    assert output.read_bytes() == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "out.csv"], "no half file"


@posix
def test_writing_keeps_links_modes_and_devices(tmp_path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write(link, b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
    write(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()
    with pytest.raises(InvalidInputError, match="could not be written: No such file"):
        write(tmp_path / "missing" / "out.csv", b"")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become nobody")
def test_without_a_home_nothing_is_kept_and_all_works():
    """A user the system does not know, as in some containers."""
    code = (
        "import os, psutil; from embedlab import EmbeddingStore; os.setuid(54321)\n"
        "store = EmbeddingStore(); print(store.path, store.entries(), store.nbytes)"
    )
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(el.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("[] 0\n"), done.stderr
    assert "Traceback" not in done.stderr
