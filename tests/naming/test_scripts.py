"""Names of clusters, search and marks in scripts with marks, without spaces, or with particles written onto words."""

import unicodedata

import pytest

from embedlab.naming import name_clusters, say_missing_segmenters, segmenting
from embedlab.search import LexicalIndex
from embedlab.texts import fold, word_spans

FRENCH = unicodedata.normalize(
    "NFD", "Le réfrigérateur est cassé|Mon réfrigérateur fait du bruit|La porte du réfrigérateur"
)
FRENCH_LATE = unicodedata.normalize("NFD", "La livraison est en retard|Où est ma livraison|Une livraison perdue")
TOPICS = {
    "Hindi": (
        ["फ्रिज ठंडा नहीं कर रहा", "मेरा फ्रिज खराब है", "फ्रिज का दरवाज़ा टूटा"],
        ["पार्सल देर से आया", "मेरा पार्सल कहाँ है", "पार्सल नहीं मिला"],
        ("फ्रिज", "पार्सल"),
    ),
    "Tamil": (
        ["குளிர்சாதனப்பெட்டி வேலை செய்யவில்லை", "குளிர்சாதனப்பெட்டி சத்தம்", "என் குளிர்சாதனப்பெட்டி"],
        ["பார்சல் வரவில்லை", "என் பார்சல் எங்கே", "பார்சல் தாமதம்"],
        ("குளிர்சாதனப்பெட்டி", "பார்சல்"),
    ),
    "Arabic": (
        ["الثَّلاجة لا تبرد", "الثَّلاجة معطلة", "باب الثَّلاجة مكسور"],
        ["الطرد متأخر جدا", "أين الطرد", "لم يصل الطرد"],
        ("الثَّلاجة", "الطرد"),
    ),
    "French": (FRENCH.split("|"), FRENCH_LATE.split("|"), ("réfrigérateur", "livraison")),
    "Korean": (
        ["냉장고 온도가 높습니다", "냉장고가 고장났어요", "냉장고 문이 안 닫혀요", "냉장고에서 물이 샌다"],
        ["배송이 늦어요", "배송은 언제 오나요", "배송을 취소해 주세요", "배송 안 왔어요", "배송 문의"],
        ("냉장고", "배송"),
    ),
    "Thai": (
        ["ตู้เย็นไม่เย็น", "ตู้เย็นเสียงดัง", "ประตูตู้เย็นปิดไม่สนิท"],
        ["พัสดุยังไม่มาถึง", "พัสดุหาย", "พัสดุมาช้ามาก"],
        ("ตู้เย็น", "พัสดุ"),
    ),
    "Chinese": (
        ["我的冰箱不制冷了", "冰箱温度太高", "冰箱门关不上", "新冰箱声音很大"],
        ["包裹还没有到", "我的包裹丢了", "包裹什么时候到", "物流慢，包裹没来"],
        ("冰箱", "包裹"),
    ),
    "Japanese": (
        ["冷蔵庫が冷えません", "冷蔵庫の音がうるさい", "冷蔵庫のドアが閉まらない"],
        ["荷物がまだ届いていません", "荷物はどこですか", "荷物が壊れていました"],
        ("冷蔵", "荷物"),
    ),
}
SEGMENTED = {"Korean": "kiwipiepy", "Thai": "pythainlp", "Chinese": "rjieba", "Japanese": "sudachipy"}


@pytest.fixture
def without_segmenters(monkeypatch):
    segmenting._loaded.cache_clear()
    monkeypatch.setattr(segmenting, "find_spec", lambda module: None)
    yield
    segmenting._loaded.cache_clear()


def names_of(language):
    first, second, words = TOPICS[language]
    names = name_clusters(first + second, [0] * len(first) + [1] * len(second))
    return [name.split(", ") for name in names.values()], words


@pytest.mark.parametrize("language", TOPICS)
def test_names_begin_with_the_word_of_the_topic(language):
    if language in SEGMENTED:
        pytest.importorskip(SEGMENTED[language])
    names, words = names_of(language)
    assert tuple(name[0] for name in names) == words


@pytest.mark.parametrize("language", ["Korean", "Chinese", "Japanese"])
def test_names_without_a_segmenter_are_rough_and_say_so(language, without_segmenters):
    names, words = names_of(language)
    assert all(name[0].startswith(word) for name, word in zip(names, words, strict=True))
    texts = TOPICS[language][0]
    said = say_missing_segmenters(texts)
    assert language in said
    assert f"pip install 'embedlab[{language.lower()}]'" in said
    assert say_missing_segmenters(["Where is my parcel?"] * 30 + texts[:1]) == ""


def test_nothing_is_said_where_nothing_is_missing():
    for module in SEGMENTED.values():
        pytest.importorskip(module)
    assert say_missing_segmenters([text for first, _, _ in TOPICS.values() for text in first]) == ""


def test_no_pair_goes_across_punctuation():
    """ "card" and "credit" stand side by side twice, but a full stop is between them."""
    texts = ["lost card. credit gone", "new card. credit low", "bank", "bank open"]
    assert name_clusters(texts, [0, 0, 1, 1], n_words=1)[0] in ("card", "credit")


@pytest.mark.parametrize("language", TOPICS)
def test_words_of_a_topic_are_found(language):
    first, second, words = TOPICS[language]
    index = LexicalIndex(first + second)
    assert {hit.index for hit in index.search(words[0])} == set(range(len(first)))


@pytest.mark.parametrize(("query", "found"), [("물", [0]), ("水", [1]), ("猫", [3, 2]), ("ฤ", []), ("문 물", [0])])
def test_one_character_is_found(query, found):
    index = LexicalIndex(["물이 샌다", "水が漏れる", "我家的猫很大", "猫"])
    assert [hit.index for hit in index.search(query)] == found


def test_one_character_is_scored_by_bm25():
    """Three texts of 2, 3 and 3 pairs, one of them with 물: log(1 + 2.5 / 1.5) / (…)."""
    (hit,) = LexicalIndex(["물이 샌다", "냉장고 문이", "배송이 언제"]).search("물")
    lengths = [2, 3, 3]
    mean = sum(lengths) / 3
    assert hit.score == pytest.approx(0.98083 / (1 + 1.5 * (0.25 + 0.75 * 2 / mean)), rel=1e-4)


def test_words_are_folded_whatever_their_width():
    assert fold("ＬＡＢＯ２８８") == "labo288"
    assert fold("İstanbul") == fold("istanbul") == "istanbul"
    assert fold("ｶﾒﾗ") == fold("カメラ")
    index = LexicalIndex(["ＬＡＢＯ－２８８", "İstanbul", "カメラ"])
    assert [index.search(query)[0].index for query in ("288", "labo", "istanbul", "ｶﾒﾗ")] == [0, 0, 1, 2]


def test_words_with_marks_are_whole():
    for word in ("फ्रिज", "குளிர்", "الثَّلاجة", unicodedata.normalize("NFD", "cassé")):
        assert word_spans(word) == [(0, len(word))]
