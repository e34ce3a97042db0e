"""The models there are: those known by name, those of the hub, where their files lie, and which are refused.

Read ``cards.py`` first, then ``files.py``: from a name to files on disk. An encoder is made of them in
``embedlab.encoders``.
"""

from embedlab.models import hub
from embedlab.models.baselines import BASELINES, OWN_VECTORS, STATIC_PREFIX, TFIDF, is_baseline, is_transformer
from embedlab.models.cards import DEFAULT_MODEL, RECOMMENDATIONS, ModelCard, catalog, find_card
from embedlab.models.files import ModelFiles, find_model, is_ready
from embedlab.models.folders import check_model_folder, model_folders
from embedlab.models.hub import HubModel
from embedlab.models.loading import load_model, open_files
from embedlab.models.policy import Policy, is_loopback, read_policy
from embedlab.models.refusals import check_files
from embedlab.models.stamps import as_folder, model_stamp

__all__ = [
    "BASELINES",
    "DEFAULT_MODEL",
    "HubModel",
    "ModelCard",
    "ModelFiles",
    "OWN_VECTORS",
    "Policy",
    "RECOMMENDATIONS",
    "STATIC_PREFIX",
    "TFIDF",
    "as_folder",
    "catalog",
    "check_files",
    "check_model_folder",
    "find_card",
    "find_model",
    "hub",
    "is_baseline",
    "is_loopback",
    "is_ready",
    "is_transformer",
    "load_model",
    "model_folders",
    "model_stamp",
    "open_files",
    "read_policy",
]
