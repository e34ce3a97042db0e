"""Write the record anew, where the surface is meant to change: ``python tests/surface/record.py``."""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ["RECORD_SURFACE"] = "1"
    sys.exit(pytest.main([str(Path(__file__).with_name("test_surface.py"))]))
