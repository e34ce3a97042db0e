"""The commands: a module for each group of them, with its options and its work."""

from embedlab.cli.commands.clustering import add_cluster, add_replay
from embedlab.cli.commands.comparing import add_compare
from embedlab.cli.commands.duplicates import add_deduplicate
from embedlab.cli.commands.encoding import add_cache, add_encode
from embedlab.cli.commands.labelling import add_classify
from embedlab.cli.commands.probing import add_probe
from embedlab.cli.commands.retrieving import add_retrieve
from embedlab.cli.commands.searching import add_search
from embedlab.cli.commands.spaces import add_shape, add_threshold
from embedlab.cli.commands.training import add_train

__all__ = [
    "add_cache",
    "add_classify",
    "add_cluster",
    "add_compare",
    "add_deduplicate",
    "add_encode",
    "add_probe",
    "add_replay",
    "add_retrieve",
    "add_search",
    "add_shape",
    "add_threshold",
    "add_train",
]
