"""Old encodings: the right letters, or the likely readings to choose from; never the wrong letters in silence."""

import re
from unittest.mock import patch

import ftfy
import pandas as pd
import pytest
from ftfy.chardata import CHARMAP_ENCODINGS
from hypothesis import given
from hypothesis import strategies as st
from table_files import read

from embedlab.errors import TableError
from embedlab.reading import find_double_encoding, repair
from embedlab.reading.encodings import deciding, decode, decoding

GERMAN = "text,n\n" + "".join(
    f"Grüße aus Köln, schöne Straße, übermäßig müde,{i}\n".replace(", ", " ") for i in range(20)
)
KOREAN = "text,n\n" + "".join(f"안녕하세요 반갑습니다 오늘 날씨가 좋네요,{i}\n" for i in range(20))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (KOREAN, "utf-16"),
        (KOREAN, "cp949"),
    ],
)
def test_encodings_that_settle_themselves(text, encoding):
    table = read(text.encode(encoding))
    assert table.frame["text"][0] == text.split("\n")[1].rpartition(",")[0]
    assert table.report.encoding_certain


@pytest.mark.parametrize(
    ("word", "encoding"),
    [("café", "cp1252"), ("Łódź", "cp1250"), ("Привет", "cp1251"), ("東京", "shift_jis"), ("서울", "cp949")],
)
def test_a_few_foreign_words_are_right_or_offered(word, encoding):
    """One foreign word in an English file: the right reading is taken, or stands among the candidates."""
    content = ("text,n\n" + "a plain english sentence,1\n" * 10 + f"we met in {word} last year,2\n").encode(encoding)
    report = read(content).report
    offered = [sample for candidate in report.encoding_candidates for sample in candidate.samples]
    assert word in read(content).frame["text"].iloc[-1] or any(word in sample for sample in offered)
    if not report.encoding_certain:
        assert 2 <= len(report.encoding_candidates) <= 8
    assert word in read(content, encoding=encoding).frame["text"].iloc[-1]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("It’s £5", "cp1252"),
        ("It’s £5", "mac_roman"),
        ("we paid £512 – too much", "cp1252"),
        ("“quite” good", "mac_roman"),
        ("12 m² at 20 °C", "cp1252"),
    ],
)
def test_marks_in_their_places_need_no_question(text, encoding):
    """What a detector cannot tell from so little: the same bytes are letters elsewhere, and make no words there."""
    table = read(f"text,n\na plain english sentence,1\n{text},2\n".encode(encoding))
    assert table.frame["text"][1] == text
    assert table.report.encoding_certain


def test_the_spanish_enye_is_no_polish_letter():
    """charset-normalizer takes it for one; a few ordinals say that it is none."""
    content = "calle;piso\nESPAÑA 229;6ºA\nPLANTA BAJA;2º\nMAR DEL PLATA 12;3ª\n".encode("cp1252")
    assert read(content).frame["calle"][0] == "ESPAÑA 229"


def test_a_wrong_choice_of_encoding_is_said():
    with pytest.raises(TableError, match="cannot be read as ascii"):
        read(GERMAN, encoding="ascii")


def test_a_file_cut_in_the_middle_of_a_letter_is_read_and_reported():
    table = read("text,n\nhello,1\nGrü".encode()[:-1])
    assert table.frame["text"].tolist() == ["hello", "Gr"]
    assert "cut off" in table.report.notes[0]


def test_mixed_encodings_keep_what_can_be_read():
    content = ("text,n\n" + "schöne Grüße,1\n" * 20).encode() + "Köln,2\n".encode("cp1252")
    table = read(content)
    assert table.frame["text"].iloc[0] == "schöne Grüße"
    assert "line 22" in table.report.notes[0]


FRENCH = ["très bien", "élève modèle", "à côté", "forêt", "garçon", "où êtes-vous", "problème"]


JAPANESE = ["商品 配送", "品質 価格", "注文 返品", "ありがとう", "とても 良い", "店員 東京"]


RUSSIAN = ["хорошее качество", "быстрая доставка", "плохой товар", "спасибо", "очень дорого", "новый заказ"]


HEBREW = ["החבילה הגיעה באיחור", "המנורה שבורה", "שירות מצוין תודה", "איפה ההזמנה שלי", "החזר כספי בבקשה"]


ARABIC = ["وصلت الشحنة متأخرة", "المصباح مكسور", "خدمة ممتازة شكرا", "أين طلبي"]


THAI = ["พัสดุมาช้า", "โคมไฟแตก", "บริการดีเยี่ยม ขอบคุณ", "สินค้าใช้งานไม่ได้"]


LITHUANIAN = ["siunta vėluoja", "lempa sudužo", "puiku, ačiū", "kur mano užsakymas", "noriu susigrąžinti pinigus"]


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [(HEBREW, "cp1255"), (HEBREW, "iso8859_8"), (ARABIC, "cp1256"), (THAI, "cp874"), (LITHUANIAN, "cp1257")]
    + [(FRENCH, "cp1252"), (FRENCH, "mac_roman"), (JAPANESE, "cp932"), (RUSSIAN, "cp1251")]
    + [(RUSSIAN, "koi8_r")],
)
def test_what_detectors_agree_on_wrongly_is_read_right_or_asked(texts, encoding):
    """charset-normalizer takes French for Central European and Japanese for Korean, twice; Hebrew looks Cyrillic."""
    texts = [text.replace(",", ";") for text in texts]
    content = ("text,n\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts * 5))).encode(encoding)
    table = read(content)
    assert table.frame["text"].tolist() == texts * 5
    assert table.report.encoding_certain or table.report.encoding_candidates[0].samples[0].startswith(texts[0])


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [(JAPANESE, "iso2022_jp"), (["東京 ｱｲｳ", "\\100 ‾"], "iso2022_jp_ext"), (["안녕하세요", "서울"], "iso2022_kr")],
)
def test_mails_turn_to_other_letters_by_escapes(texts, encoding):
    """All bytes are ASCII; read as such they would be signs without sense, and many escapes look binary."""
    content = ("text\tn\n" + "".join(f"{text}\t{i}\n" for i, text in enumerate(texts))).encode(encoding)
    table = read(content, name="mails.tsv")
    assert table.frame["text"].tolist() == texts
    assert table.report.encoding_certain


def test_a_mail_cut_in_the_middle_of_a_letter_is_read_and_reported():
    whole = "text\n品質が良い\n配送が遅い".encode("iso2022_jp")
    table = read(whole.removesuffix(b"\x1b(B")[:-1])
    assert table.frame["text"].tolist() == ["品質が良い", "配送が遅"]
    assert "cut off" in table.report.notes[0]


def test_colours_of_a_terminal_are_no_escapes_to_letters():
    table = read(b"text,n\n\x1b[31mlate parcel\x1b[0m,1\nbroken lamp,2\n")
    assert table.frame["text"][1] == "broken lamp"
    assert table.report.encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding):
    assert read(KOREAN.encode(encoding)).frame["text"][0] == KOREAN.split("\n")[1].rpartition(",")[0]


@pytest.mark.parametrize("encoding", CHARMAP_ENCODINGS)
def test_no_cell_that_a_repair_would_change_is_passed_over(encoding):
    """ftfy is slow, so it is asked for cells alone that hold what UTF-8 reads as somewhere; each it changes is such."""
    texts = [
        *FRENCH,
        *JAPANESE,
        *RUSSIAN,
        "schöne Grüße – aus Köln",
        "“quoted”, it’s £5",
        "καλημέρα",
        "příliš žluťoučký",
    ]
    spoiled = [text.encode().decode(encoding, "ignore") for text in texts]
    repaired = [cell for cell in spoiled if len(ftfy.fix_encoding(cell)) < len(cell)]
    assert repaired
    assert find_double_encoding(pd.DataFrame({"text": [*texts, *spoiled]})).n_cells == len(repaired)


@given(
    words=st.lists(
        st.sampled_from(["plain", "schön", "жук", "café", "물이", "日本語", "Łódź", "–", "šek", "naïve"]), min_size=1
    ),
    encoding=st.sampled_from(decoding._LEGACY),
    cut=st.integers(1, 40),
)
def test_a_long_text_is_readable_where_its_foreign_words_are(words, encoding, cut):
    """So a file of any size is tried in a dozen encodings at the cost of a few megabytes."""
    content = "".join(word + " ,\n"[i % 3] for i, word in enumerate(words)).encode(encoding, "ignore")
    with patch.object(deciding, "HEAD_BYTES", cut):
        short = deciding.shortened(content)
    assert decoding._read_as(short, decoding._LEGACY).keys() == decoding._read_as(content, decoding._LEGACY).keys()
    assert {*deciding._FOREIGN_BYTES.findall(short)} == {*deciding._FOREIGN_BYTES.findall(content)}


def test_of_a_long_legacy_file_every_word_is_read():
    """Letters beyond the part that is looked at first, and a byte there that cp1252 does not know."""
    text = "id,text\n" + "1,plain words\n" * 400_000
    assert decode((text + "2,schön – café\n").encode("cp1252"), "a.csv").text == text + "2,schön – café\n"
    assert decode(text.encode() + b"2,\x81\n", "a.csv").encoding != "cp1252"


def test_spoiled_letters_are_counted_with_the_first_line():
    content = "text\nschön\nschön\n".encode() * 5 + b"sch\xf6n\nsch\xf6n\n"
    assert decode(content, "a.csv").notes == ("2 letters could not be read and are shown as \ufffd, first in line 16.",)


def test_no_pair_is_passed_over_by_the_first_look():
    """All that the exact pattern finds, one by one."""
    chars = sorted({char for pattern in repair._PAIRS for char in re.sub(r"\\(.)", r"\1", pattern) if char > "\x7f"})
    pairs = ["\ufffd", *(a + b for a in chars for b in (*chars, *map(chr, range(0x80, 0xC0)), " "))]
    found = [pair for pair in pairs if repair._PAIR.search(pair)]
    assert len(found) > 10_000
    assert all(map(repair._LIKE_PAIR.search, found))
