"""Every bundled contest keeps the rules, and there are enough of them."""

from collections import Counter
from pathlib import Path

import pytest
from probe_rules import changed_words, edits, faults, overlap, pair_overlap

import embedlab.probes
from embedlab.probes import CROSS_LANGUAGE, LANGUAGES, PROBES, bundled_contests

ITEMS = Path(embedlab.probes.__file__).parent / "items"
FEWEST = 60
PARALLEL = ["en", "de", "ko", "en_far", "de_far", "ko_far"]
FILES = [f"{language}/{probe}.tsv" for language in LANGUAGES for probe in PROBES if probe != CROSS_LANGUAGE]


@pytest.mark.parametrize("name", [*FILES, "parallel.tsv"])
def test_a_file_is_a_plain_table(name):
    """UTF-8 with tabs, one item a line, no line without one, and no line twice."""
    path = ITEMS / name
    content = path.read_bytes().decode("utf-8")
    assert content.endswith("\n")
    assert not set(content) & {"\r", "\ufeff", "\u200b", "\u00a0", "\u2028", "\u0085"}
    header, *lines = content[:-1].split("\n")
    names = PARALLEL if name == "parallel.tsv" else ["anchor", "near", "far"]
    assert header.split("\t") == names
    assert [line for line in lines if len(line.split("\t")) != len(names) or not all(line.split("\t"))] == []
    assert [line for line, n in Counter(lines).items() if n > 1] == []
    assert len(lines) >= FEWEST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("probe", PROBES)
def test_every_contest_keeps_the_rules(probe, language):
    found = [
        f"{number}: {contest}\n      " + "\n      ".join(broken)
        for number, contest in enumerate(bundled_contests(probe, language), 2)
        if (broken := faults(probe, language, *contest))
    ]
    assert not found, f"{len(found)} contests of {probe} in {language} break a rule; their lines:\n" + "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("probe", PROBES)
def test_no_anchor_is_asked_twice(probe, language):
    """But in other languages."""
    contests = bundled_contests(probe, language)
    often = len(LANGUAGES) - 1 if probe == CROSS_LANGUAGE else 1
    assert [anchor for anchor, n in Counter(each.anchor for each in contests).items() if n > often] == []


def test_the_rules_see_faults():
    """Each rule by a contest that breaks it, since a rule that finds nothing proves nothing."""
    assert overlap("The door is open", "the DOOR was open!") == 3 / 5
    assert pair_overlap("문이 열려", "문이 닫혀") == 1 / 3
    assert edits("kitten", "sitting") == 3
    assert changed_words("a a b", "a b c") == (["a"], ["c"])
    good = ("The fridge holds 280 litres.", "It has room for 280 l of food.", "The fridge holds 28 litres.")
    assert faults("number", "en", *good) == []
    assert "near shares" in faults("number", "en", good[0], good[2], good[1])[0]
    broken = {
        "number": ("The fridge holds 280 litres.", "It has room for 280 l.", "A fridge can hold 30 litres or 280."),
        "identifier": ("Order LABO-288 was late.", "It came late: LABO-289.", "Order LABO-289 was late."),
        "negation": ("The door is open now.", "Nobody shut that gate yet.", "The old door was never quite open now."),
        "antonym": ("The room is very warm.", "Plenty of heat in here.", "The room is cold and dark."),
        "word_order": ("The dog bit the man.", "A person was hurt by his pet.", "The man bit the cat."),
        "name_date": ("Anna came on Monday evening.", "On Monday she saw us all.", "Anna came by bus with two sons."),
        "typo": ("Where is my parcel now?", "Wxyz is ym parcel now?", "Where is my red parcel now, please?"),
    }  # fmt: skip
    for probe, contest in broken.items():
        assert any(fault.startswith(probe) for fault in faults(probe, "en", *contest)), probe
