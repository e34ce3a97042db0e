"""Ray, started on this machine for as long as it is needed, or joined where it runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedlab.bulk.ray.workers import Node, Workers, choose_workers
from embedlab.compute import n_cores
from embedlab.errors import InvalidInputError, MissingDependencyError, first_line

_FOLDER = "embedlab-ray-"
# What passes between the workers is a line for each piece; Ray takes no less than this.
_OBJECT_BYTES = 80 << 20


@dataclass(frozen=True)
class Cluster:
    """Machines that can be worked on.

    Parameters
    ----------
    nodes : tuple of Node
    """

    nodes: tuple[Node, ...]

    def workers(self, number: int | None = None, cpus: int | None = None, gpus: int = 0) -> Workers:
        """Choose workers, as :func:`choose_workers` does."""
        return choose_workers(self.nodes, number, cpus, gpus)


def import_ray() -> Any:  # noqa: ANN401 - Ray is optional
    """Return Ray.

    Raises
    ------
    MissingDependencyError
        When it is not installed.
    """
    # Ray says home who uses it unless it is told not to; nothing leaves the machine unasked.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Else it says an error of its own for each pool of actors, which is none.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingDependencyError("ray", "ray") from error
    return ray


@contextmanager
def connected(address: str | None = None) -> Iterator[Cluster]:
    """Start Ray on this machine, or join a cluster, while the block runs.

    Parameters
    ----------
    address : str, optional
        Of a cluster: ``"auto"``, ``host:port`` or ``ray://…``; this machine alone when not given.

    Yields
    ------
    Cluster

    Raises
    ------
    MissingDependencyError
        When Ray is not installed.
    InvalidInputError
        When the cluster is not there.
    """
    ray = import_ray()
    if ray.is_initialized():  # whoever has started it ends it
        yield _cluster(ray)
        return
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    folder = None
    if address is None:
        _remove_abandoned()
        folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-")
        quiet |= {"num_cpus": n_cores(), "include_dashboard": False, "object_store_memory": _OBJECT_BYTES}
        quiet["_temp_dir"] = folder
    try:
        try:
            ray.init(address=address or "local", **quiet)
        except (ConnectionError, ValueError, RuntimeError) as error:
            where = f"at {address}" if address else "on this machine"
            raise InvalidInputError(
                f"There is no Ray cluster {where} that answers: {first_line(error)}. Start one with `ray start --head`."
            ) from error
        yield _cluster(ray)
    finally:
        ray.shutdown()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _cluster(ray: Any) -> Cluster:  # noqa: ANN401
    found = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return Cluster(tuple(Node(int(each.get("CPU", 0)), int(each.get("GPU", 0))) for each in found))


def _remove_abandoned() -> None:
    """Remove what was left by processes that were killed."""
    import psutil

    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(ValueError):
            if not psutil.pid_exists(int(left.name.removeprefix(_FOLDER).partition("-")[0])):
                shutil.rmtree(left, ignore_errors=True)
