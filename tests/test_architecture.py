"""The rules of the house: who may import what, and how large a room may be."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import embedlab as el
from embedlab.ui.menu import PAGES

ROOT = Path(__file__).parents[1]
CORE = [path for path in (ROOT / "embedlab").rglob("*.py") if "ui" not in path.relative_to(ROOT).parts]
PAGE_FILES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
HEAVY = ("streamlit", "torch", "sentence_transformers", "transformers", "numba", "plotly", "sklearn")


def imports_of(path):
    """Names of all modules a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_core_never_imports_streamlit(path):
    """Nor the glue around it, but for the command that starts the app."""
    above = [name for name in imports_of(path) if name.split(".")[0] == "streamlit" or name.startswith("embedlab.ui")]
    assert above == (["embedlab.ui.server"] if path.name == "commands.py" else [])


def test_import_is_quick():
    """`import embedlab` loads none of the heavy libraries."""
    code = f"import sys, embedlab; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_names_what_is_exported():
    """`__all__` is sorted, complete, and every name in it exists."""
    public = {name for name, value in vars(el).items() if not name.startswith("_") and not isinstance(value, type(ast))}
    assert list(el.__all__) == sorted(el.__all__)
    assert public == set(el.__all__)


def test_rooms_keep_their_size():
    files = {path: path.read_text(encoding="utf-8") for path in [*(ROOT / "embedlab").rglob("*.py"), *PAGE_FILES]}
    too_long = [
        path.name for path, text in files.items() if len(text.splitlines()) > (80 if path in PAGE_FILES else 250)
    ]
    assert not too_long
    functions = [
        f"{path.name}:{node.name}"
        for path, text in files.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and _body_lines(node) > 40
    ]
    assert not functions


def _body_lines(function):
    """Lines of a function without its docstring: words that explain are not what the budget is about."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1


def test_pages_are_registered_and_named_in_the_readme():
    # The menu has an order of its own.
    assert sorted(ROOT / page.file for page in PAGES) == sorted(PAGE_FILES)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [path.name for path in PAGE_FILES if path.stem not in readme]


def test_readme_example_runs(tmp_path, monkeypatch):
    """The first Python block of the README, as it stands there, on a file of that name."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL).group(1)
    rows = "\n".join(
        f"{text}" for text in ["The parcel is late", "Where is my order?", "I love this lamp", "Great light"]
    )
    (tmp_path / "reviews.csv").write_text(f"text\n{rows}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "parcel" in done.stdout
