"""Names of clusters hold the words of their topics and no function words, in scripts written with spaces."""

import pytest

from embedlab.naming import name_clusters
from embedlab.texts import word_spans

# Two topics a language, each with the words one of which its name has to hold, and the function words of these texts.
TOPICS = {
    "Hindi": (
        [
            "मेरा फ्रिज ठंडा नहीं कर रहा है",
            "फ्रिज से बहुत आवाज़ आ रही है",
            "फ्रिज का दरवाज़ा टूट गया है",
            "नया फ्रिज भी ठंडा नहीं होता",
            "क्या यह फ्रिज वारंटी में है",
            "फ्रिज के अंदर पानी जमा हो रहा है",
        ],
        [
            "मेरा पार्सल अभी तक नहीं आया है",
            "पार्सल कहाँ है और कब आएगा",
            "मुझे गलत पार्सल दिया गया",
            "पार्सल का डिब्बा फटा हुआ था",
            "क्या पार्सल आज आ सकता है",
            "पार्सल के लिए कौन सा नंबर है",
        ],
        ("फ्रिज", "पार्सल"),
        "है का के से में और यह नहीं भी क्या तक कर रहा हो था लिए की गया",
    ),
    "Arabic": (
        [
            "الثَّلاجة لا تبرد منذ يومين",
            "هل الثلاجة في الضمان",
            "باب الثلاجة مكسور من الأسفل",
            "صوت الثلاجة عال جدا في الليل",
            "هذه الثلاجة لا تعمل على الإطلاق",
            "الماء يتجمع في الثلاجة",
        ],
        [
            "أين الطرد الذي طلبته",
            "لم يصل الطرد إلى الآن",
            "الطرد وصل مفتوحا من الجانب",
            "متى يصل الطرد إلى البيت",
            "هذا الطرد ليس لي",
            "تأخر الطرد عن الموعد",
        ],
        ("الثلاجة", "الطرد"),
        "في من على إلى عن لا لم هذا هذه هل ليس منذ متى أين الذي",
    ),
    "Hebrew": (
        [
            "המקרר לא מקרר מאתמול",
            "יש רעש במקרר כל הלילה",
            "הדלת של המקרר שבורה",
            "המקרר הזה לא עובד",
            "האם המקרר באחריות",
        ],
        [
            "איפה החבילה שלי",
            "החבילה לא הגיעה עד היום",
            "קיבלתי את החבילה של מישהו אחר",
            "מתי תגיע החבילה אל הבית",
            "החבילה הזאת פתוחה",
        ],
        ("המקרר", "החבילה"),
        "לא של את כל יש שלי עד אל איפה מתי",
    ),
    "Greek": (
        [
            "Το ψυγείο μου δεν κρυώνει",
            "Το ψυγείο κάνει θόρυβο όλη τη νύχτα",
            "Η πόρτα από το ψυγείο έσπασε",
            "ΤΟ ΨΥΓΕΙΟ ΔΕΝ ΛΕΙΤΟΥΡΓΕΙ",
            "Είναι το ψυγείο στην εγγύηση;",
        ],
        [
            "Πού είναι το δέμα μου;",
            "Το δέμα δεν ήρθε ακόμα",
            "Πήρα λάθος δέμα από εσάς",
            "Πότε θα έρθει το δέμα και ποιος το φέρνει",
            "Το δέμα ήταν ανοιχτό",
        ],
        ("ψυγείο", "δέμα"),
        "το η δεν είναι και από θα μου",
    ),
    "Russian": (
        [
            "Мой холодильник не холодит",
            "Холодильник очень шумит по ночам",
            "Дверь у холодильника сломалась",
            "Где гарантия на этот холодильник",
            "Холодильник больше не включается",
        ],
        [
            "Где моя посылка",
            "Посылка ещё не пришла",
            "Посылка была открыта",
            "Когда придёт посылка и кто её принесёт",
            "Эта посылка не для меня",
        ],
        ("холодильник", "посылка"),
        "не на по и где кто у для это этот мой моя",
    ),
    "Vietnamese": (
        [
            "Tủ lạnh của tôi không lạnh",
            "Tủ lạnh này rất ồn vào ban đêm",
            "Cánh cửa của tủ lạnh đã bị gãy",
            "Tủ lạnh có được bảo hành không",
            "Nước chảy ra từ tủ lạnh",
        ],
        [
            "Bưu kiện của tôi ở đâu",
            "Bưu kiện vẫn chưa đến",
            "Tôi nhận được bưu kiện của người khác",
            "Khi nào thì bưu kiện đến",
            "Bưu kiện đã bị mở",
        ],
        ("lạnh", "bưu kiện"),
        "của không này rất có được đã bị và thì",
    ),
    "Tamil": (
        [
            "என் குளிர்சாதனப்பெட்டி வேலை செய்யவில்லை",
            "இந்த குளிர்சாதனப்பெட்டி மிகவும் சத்தம்",
            "ஒரு குளிர்சாதனப்பெட்டி கதவு உடைந்தது",
            "என் குளிர்சாதனப்பெட்டி குளிரவில்லை",
        ],
        ["என் பார்சல் எங்கே", "இந்த பார்சல் என்னுடையது இல்லை", "ஒரு பார்சல் வரவில்லை", "என் பார்சல் எப்போது வரும்"],
        ("குளிர்சாதனப்பெட்டி", "பார்சல்"),
        "என் இந்த ஒரு எங்கே எப்போது மிகவும் இல்லை",
    ),
    "French": (
        [
            "L'appareil ne refroidit plus",
            "Cet appareil fait du bruit dans la nuit",
            "J'ai l'appareil depuis un an et il est en panne",
            "Est-ce que l’appareil est sous garantie ?",
            "La porte d'un appareil est cassée",
        ],
        [
            "Où est mon colis ?",
            "Le colis n'est pas encore arrivé",
            "J'ai reçu le colis de quelqu'un d'autre",
            "Quand est-ce que le colis arrive ?",
            "Ce colis était ouvert",
        ],
        ("appareil", "colis"),
        "le la l ne est ce du de un que pas et j ai en mon",
    ),
}


@pytest.mark.parametrize("language", TOPICS)
def test_names_hold_no_function_words(language):
    first, second, words, function_words = TOPICS[language]
    names = name_clusters(first + second, [0] * len(first) + [1] * len(second), n_words=4)
    for name, word in zip(names.values(), words, strict=True):
        parts = name.split(", ")
        assert word in parts[0].casefold(), "the word of the topic comes first"
        assert not set(function_words.split()) & {part.casefold() for whole in parts for part in whole.split(" ")}
    written = {text[start:end].casefold() for text in first + second for start, end in word_spans(text)}
    elided = {word.partition("’")[2] for word in written} | {word.partition("'")[2] for word in written}
    shown = {part.casefold() for name in names.values() for part in name.replace(", ", " ").split(" ")}
    assert shown <= written | elided, "no word is torn"


def test_function_words_of_one_language_are_words_of_another():
    """Dutch "door" is English for what a fridge has."""
    texts = ["The door is broken", "A new door please", "Where is my parcel?", "My parcel is late"]
    assert name_clusters(texts, [0, 0, 1, 1], n_words=1) == {0: "door", 1: "parcel"}


def test_what_is_elided_is_not_lost():
    """And English short forms still go."""
    names = name_clusters(
        ["l'eau", "d'eau", "qu’eau"] * 2 + ["dell'acqua", "all'acqua"] + ["customer's", "O'Brien's"],
        [0] * 6 + [1] * 2 + [2] * 2,
    )
    assert names == {0: "eau", 1: "acqua", 2: "customer, O'Brien"}
