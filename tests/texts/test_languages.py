"""Which languages texts are in, on public sets and on a few texts of six scripts."""

import csv
import json

import pytest
from places import ROOT

from embedlab.checks import say_languages, say_not_trained
from embedlab.models import catalog
from embedlab.texts import LANGUAGES, find_languages

DATA = ROOT.parent / "shared" / "data"
SHORT = {
    "ko": ["물이 샌다", "냉장고가 고장났어요"],
    "th": ["พัสดุช้า", "ตู้เย็นเสีย"],
    "ja": ["荷物が届かない", "冷蔵庫の音"],
    "zh": ["包裹没到", "冰箱不制冷"],
    "ta": ["பொருள் வரவில்லை", "குளிர்சாதனம்"],
    "hi": ["फ्रिज ठंडा नहीं कर रहा है", "मेरा पार्सल कहाँ है"],
    "de": ["Wo ist mein Paket?", "Der Kühlschrank ist kaputt und wird nicht mehr kalt"],
}


@pytest.mark.parametrize("code", SHORT)
def test_short_texts(code):
    assert find_languages(SHORT[code]) == {code: 1.0}


def test_shares_and_noise():
    """One text of Korean among forty is noise; a quarter is not."""
    german = ["Der Kühlschrank ist kaputt und wird nicht mehr kalt"] * 39
    assert find_languages([*german, "물이 샌다"]) == {"de": 1.0 - 1 / 40}
    assert find_languages([*german[:30], *["물이 샌다"] * 10]) == {"de": 0.75, "ko": 0.25}
    assert find_languages(["123", "👍", ""]) == {}


@pytest.mark.parametrize(
    ("file", "column", "delimiter", "code"),
    [
        ("stsb/stsb-en-dev.csv", 0, ",", "en"),
        ("stsb/stsb-de-dev.csv", 0, ",", "de"),
        ("korsts/sts-dev.tsv", 5, "\t", "ko"),
        ("parakqc/paraKQC_v1.txt", 2, "\t", "ko"),
    ],
)
def test_public_sets_are_of_one_language(file, column, delimiter, code):
    if not (DATA / file).is_file():
        pytest.skip(f"{DATA / file} is not here")
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        texts = [row[column] for row in csv.reader(lines, delimiter=delimiter, quoting=quoting) if len(row) > column]
    assert list(find_languages(texts)) == [code]


def test_short_questions_are_english():
    if not (DATA / "clinc150").is_dir():
        pytest.skip("clinc150 is not here")
    texts = [text for text, _ in json.loads((DATA / "clinc150/data_full.json").read_text(encoding="utf-8"))["train"]]
    assert find_languages(texts) == {"en": 1.0}


def test_what_a_model_was_not_trained_for():
    assert say_languages({"de": 0.75, "ko": 0.25}) == "Languages found: German 75 %, Korean 25 %."
    said = say_not_trained({"en": 0.5, "ko": 0.5}, "static-all-MiniLM-L6-v2")
    assert said == "static-all-MiniLM-L6-v2 was not trained for Korean. Of the catalog, multilingual-e5-small was."
    assert say_not_trained({"ko": 1.0}, "multilingual-e5-small") == ""
    said = say_not_trained({"ko": 0.5, "th": 0.3, "de": 0.2}, "all-MiniLM-L6-v2", offered=[])
    assert said == "all-MiniLM-L6-v2 was not trained for Korean, Thai and German."
    assert say_not_trained({"ko": 1.0}, "/models/mine") == ""


def test_cards_name_languages_by_their_codes():
    assert all(card.language_codes <= set(LANGUAGES) for card in catalog().values())
