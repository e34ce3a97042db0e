"""What mail programs put around what a person wrote: earlier mails, and signatures.

Headers of English, German, French, Spanish and Korean programs are known.
"""

from __future__ import annotations

import re

from embedlab.texts import is_blank

# "On 5 Jan 2024 at 10:12, Ann wrote:", on one line or broken into two. A digit, of a date, has to stand in it.
_WROTE = re.compile(
    r"^[> ]*+(?=[^\n]{0,160}\d)(?:"
    r"On\s[^\n]{4,200}(?:\n[^\n]{1,120})?wrote|Am\s[^\n]{4,200}(?:\n[^\n]{1,120})?schrieb[^\n:]{0,120}(?:\n[^\n:]{1,120})?|"
    r"Le\s[^\n]{4,200}(?:\n[^\n]{1,120})?a écrit|El\s[^\n]{4,200}(?:\n[^\n]{1,120})?escribió|"
    r"\d{4}[년.\-/][^\n]{4,200}(?:\n[^\n]{1,120})?(?:작성|썼습니다)"
    r")\s?:[ \t]*$",
    re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[> ]*+-{2,}[ \t]*(?:Original Message|Forwarded message|Original-Nachricht|Ursprüngliche Nachricht|"
    r"Weitergeleitete Nachricht|Message d'origine|Message original|Message transféré|Mensaje original|"
    r"Mensaje reenviado|원본 메시지|원본 메일|전달된 메시지)[ \t]*-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FROM = r"From|Von|De|보낸 ?사람|발신"
_OTHER = (
    r"Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?: el)?|Fecha|Para|Asunto|"
    r"보낸 ?날짜|날짜|받는 ?사람|참조|제목"
)
# A sender, and behind it two more lines of a header: what somebody writes about "From: and To:" has no such lines.
_HEADER = re.compile(
    rf"^(?:_{{10,}}[ \t]*\n+)?[*> ]*+(?:{_FROM})[ \t]*:\*?[^\n]*\S[^\n]*(?:\n[*> ]*+(?:{_OTHER})[ \t]*:[^\n]*){{2,}}",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^[ \t]*>")
_DELIMITER = re.compile(r"^--[ \t]*$", re.MULTILINE)
_SENT_FROM = re.compile(
    r"^[ \t]*(?:Sent from (?:my |Mail|Outlook|Yahoo)[^\n]{0,60}|Get Outlook for [^\n]{2,60}|"
    r"Von meinem [^\n]{2,40} gesendet|"
    r"Gesendet (?:von|mit) (?:meinem |der |Outlook)[^\n]{0,60}|Envoyé (?:de|depuis) mon [^\n]{2,40}|"
    r"Enviado desde mi [^\n]{2,40}|(?:나의 |내 )[^\n]{2,20}에서 (?:보냄|보낸 메시지))[ \t.]*$\n?",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:with |many )?(?:best|kind|warm|kindest|warmest)? ?(?:regards|wishes)|yours (?:sincerely|faithfully)|"
    r"sincerely|cheers|thanks|thank you|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|"
    r"(?:viele|liebe|beste|freundliche|schöne) gr(?:ü|ue)(?:ß|ss)e|mfg|cordialement|bien à vous|"
    r"(?:meilleures |sincères )?salutations|(?:un )?(?:cordial )?saludos?(?: cordiales)?|"
    r"atentamente|감사합니다|고맙습니다)"
    r"[ \t]*[,.!]?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
# A name, a firm, a telephone: few short lines, none of which is a sentence.
_MOST_LINES, _MOST_CHARS = 6, 80
_SENTENCE = re.compile(r"[.?!。？！][ \t]*$")
_DELIMITED_LINES = 15


def without_quotes(text: str) -> str:
    r"""Return a mail without the earlier mails it quotes.

    Lines that begin with ``>`` go, and the line that announces them; an answer written below or between them stays. An
    earlier mail that is not marked line by line goes to its end. A mail that is nothing else stays as it is.

    Examples
    --------
    >>> without_quotes("It works now.\n\nOn 5 Jan 2024, Ann wrote:\n> Does it work?\n> Ann")
    'It works now.'
    """
    mail = text.replace("\r\n", "\n")
    cuts = [found.start() for found in (_ORIGINAL.search(mail), _HEADER.search(mail)) if found]
    announced = False
    for found in _WROTE.finditer(mail):
        following = mail[found.end() :].lstrip("\n \t")
        if not _QUOTED.match(following):
            cuts.append(found.start())
            break
        announced = True
    kept = mail[: min(cuts)] if cuts else mail
    kept = _without_marked(_WROTE.sub("", kept) if announced else kept, announced)
    return text if kept == mail or is_blank(kept) else re.sub(r"\n{3,}", "\n\n", kept).strip()


def _without_marked(mail: str, announced: bool) -> str:
    """Drop lines that are marked as quoted: one alone may be an arrow, or a number that is more than another."""
    lines = mail.split("\n")
    marked = [bool(_QUOTED.match(line)) for line in lines]
    if not announced and sum(marked) < 2:
        return mail
    return "\n".join(line for line, is_marked in zip(lines, marked, strict=True) if not is_marked)


def without_signature(text: str) -> str:
    r"""Return a mail without its signature.

    That is what follows a line ``--``, a line such as *Sent from my phone*, and a closing such as *Best regards* with
    nothing but a few short lines behind it. A text that is nothing else stays as it is.

    Examples
    --------
    >>> without_signature("The lamp is broken.\n\nBest regards,\nAnn Lee\nLee Ltd\n\nSent from my iPhone")
    'The lamp is broken.'
    >>> without_signature("Thanks,\nbut where is my order now?")
    'Thanks,\nbut where is my order now?'
    """
    mail = text.replace("\r\n", "\n")
    kept = _SENT_FROM.sub("", mail)
    for ends, most_lines, is_closing in ((_DELIMITER, _DELIMITED_LINES, False), (_CLOSING, _MOST_LINES, True)):
        for found in ends.finditer(kept, _start_of_last(kept, most_lines + 1)):
            behind = [line for line in kept[found.end() :].split("\n") if line.strip()]
            told = is_closing and any(len(line) > _MOST_CHARS or _SENTENCE.search(line) for line in behind)
            if not told and not is_blank(kept[: found.start()]):
                kept = kept[: found.start()]
                break
    return text if kept == mail or is_blank(kept) else kept.strip()


def _start_of_last(mail: str, n_lines: int) -> int:
    """Return where the last lines begin, those without anything in them not counted."""
    start = len(mail)
    for line in reversed(mail.split("\n")):
        n_lines -= bool(line.strip())
        if n_lines < 0:
            break
        start -= len(line) + 1
    return max(0, start + 1)
