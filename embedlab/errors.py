"""The exceptions EmbedLab raises on purpose; each message is fit to show to the person at the screen.

Exception
└── EmbedLabError
    ├── InvalidInputError        (also a ValueError)    a wrong shape, an empty list, an unknown option
    │   └── SpecError                                   embeddings of one model held against those of another
    ├── TableError               (also a ValueError)    a file that cannot be read as a table of texts
    │   └── UnreadFilesError                            some of several files that are to be one table
    ├── ModelLoadError           (also a RuntimeError)  an unknown, damaged or unreachable model
    │   ├── ModelNotFetchedError                        a model of the hub that is not on this machine yet
    │   └── ServerNotAskedError                         a model server that nobody has agreed to asking what it offers
    ├── TrainingError            (also a RuntimeError)  a training that was ended from outside, or cannot be written
    ├── HostedError              (also a RuntimeError)  a hosted model that refuses, fails or answers nonsense
    ├── StoreError               (also a RuntimeError)  a vector store that refuses, fails or cannot be reached
    ├── BudgetError                                     texts that nobody has agreed to sending, or paying for
    ├── NotEnoughMemoryError     (also a MemoryError)   an operation that would not fit, refused before it begins
    ├── MissingDependencyError   (also an ImportError)  an optional package that is not installed
    └── Cancelled                                       the person stopped a long piece of work

A message says what was given, what is needed and what to do. Anything else that escapes the library is a bug.
"""

from collections.abc import Mapping


class EmbedLabError(Exception):
    """Base class: ``except EmbedLabError`` catches everything EmbedLab raises on purpose."""


class InvalidInputError(EmbedLabError, ValueError):
    """An argument has a wrong shape, range or name, or there is too little to work on."""


class SpecError(InvalidInputError):
    """Embeddings of one model are held against those of another, or written among them."""


class TableError(EmbedLabError, ValueError):
    """A file cannot be read as a table of texts."""


class UnreadFilesError(TableError):
    """Some of several files cannot be read; none of them was taken.

    Parameters
    ----------
    said : mapping of str to str
        What is wrong with each file that cannot be read, by its name.
    n_files : int
        How many files there are in all.
    """

    def __init__(self, said: Mapping[str, str], n_files: int) -> None:
        super().__init__(f"{len(said):,} of {n_files:,} files cannot be read: {' '.join(said.values())}")
        self.said = dict(said)


class ModelLoadError(EmbedLabError, RuntimeError):
    """A model is unknown, damaged, refused or out of reach."""


class ModelNotFetchedError(ModelLoadError):
    """A model of the hub is not on this machine, and nobody has agreed to fetching it.

    Parameters
    ----------
    hub_id : str
        ``organisation/name`` on the Hugging Face hub.
    """

    def __init__(self, hub_id: str) -> None:
        super().__init__(
            f"{hub_id} is not on this machine yet. Fetch it first, or choose all-MiniLM-L6-v2, which comes with "
            "EmbedLab."
        )
        self.hub_id = hub_id


class TrainingError(EmbedLabError, RuntimeError):
    """A training was ended from outside, or what came of it cannot be written; nothing of it is left."""


class ServerNotAskedError(ModelLoadError):
    """A model server has not been asked what it offers, and nobody has agreed to asking it.

    Parameters
    ----------
    name : str
        The model, with its address.
    host : str
        Who would be asked.
    """

    def __init__(self, name: str, host: str) -> None:
        super().__init__(f"{host} has not been asked yet what {name} is. Ask it first, or choose another model.")
        self.name = name
        self.host = host


class HostedError(EmbedLabError, RuntimeError):
    """A hosted model or a model server refuses, fails, cannot be reached or answers what cannot be."""


class StoreError(EmbedLabError, RuntimeError):
    """A vector store refuses, fails or cannot be reached; what it said it wrote before is there."""


class BudgetError(EmbedLabError):
    """Texts would be sent, or paid for, that nobody has agreed to; nothing of them was sent."""


class NotEnoughMemoryError(EmbedLabError, MemoryError):
    """An operation would take more memory than is free; it has not begun.

    Parameters
    ----------
    message : str
    n_fitting : int
        How many of its rows would fit, a round number; 0 where none would.
    """

    def __init__(self, message: str, n_fitting: int) -> None:
        super().__init__(message)
        self.n_fitting = n_fitting


class MissingDependencyError(EmbedLabError, ImportError):
    """An optional package is needed and not installed.

    Parameters
    ----------
    package : str
        The package that is missing.
    extra : str
        The extra of ``embedlab`` that installs it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"This needs the package {package}. Install it with: pip install 'embedlab[{extra}]'")
        self.package = package
        self.extra = extra


class Cancelled(EmbedLabError):  # noqa: N818 - not an error of anybody's, but travels the same way
    """The person stopped the work; what was finished before is kept where it can be."""


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, its name where it says nothing."""
    return str(error).strip().split("\n")[0] or type(error).__name__
