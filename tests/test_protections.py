"""The list of protections whose removal a test must notice: that each still stands where the list says."""

import sys

import pytest
from places import ROOT


def listed():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from mutate import protections
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return protections()


@pytest.mark.parametrize("protection", listed(), ids=lambda protection: protection.name)
def test_a_protection_stands_once_where_the_list_says(protection):
    text = (ROOT / protection.file).read_text(encoding="utf-8")
    assert text.count(protection.line) == 1
    assert protection.line != protection.without
    file, _, function = protection.test.partition("::")
    assert f"def {function.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


def test_there_are_ten_or_more():
    assert len(listed()) >= 10
