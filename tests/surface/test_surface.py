"""The public surface, held against its record: names, help, files, settings, programs, addresses, byte for byte.

What people script against, have downloaded, or have sent as a link must not change by accident. Where it is meant to,
``python tests/surface/record.py`` writes ``recorded/`` anew, and the difference is looked at before it is committed.
"""

import difflib
import io
import json
import os
import re
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pyarrow.parquet as pq
import pytest
from page_app import FILES, open_page
from surface import names, objects
from surface.visits import VISITS, visit

import embedlab as el

RECORDED = Path(__file__).with_name("recorded")
SETTINGS = objects.settings()
COMMANDS = [
    "", "encode", "search", "retrieve", "cluster", "classify", "deduplicate", "threshold", "shape", "replay", "compare",
    "probe", "train", "store", "store write", "store list", "store query", "store judge", "cache",
]  # fmt: skip
# What openpyxl writes into every workbook; its own version stands in one of the two.
OPENPYXL = ("docProps/app.xml", "xl/theme/theme1.xml")


def check(name, content):
    """Hold a file against the record, and say which lines differ; or put it there, where that is asked for."""
    path = RECORDED / name
    now = content.encode() if isinstance(content, str) else content
    if os.environ.get("RECORD_SURFACE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(now)
    before = path.read_bytes()
    if now != before:
        lines = (each.decode(errors="backslashreplace").split("\n") for each in (before, now))
        difference = difflib.unified_diff(*lines, f"recorded/{name}", "now", lineterm="", n=1)
        pytest.fail("\n".join([*difference, "Meant to be? python tests/surface/record.py"]), pytrace=False)


def check_file(name, content):
    """Hold an exported file against the record; of one that no text editor shows, what is in it."""
    show = SHOWN.get(Path(name).suffix)
    check(f"exports/{name}.txt" if show else f"exports/{name}", show(content) if show else content)


def workbook(content):
    """The parts of a workbook with their dates, and what is in them, an element a line."""
    shown = []
    with ZipFile(io.BytesIO(content)) as parts:
        for part in parts.infolist():
            text = "" if part.filename in OPENPYXL else parts.read(part).decode().replace("><", ">\n<")
            shown.append(f"== {part.filename} {part.date_time}\n{text}\n")
    return "".join(shown)


def columns_and_rows(content):
    """The columns of a Parquet file with their kinds, and its rows."""
    table = pq.read_table(io.BytesIO(content))
    kinds = [f"{field.name}: {field.type}" for field in table.schema]
    return "\n".join([*kinds, *(json.dumps(row, ensure_ascii=False) for row in table.to_pylist())]) + "\n"


def array(content):
    """The header of an array, and its bytes, a row a line."""
    rows = np.load(io.BytesIO(content))
    header = content[: -rows.nbytes].decode("latin-1").rstrip()
    return "\n".join([repr(header), *(row.tobytes().hex(" ", 4) for row in rows)]) + "\n"


SHOWN = {".xlsx": workbook, ".parquet": columns_and_rows, ".npy": array}


def test_public_names():
    """Each name of ``import embedlab`` with its kind, signature, fields and members; and the results they return."""
    described = [names.describe(name, getattr(el, name)) for name in el.__all__]
    described += [names.describe(result.__name__, result) for result in objects.RESULTS]
    text = "\n".join(line for lines in described for line in lines) + "\n"
    assert not re.search(r"embedlab\.|0x[0-9a-f]{4}", text), "neither a module nor a place in memory"
    check("names.txt", text)


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="argparse words its help differently from version to version"
)
def test_help_of_every_command(monkeypatch, capsys):
    """Commands, options, defaults and their words, in a terminal of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    said = []
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            objects.main([*command.split(), "--help"])
        said.append(f"$ embedlab {command} --help\n{capsys.readouterr().out}")
    check("help.txt", "\n".join(said))


def test_files_of_the_clusters_page():
    """Table, report, vectors and settings of a table with formulas, HTML, quotes, umlauts and blank texts."""
    offered = objects.given_away()
    said = [f"{label}: {file.name} ({file.media_type})\n  {file.help}\n" for label, file in offered.items()]
    check("downloads.txt", "".join(said))
    for file in offered.values():
        if file.name != "report.html":  # It says today's date.
            check_file(file.name, file.make())
    check_file("report.html", objects.report())


def test_files_of_the_other_pages():
    """Hits, learned labels, the cleaned table and what was removed, a comparison."""
    for name, content in objects.other_files().items():
        check_file(name, content)


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_and_their_program(name):
    """Settings are written as they were; what was written then is read as the same; the program is the same."""
    check(f"settings/{name}.toml", SETTINGS[name].to_toml())
    check(f"programs/{name}.txt", objects.snippet(SETTINGS[name]))
    written = (RECORDED / "settings" / f"{name}.toml").read_text(encoding="utf-8")
    assert objects.ViewSettings.from_toml(written) == SETTINGS[name]


def test_settings_of_before_are_replayed(tmp_path):
    """The recorded file leads to the same table, but for the last digits of a map."""
    table, output = tmp_path / "mine.jsonl", tmp_path / "out.csv"
    table.write_bytes(objects.CONTENT)
    replayed = [str(RECORDED / "settings" / "replayed.toml"), str(table), "-o", str(output), "--no-cache"]
    assert objects.main(["replay", *replayed]) == 0
    check("replayed.csv", objects.table_without_map(output))


@pytest.mark.parametrize("name", ["own_vectors", "own_map"])
def test_settings_of_what_was_brought_are_refused(name, tmp_path, capsys):
    """Vectors and maps of others are not in the settings: the command says so, and what to do."""
    written = RECORDED / "settings" / f"{name}.toml"
    assert objects.main(["replay", str(written), __file__, "-o", str(tmp_path / "out.csv")]) == 1
    check("refused.txt", capsys.readouterr().err)


@pytest.mark.parametrize("path", sorted((RECORDED / "programs").glob("*.txt")), ids=lambda path: path.stem)
def test_programs_of_before_find_what_they_import(path):
    """A notebook that somebody has kept names modules of ours: what it imports has to stay where it says."""
    exec("\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if re.match("import |from ", line)))


@pytest.mark.parametrize("way", ["", "~cls~raw", "~max~layer=3", "~attention", "~position:1:0.25"])
def test_programs_of_a_comparison(encoder, way):
    """What gives a candidate's vectors without us: plain, pooled otherwise, by hand, with queries."""
    candidate = el.Candidate.parse(f"all-MiniLM-L6-v2{way}")
    check(f"recipes/all-MiniLM-L6-v2{way.replace(':', '_')}.txt", objects.recipe(candidate, encoder, searches=not way))


@pytest.mark.parametrize("way", ["", "~raw"])
def test_program_of_word_counts(way):
    """The same for the encoder that needs no model."""
    program = objects.recipe(el.Candidate.parse(f"tf-idf{way}"), el.TfidfEncoder(objects.TEXTS))
    check(f"recipes/tf-idf{way}.txt", program)


def test_kept_embeddings_are_found_again():
    """What names embeddings on disk: the file, and the digest of a way to embed."""
    spec = el.EmbeddingSpec("model", "revision", "mean", 6, "query", False, True, "float32")
    check("kept.txt", f"{el.EmbeddingStore().path.name}\n{spec.digest}\n{spec.description}\n")


def test_addresses():
    """Each page with its file, its address and its icon; and the choices that go along from page to page."""
    links = {link.proto.label: link.proto for link in open_page("Cache").sidebar.get("page_link")}
    lines = [f"{file}: /{links[title].page} {links[title].icon}" for title, file in FILES.items()]
    check("addresses.txt", "\n".join([*lines, f"shared: {', '.join(objects.KEYS)}"]) + "\n")


@pytest.mark.parametrize("title", FILES)
def test_links_of_a_page(title, monkeypatch, own_data):
    """A link of before is understood, each choice takes its value from it, and what is chosen then goes into it."""
    monkeypatch.setattr(objects.costs, "_MEASURED_SECONDS", 0.0)
    lines = [line for link, steps in VISITS[title] for line in visit(title, link, steps)]
    check(f"pages/{title}.txt", "\n".join(lines) + "\n")
