"""What columns are usually called, in the languages tables come in; all in small letters."""

TEXT_NAMES = frozenset({
    "text", "texts", "sentence", "sentences", "sentence1", "review", "reviews", "comment", "comments",
    "message", "messages", "content", "body", "tweet", "utterance", "document", "feedback", "response",
    "responses", "verbatim", "description", "post", "passage", "abstract", "complaint", "remarks", "narrative",
    "transcript", "inhalt", "bewertung", "satz", "kommentar", "kommentare", "nachricht", "beschreibung",
    "freitext", "rückmeldung", "anliegen", "texte", "avis", "commentaire", "commentaires", "texto", "comentario",
    "comentarios", "opinión", "reseña", "mensaje", "testo", "recensione", "commento", "tekst", "opmerking", "텍스트",
    "내용", "문장", "리뷰", "본문", "댓글", "의견", "本文", "テキスト", "レビュー",
    "コメント", "文本", "内容", "评论", "評論", "留言",
    "本文内容",
    "意見", "感想", "ご意見", "お問い合わせ内容", "反馈", "意见", "текст", "отзыв", "комментарий",
    "сообщение", "описание",
    "κείμενο", "σχόλιο", "κριτική", "نص", "النص", "تعليق", "التعليق", "رسالة", "טקסט", "תגובה", "הודעה",
    "ข้อความ", "ความคิดเห็น", "รีวิว", "पाठ", "टिप्पणी", "संदेश", "समीक्षा", "văn bản", "bình luận", "metin", "yorum",
})  # fmt: skip
"""Of the column that holds the texts."""

LESSER_TEXT_NAMES = frozenset({
    "sentence2", "title", "subject", "question", "questions", "query", "headline", "summary", "note", "notes",
    "answer",
    "answers", "name", "frage", "antwort", "titel", "betreff", "titre", "pregunta", "제목", "질문", "답변",
    "件名", "标题",
})  # fmt: skip
"""Of columns that hold texts beside those."""

LABEL_NAMES = frozenset({
    "label", "labels", "category", "categories", "topic", "topics", "intent", "class", "group", "tag", "tags",
    "sentiment", "target", "emotion", "queue", "kategorie", "thema", "klasse", "gruppe", "catégorie", "sujet",
    "categoría", "etiqueta", "tema", "분류", "주제", "라벨", "카테고리", "태그", "カテゴリ", "类别", "标签",
    "分類", "分类", "ラベル",
    "カテゴリー", "標籤", "категория", "метка", "тема", "κατηγορία", "θέμα", "تصنيف", "الفئة", "فئة",
    "קטגוריה", "תווית", "หมวดหมู่", "ประเภท",
    "श्रेणी", "लेबल", "विषय", "danh mục", "kategori", "etiket",
})  # fmt: skip
"""Of columns that hold labels."""

OTHER_NAMES = frozenset({"id", "uuid", "date", "datum", "timestamp", "score", "rating", "language", "lang"})
"""Of columns that hold neither."""
