"""What another process does with a file: it may fail in any way, and a sentence is all that comes of it."""

import os

import pytest

from embedlab.errors import TableError
from embedlab.reading.apart import run, run_apart

READS = "import sys\nprint(sys.argv[1], open(sys.argv[2]).read())"


@pytest.fixture
def apart(tmp_path):
    def ran(program, reasons=None):
        (tmp_path / "program.py").write_text(program)
        arguments = ([b"inside"], ["told"], "a.bin", "Save it as CSV.", reasons)
        with run_apart(tmp_path / "program.py", *arguments) as written:
            return written.read()

    return ran


def test_it_is_told_the_arguments_and_the_files(apart):
    assert apart(READS) == b"told inside\n"


def test_it_sees_no_package_of_ours(apart, monkeypatch):
    """What the environment adds to Python's path does not count."""
    monkeypatch.setenv("PYTHONPATH", os.fspath("/nowhere"))
    assert b"/nowhere" not in apart("import sys\nprint(sys.path)")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("bytearray(4 << 30)", "damaged, or far larger inside than it looks. Save it as CSV."),
        ("import os\nos.abort()", "damaged, or far larger inside than it looks. Save it as CSV."),
        ("raise ValueError('locked door')", "is locked."),
        ("import sys\nsys.stdout.buffer.write(bytes(3 << 20))", "unpacks to more than 2 MiB"),
    ],
)
def test_how_it_may_fail(apart, set_limits, program, said):
    set_limits(max_unpacked_mib=2)
    with pytest.raises(TableError, match=f"^a.bin .*{said}"):
        apart(program, {"locked door": "is locked."})


def test_it_has_so_much_time(apart, monkeypatch):
    monkeypatch.setattr(run, "TIMEOUT_S", 1)
    with pytest.raises(TableError, match="takes longer than 1 s to read"):
        apart("while True: pass")
