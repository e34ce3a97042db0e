"""How long a test waits for what must happen: a busy machine is slow, and no fault of ours."""

PATIENCE = 240
"""Seconds; nothing is proven by them, and a test may take longer than that in all (``timeout`` in pyproject.toml)."""
