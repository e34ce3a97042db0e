"""Draw the ratios that the benchmarks have written down: ``docs/images/performance.svg``."""

import json
from html import escape
from math import ceil
from pathlib import Path

from _shared import RATIOS

FIGURE = RATIOS.parent / "images" / "performance.svg"
BAR, GAP, LEFT, WIDTH, TOP = 22, 16, 300, 420, 46
# Colours that can be read on white and on black; the text has that of the page around it.
STYLE = (
    "text { font: 14px system-ui, sans-serif; fill: #5f6b7a } .title { font-weight: 600 } .small { font-size: 11px } "
    ".bar { fill: #2f7de1 } .one { stroke: #8a94a3; stroke-dasharray: 4 4 }"
)


def main() -> None:
    """Write one bar for each ratio."""
    ratios = json.loads(RATIOS.read_text(encoding="utf-8"))
    unit = WIDTH / ceil(max(ratios.values()))
    bars = []
    for place, (name, ratio) in enumerate(ratios.items()):
        what, _, beside = (escape(part.strip()) for part in name.partition("|"))
        y = TOP + place * (BAR + GAP)
        bars.append(
            f'<text x="{LEFT - 10}" y="{y + 9}" text-anchor="end">{what}</text>'
            f'<text x="{LEFT - 10}" y="{y + 24}" text-anchor="end" class="small">beside {beside}</text>'
            f'<rect class="bar" x="{LEFT}" y="{y}" width="{unit * ratio:.0f}" height="{BAR}" rx="3"/>'
            f'<text class="title" x="{LEFT + unit * ratio + 8:.0f}" y="{y + 16}">{ratio} ×</text>'
        )
    height = TOP + len(ratios) * (BAR + GAP)
    line = f'<line class="one" x1="{LEFT + unit:.0f}" x2="{LEFT + unit:.0f}" y1="{TOP - 10}" y2="{height - 8}"/>'
    title = f'<text class="title" x="{LEFT}" y="20">Times as fast, on two processor cores</text>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 80} {height}" role="img" '
        f'aria-label="EmbedLab beside other ways, times as fast">\n<style>{STYLE}</style>\n'
        + "\n".join([title, line, *bars])
        + "\n</svg>\n"
    )
    Path(FIGURE).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
