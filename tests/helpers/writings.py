"""Texts of many scripts that fall apart where letters are taken for characters, and characters for what is seen.

Two clusters of texts each: about a fridge, and about a parcel.
"""

import unicodedata

FRIDGE = {
    "Thai": "ตู้เย็นไม่เย็นแล้วน้ำรั่ว",
    "Thai with spaces of no width": "ตู้เย็น\u200bไม่\u200bเย็น",
    "Hindi": "मेरा फ़्रिज ठंडा नहीं करता।",
    "Hindi with joiners": "फ़्रिज में क्\u200dष और श्री\u200cमान",
    "Arabic": "الثلاجة لا تبرد، لماذا؟",
    "Arabic with vowels": "الثَّلَّاجَةُ لَا تُبَرِّدُ",
    "Arabic, stretched": "الثـــلاجة معطلة",
    "Persian": "یخچال من نمی\u200cشود",
    "Hebrew": 'המקרר לא עובד, דו"ח מצורף',
    "Hebrew with points": "הַמְּקָרֵר לֹא עוֹבֵד",
    "Korean": "냉장고에서 물이 샌다",
    "Korean in letters": unicodedata.normalize("NFD", "냉장고에서 물이 샌다"),
    "Japanese": "冷蔵庫が冷えません。",
    "Japanese, half as wide": "ﾚｲｿﾞｳｺが壊れた",
    "Chinese": "我的冰箱不制冷了！",
    "Chinese beyond the plane": "𠮷野家的冰箱𠀋",
    "Tamil": "குளிர்சாதனப்பெட்டி வேலை செய்யவில்லை",
    "Greek": "Το ψυγείο μου δεν κρυώνει",
    "Greek in capitals": "ΤΟ ΨΥΓΕΙΟ ΜΟΥ ΔΕΝ ΚΡΥΩΝΕΙ",
    "Russian": "Ещё раз: холодильник не холодит",
}
PARCEL = {
    "French, decomposed": unicodedata.normalize("NFD", "Le colis n'est pas arrivé à l'été"),
    "German with a soft hyphen": "Das Paket\u00adzentrum schweigt über die Größe",
    "Turkish": "İstanbul'a kargo GELMEDİ, ışık yok",
    "Vietnamese": unicodedata.normalize("NFD", "Bưu kiện của tôi ở đâu"),
    "Wide": "ＬＡＢＯ－２８８　の荷物",
    "Emoji": "📦😡📦",
    "Emoji joined": "👩‍👩‍👧‍👦 📦 🏳️‍🌈 👍🏽 🇩🇪",
    "Mixed": "My 소포 (посылка) は late 😡 متأخر",
    "Turned round": "\u202eתליבח\u202c \u200fwhere?\u200f",
    "Marks alone": "\u0301\u0302 parcel",
    "Heaped": "p\u0351\u036b\u0343a\u033dr\u0346c\u0313e\u036cl\u0363",
    "A mark of order": "\ufeffparcel\ufeff",
    "Private": "parcel \ue000 \U0010ffff",
    "A quotation": '„Paket“ «colis» 「荷物」 "parcel", parcel',
}
NAMES, TEXTS = [*FRIDGE, *PARCEL], [*FRIDGE.values(), *PARCEL.values()]
COLUMN = "文é ن"
HALF_A_PAIR = "parcel \ud83d lost"
"""No file but JSON can bring it."""
