"""How many workers a cluster takes, and how large: settings that would wait for ever are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedlab.errors import InvalidInputError
from embedlab.validation import check_integer


@dataclass(frozen=True)
class Node:
    """A machine of a cluster: whole cores and cards that Ray may give away."""

    cpus: int
    gpus: int = 0


@dataclass(frozen=True)
class Workers:
    """Workers of one size.

    Parameters
    ----------
    number : int
    cpus : int
        Cores of each.
    gpus : int
        Cards of each: none, or one.
    """

    number: int
    cpus: int
    gpus: int = 0

    @property
    def sentence(self) -> str:
        """Say it."""
        each = "1 core" if self.cpus == 1 else f"{self.cpus} cores"
        each += " and a card" if self.gpus else ""
        return f"{self.number} worker{'s' if self.number > 1 else ''} of {each}" + (" each" if self.number > 1 else "")

    @property
    def needs(self) -> dict[str, float]:
        """What Ray is asked for, for each."""
        return {"num_cpus": self.cpus, "num_gpus": self.gpus}


def choose_workers(nodes: Sequence[Node], number: int | None = None, cpus: int | None = None, gpus: int = 0) -> Workers:
    """Choose workers that fit and leave a whole core free, for what Ray does beside them.

    Parameters
    ----------
    nodes : sequence of Node
    number : int, optional
        As many as fit when not given.
    cpus : int, optional
        Cores of each; when not given all of the smallest machine but one, and 1 beside a card.
    gpus : int, default=0
        Cards in all, one for each worker.

    Returns
    -------
    Workers

    Raises
    ------
    InvalidInputError
        When they do not fit, or no core would stay free: Ray then waits for ever without a word.

    Examples
    --------
    >>> choose_workers([Node(8), Node(8)])
    Workers(number=2, cpus=7, gpus=0)
    >>> choose_workers([Node(2), Node(2)], number=3)
    Workers(number=3, cpus=1, gpus=0)
    >>> choose_workers([Node(16, gpus=4)], gpus=4)
    Workers(number=4, cpus=1, gpus=1)
    """
    check_integer(gpus, "gpus", 0)
    if gpus and number not in (None, gpus):
        raise InvalidInputError(f"{number} workers with {gpus} cards: each has one. Give one of the numbers.")
    card, number = min(gpus, 1), gpus or number
    if cpus is None:
        cpus = 1 if gpus else max(1, min((node.cpus for node in nodes), default=1) - 1)
    check_integer(cpus, "worker_cpus", 1)
    fitting = sum(min(node.cpus // cpus, node.gpus if card else node.cpus) for node in nodes)
    total = sum(node.cpus for node in nodes)
    most = min(fitting, (total - 1) // cpus)
    if number is None:
        number = max(1, most)
    check_integer(number, "workers", 1)
    if number > most:
        there = f"{total} cores" + (f" and {sum(node.gpus for node in nodes)} cards" if card else "")
        machines = "1 machine" if len(nodes) == 1 else f"{len(nodes)} machines"
        raise InvalidInputError(
            f"{Workers(number, cpus, card).sentence} do not fit on {machines} with {there}, of which one core has to "
            f"stay free: Ray would wait for ever. Ask for {most} at most, or for smaller ones."
            if most
            else f"{Workers(number, cpus, card).sentence} would leave no core free of {there}: Ray would wait for "
            "ever. Take a larger machine, or another one into the cluster."
        )
    return Workers(number, cpus, card)
