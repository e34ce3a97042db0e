"""The rules of the house: which room may use which, through its door alone, and how large a room may be."""

import ast
import re
import subprocess
import sys
from functools import cache

import pytest
from places import ROOT

import embedlab as el
from embedlab.ui.frame import PAGES

PACKAGE = ROOT / "embedlab"
FILES = sorted(PACKAGE.rglob("*.py"))
PAGE_FILES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
HEAVY = ("streamlit", "torch", "sentence_transformers", "transformers", "numba", "plotly", "sklearn")

# From the ground up: a room uses only rooms above it in this list. All of them stand on the files of the root.
ROOMS = [
    "compute", "device", "jobs", "tables", "reading/apart", "reading/layout", "reading/encodings",
    "reading/delimiters", "reading/records", "reading/databases", "reading/talks", "reading/archives",
    "reading/folders", "reading",
    "texts", "perturbations", "columns", "cleaning", "samples", "datasets",
    "neighbors", "similarity", "projection", "intervals", "classification", "evaluation", "hosted/ledger", "hosted",
    "models/kept", "models", "pooling", "compression", "encoders/running", "encoders/preparing", "encoders",
    "reranking", "serving", "store", "geometry", "duplicates", "clustering", "naming", "chat", "inspection", "search",
    "judgements", "gold",
    "stores/contract", "stores/embedded", "stores/servers/pinecone", "stores/servers/postgres",
    "stores/servers/weaviate", "stores/servers", "stores", "stores/judging", "stores/exchange",
    "examples", "thresholds", "probes", "comparison", "retrieval", "verdicts", "training/running", "training",
    "dimensions", "recipes", "reportcards", "checks", "bulk", "bulk/ray", "plots/look", "plots", "exports",
    "ui/sessions", "ui/webgl", "ui/choices", "ui/consent", "ui/tasks", "ui/training", "ui/stores", "ui/retrieval",
    "ui/parts", "ui/candidates", "ui/frame",
    "ui/views/data", "ui/views/similarity", "ui/views/clusters", "ui/views/search", "ui/views/compare",
    "ui/views/dimensions", "ui/views/stores", "ui/views/retrieve", "ui/views/training", "ui/views/models", "ui/views",
    "ui/serving",
    "cli/parts", "cli/starting", "cli/storing", "cli/commands", "cli",
]  # fmt: skip


@cache
def imports_of(path):
    """Each import of a file, anywhere in it, as a module and the names taken from it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, [alias.name for alias in node.names]))
    return found


def room_of(path):
    """The room a file stands in, as in ``ROOMS``; empty for the root."""
    folder = path.parent.relative_to(PACKAGE).as_posix()
    return "" if folder == "." else folder


def uses(path):
    """The modules of the package that a file imports, each with the room it stands in and the names taken from it."""
    for module, names in imports_of(path):
        if module.split(".")[0] == "embedlab":
            parts = module.split(".")[1:]
            place = PACKAGE.joinpath(*parts)
            yield (place.relative_to(PACKAGE).as_posix() if place.is_dir() else room_of(place)), module, names


@cache
def door(room):
    """The names that other rooms may use."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    listed = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "__all__")
    return ast.literal_eval(listed)


def test_every_room_is_in_the_list():
    assert {room_of(path) for path in FILES} == {"", "ui", *ROOMS}
    assert len(list(PACKAGE.glob("*.py"))) <= 8
    assert not [room for room in ROOMS if len(list((PACKAGE / room).glob("*.py"))) > 12]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_uses_only_those_below_it(path):
    """And only what their doors name; a view knows no other view."""
    own = room_of(path)
    if own in ("", "ui"):
        return  # The root is looked at below, `ui` has nothing but its rooms.
    for room, module, names in uses(path):
        if room in ("", own):
            continue
        assert ROOMS.index(room) < ROOMS.index(own), f"{own} stands below {room}"
        assert not (own.startswith("ui/views") and room.startswith("ui/views")), f"{own} knows {room}"
        assert module == f"embedlab.{room.replace('/', '.')}", f"{module} is not a door"
        assert set(names) <= set(door(room)), f"the door of {room} does not name them"


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.stem)
def test_a_page_asks_its_view(path):
    """The view asks the tasks."""
    rooms = {room for room, module, names in uses(path) if room.startswith("ui") and set(names) <= set(door(room))}
    assert {"ui/choices", "ui/frame"} < rooms
    assert not rooms & {"ui/tasks", "ui/sessions", "ui/serving", "ui/webgl"}


def test_the_root_uses_no_room():
    """But for `__init__`, which hands the public names on from the doors."""
    for path in PACKAGE.glob("*.py"):
        for room, module, names in uses(path):
            if path.name == "__init__.py":
                assert not room or set(names) <= set(door(room)), module
            else:
                assert not room, f"{path.name} uses {module}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_names_what_others_use(room):
    """It says what the room is for, its names are sorted, and each of them is used by somebody outside."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    if room == "cli":
        return  # Nobody uses it but the shell.
    taken = {
        name
        for path in [*FILES, *PAGE_FILES, *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")]
        if PACKAGE not in path.parents or room_of(path) != room
        for module, names in imports_of(path)
        if module == f"embedlab.{room.replace('/', '.')}"
        for name in names
    }
    assert set(door(room)) <= taken


def test_no_file_imports_itself_in_a_circle():
    """Not in a room either, and not in the annotations."""
    below = {path: set() for path in FILES}
    for path in FILES:
        for module, names in imports_of(path):
            place = PACKAGE.joinpath(*module.split(".")[1:])
            if module.split(".")[0] == "embedlab" and room_of(path):
                modules = [place.with_suffix(".py"), *(place / f"{name}.py" for name in names)]
                below[path] |= {found for found in modules if found in below and found.parent == path.parent}
    while ground := [path for path in below if not below[path]]:
        for path in ground:
            del below[path]
        for others in below.values():
            others.difference_update(ground)
    assert not below


def test_core_never_imports_streamlit():
    """Nor the glue around it; the command line may only start the app."""
    core = [path for path in FILES if not room_of(path).startswith("ui")]
    assert not [path for path in core for module, _ in imports_of(path) if module.split(".")[0] == "streamlit"]
    assert {(path.name, room) for path in core for room, *_ in uses(path) if room.startswith("ui")} == {
        ("app.py", "ui/serving")
    }


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
    files = {path: path.read_text(encoding="utf-8") for path in [*FILES, *PAGE_FILES]}
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
