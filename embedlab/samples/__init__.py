"""Three small tables that come with the package, written for it: nothing in them was taken from a data set.

Read ``bundled.py`` first.
"""

from embedlab.samples.bundled import SAMPLES, read_sample, sample_path, sample_texts

__all__ = ["SAMPLES", "read_sample", "sample_path", "sample_texts"]
