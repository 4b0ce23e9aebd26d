"""Bar charts that say everything in words too: no script, nothing from elsewhere.

Each bar has its name before it and its figure on it, and the description repeats all
of them, so that nothing is told by colour or by length alone.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final
from xml.etree import ElementTree as ET

import pygal
from pygal.style import Style

from services.programme.languages import Language

# pygal hangs a finder of its plugins, of which we have none, into every later import;
# before Python 3.12 that warns each time. To go when pygal's finder has `find_spec`.
sys.meta_path[:] = [
    one for one in sys.meta_path if not isinstance(one, pygal.PluginImportFixer)
]
WIDTH: Final = 900
ROW: Final = 46
AROUND: Final = 120  # pixels above and below the bars
LONGEST: Final = 40  # letters of a name; the description has all of it
NOTE: Final = 18  # pixels of a line below
TITLE: Final = 84  # letters of a line of the title
FIGURES: Final = 270  # pixels for the figures, in a column behind the bars
SVG: Final = "http://www.w3.org/2000/svg"
UNREAD: Final = {f"{{{SVG}}}{tag}" for tag in ("script", "title", "desc")}
TOOLTIPS: Final = {"plot tooltip-overlay"}
CSS: Final = (
    "file://style.css",
    "file://graph.css",
    "inline:.text-overlay text.label{text-anchor:start!important}",
    "inline:.source{font-family:DejaVu Sans,Arial,sans-serif;font-size:12px}",
)
LOOK: Final = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#1a202c",
    foreground_strong="#1a202c",
    foreground_subtle="#718096",
    opacity="1",
    colors=("#63a4d8",),
    ci_colors=("#1a202c",),
    value_colors=("#1a202c",),
    font_family="DejaVu Sans, Arial, sans-serif",
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=14,
    value_label_font_size=14,
    title_font_size=16,
)
SHAPE: Final[dict[str, Any]] = {
    "style": LOOK,
    "css": CSS,
    "js": [],
    "width": WIDTH,
    "margin": 24,
    "margin_right": FIGURES,
    "show_legend": False,
    "no_data_text": " ",
    "truncate_label": LONGEST,
    "print_labels": True,
    "min_scale": 2,
    "max_scale": 4,
}
PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A picture.",
        "content": {"image/svg+xml": {"schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its name and how it is said; interval and source, if any."""

    name: str
    value: Decimal | None
    said: str
    interval: tuple[Decimal, Decimal] | None = None
    source: str | None = None


def said(value: Decimal, language: Language) -> str:
    """Write a number with the marks of print: 3,038,958.80, and 3.038.958,80."""
    written = f"{value:,f}"
    if language is Language.ENGLISH:
        return written
    return written.translate(str.maketrans(",.", ".,"))


def draw(
    title: str, bars: Sequence[Bar], language: Language, most: Decimal | None = None
) -> str:
    """Draw bars, the first one on top, and below them their sources by number."""
    sources = list(dict.fromkeys(bar.source for bar in bars if bar.source))
    chart = pygal.HorizontalBar(
        **SHAPE,
        height=AROUND + ROW * len(bars) + NOTE * len(sources),
        margin_bottom=24 + NOTE * len(sources),
        title="\n".join(wrap(title, TITLE)),
        value_formatter=lambda value: said(Decimal(f"{value:.10g}"), language),
        range=None if most is None else (0, float(most)),
    )
    shown = list(reversed(bars))
    chart.x_labels = [_numbered(bar, sources) for bar in shown]
    chart.add("", [_point(bar) for bar in shown])
    ET.register_namespace("", SVG)
    root = _plain(chart.render(), title, bars)
    _note(root, sources, AROUND + ROW * len(bars))
    return ET.tostring(root, encoding="unicode")


def _numbered(bar: Bar, sources: Sequence[str]) -> str:
    if bar.source is None:
        return bar.name
    return f"{bar.name} [{sources.index(bar.source) + 1}]"


def _note(root: ET.Element, sources: Sequence[str], below: int) -> None:
    for number, source in enumerate(sources, 1):
        place = {"x": "24", "y": str(below + NOTE * (number - 1)), "class": "source"}
        ET.SubElement(root, f"{{{SVG}}}text", place).text = f"[{number}] {source}"


def _point(bar: Bar) -> dict[str, Any]:
    point: dict[str, Any] = {
        "value": float(bar.value or 0),
        "label": bar.said,
    }
    if bar.interval is not None:
        low, high = bar.interval
        point["ci"] = {"low": float(low), "high": float(high)}
    return point


def _plain(drawn: bytes, title: str, bars: Sequence[Bar]) -> ET.Element:
    """Take out what only pygal's script reads, and say what the picture shows."""
    root = ET.fromstring(drawn)  # noqa: S314 -- pygal's own, of a moment ago
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in UNREAD or child.get("class") in TOOLTIPS:
                parent.remove(child)
    for text in root.findall(f".//{{{SVG}}}text[@class='label']"):
        text.set("x", str(WIDTH - FIGURES - _left(root) + 12))
    names = {tag: f"{root.get('id')}-{tag}" for tag in ("title", "desc")}
    for place, (tag, words) in enumerate((("title", title), ("desc", described(bars)))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": names[tag]})
        element.text = words
        root.insert(place, element)
    root.attrib |= {"role": "img", "aria-labelledby": " ".join(names.values())}
    return root


def _left(root: ET.Element) -> float:
    """Find where the bars begin, which is where the longest name ends."""
    plot = root.find(f".//{{{SVG}}}g[@class='plot']")
    moved = "" if plot is None else plot.get("transform", "")
    return float(moved.removeprefix("translate(").partition(",")[0] or 0)


def described(bars: Sequence[Bar]) -> str:
    return "; ".join(_told(bar) for bar in bars) + "."


def _told(bar: Bar) -> str:
    source = "" if bar.source is None else f" [{bar.source}]"
    return f"{bar.name}: {bar.said}{source}"
