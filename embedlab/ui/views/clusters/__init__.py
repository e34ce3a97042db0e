"""The Clusters page: groups of texts found, named, changed by hand, and taken away.

Read ``finding.py`` first.
"""

from embedlab.ui.views.clusters import curation, finding, labels, structure, takeaway, written

__all__ = ["curation", "finding", "labels", "structure", "takeaway", "written"]
