"""A cluster of two nodes on this machine: an actor that dies, a driver that is killed, and the bits of one machine."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pytest
from tiny_static import WORDS, save_tiny_static

from embedlab.bulk import Way, encode_files, make_plan
from embedlab.bulk.ray import Workers
from embedlab.datasets import Preparation
from embedlab.errors import InvalidInputError

pytest.importorskip("ray", reason="Ray is not installed: pip install 'embedlab[ray]'")

N_ROWS, N_PIECES = 400, 8
# What is done on the cluster stands in processes of their own: Ray warns of its own doings in them, and a driver dies.
DRIVER = """
import os, sys, time
from pathlib import Path
from embedlab.bulk import Way, make_plan
from embedlab.bulk.ray import connected, encode_on_ray, look_on_ray
from embedlab.datasets import Preparation
address, table, model, out = sys.argv[1:5]
plan, way = make_plan([Path(table)], Preparation(("text",)), piece_rows=50), Way(model)
with connected(address) as cluster:
    workers = cluster.workers()
    print(len(cluster.nodes), workers, flush=True)
    spec, costs = look_on_ray(plan, way, workers)
    print(costs.n_rows, flush=True)
    print(encode_on_ray(plan, way, spec, Path(out), workers)["rows"], flush=True)
"""
# Stands where the actors find it before anything of theirs is imported: one of them dies in its third piece, and all
# take their time, so that a driver is killed while there is something left to do.
DYING = """
import os, time
from pathlib import Path
from embedlab.bulk import pieces
write = pieces.PieceEncoder.write
def slowly(self, piece, folder, progress=None):
    died = Path(os.environ["DIED"])
    if folder.name == "out" and piece.number == 2 and not died.exists():
        died.touch()
        os._exit(1)
    if folder.name == "out":
        time.sleep(0.3)
    return write(self, piece, folder, progress)
pieces.PieceEncoder.write = slowly
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A table, a model, and the pieces that one machine makes of them."""
    folder = tmp_path_factory.mktemp("bulk")
    table, model = folder / "in.csv", save_tiny_static(folder / "model")
    rows = (f"{n},{WORDS[n % 12 + 1]} {WORDS[n % 7 + 1]} {WORDS[n % 5 + 1]}\n" for n in range(N_ROWS))
    table.write_text("id,text\n" + "".join(rows), encoding="utf-8")
    plan, way = make_plan([table], Preparation(("text",)), piece_rows=50), Way(str(model))
    encode_files(plan, way, way.load(), folder / "here")
    return folder


@pytest.fixture(scope="module")
def cluster(made):
    """The address of a cluster of two nodes with two cores each, and the environment of whoever joins it."""
    (made / "dying").mkdir()
    (made / "dying" / "sitecustomize.py").write_text(f"exec(compile({DYING!r}, 'dying', 'exec'))\n")
    root = str(Path(__file__).parents[3])
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(made / "dying"), root]), "DIED": str(made / "died"),
        "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal",
        # A busy machine is no dead one.
        "RAY_NUM_REDIS_GET_RETRIES": "200", "RAY_health_check_timeout_ms": "120000",
        "RAY_health_check_failure_threshold": "50",
    }  # fmt: skip
    kept = tempfile.mkdtemp(prefix="ray-test-")  # the names of sockets have to be short
    code = f"""
import sys
from ray.cluster_utils import Cluster
size = {{"num_cpus": 2, "object_store_memory": 80 << 20}}
cluster = Cluster(initialize_head=True, head_node_args=size | {{"include_dashboard": False, "temp_dir": {kept!r}}})
cluster.add_node(**size)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""
    keeper = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment, text=True,
    )  # fmt: skip
    address = keeper.stdout.readline().strip()
    if address:
        yield address, environment
    keeper.communicate()
    shutil.rmtree(kept, ignore_errors=True)
    if not address:
        pytest.skip("this machine is too busy for two nodes of Ray to start within their time")


def driver(cluster, made, out):
    address, environment = cluster
    arguments = [address, made / "in.csv", made / "model", made / out]
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment, text=True,
    )  # fmt: skip


def digests_in(folder):
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("piece-*.parquet")}


@pytest.mark.timeout(900)
def test_two_nodes_give_the_bits_of_one_machine(cluster, made):
    """An actor dies in its third piece, and the driver is killed when some are there; another driver does the rest."""
    first = driver(cluster, made, "out")
    out, until = made / "out", time.monotonic() + 200
    while len(digests_in(out) if out.is_dir() else ()) < 2 and first.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    said = first.communicate()[0].splitlines()
    before = digests_in(out)
    assert 2 <= len(before) < N_PIECES, said
    assert said[:2] == [f"2 {Workers(3, 1)}", str(N_ROWS)]
    for _ in range(3):  # on a busy machine Ray may give up, too; what is finished stays
        second = driver(cluster, made, "out")
        printed, wrong = second.communicate(timeout=240)
        if not second.returncode:
            break
    assert second.returncode == 0, wrong
    assert printed.splitlines().count(str(N_ROWS)) == 2, "of the estimate, and of the manifest"
    assert (made / "died").exists(), "an actor has died"
    assert digests_in(out) == digests_in(made / "here")
    assert len(digests_in(out)) == N_PIECES
    assert not list(out.glob(".*"))


def test_cards_are_asked_for_by_number(made):
    """A model goes onto cards where workers have some, and there alone."""
    from embedlab.bulk.ray.encoding import _way_on

    assert _way_on(Way("m"), Workers(2, 1, 1)).device == "cuda"
    assert _way_on(Way("m"), Workers(2, 1)).device == "cpu"
    with pytest.raises(InvalidInputError, match="Say how many with --gpus"):
        _way_on(Way("m", "cuda"), Workers(2, 1))
