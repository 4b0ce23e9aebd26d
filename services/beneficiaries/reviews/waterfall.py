"""The waterfall: how the weight of a pair adds up, as a picture that shows no names.

Every bar says its number and points up or down, so nothing is told by colour alone; the
description says the whole of it in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from services.beneficiaries.reviews.words import Language, number, say

WIDTH: Final = 860
LABELS: Final = 390  # pixels for the words
NUMBERS: Final = 90  # and for the numbers
TOP: Final = 64
ROW: Final = 30
BAR: Final = 18
NAMESPACE: Final = "http://www.w3.org/2000/svg"
FALLING: Final = "M0,6 L6,0"  # a hatching, which prints
COLOURS: Final = {"up": "#1f6f54", "down": "url(#falling)", "whole": "#4a5568"}
MARKS: Final = {"up": "▲", "down": "▼", "whole": "■"}
TITLE: Final = "What speaks for one person, in bits"
ALONE: Final = "Not linked without a reviewer"


class Step(NamedTuple):
    """One bar: what it is called, from where to where it goes, and what it weighs."""

    label: str
    start: float
    end: float
    kind: str

    @property
    def weight(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Told:
    """The evidence on a pair, as far as the picture needs it."""

    prior: float
    levels: Sequence[tuple[str, str, float]]
    vetoes: Sequence[str]
    cutoffs: tuple[float, float]

    def steps(self, language: Language) -> Iterator[Step]:
        """Give the bars, each from where the one before it ended."""
        yield Step(say("before comparing", language), 0, self.prior, "whole")
        reached = self.prior
        for name, label, weight in self.levels:
            words = f"{say(name, language)}: {say(label, language)}"
            kind = "up" if weight >= 0 else "down"
            yield Step(words, reached, reached := reached + weight, kind)
        yield Step(say("sum", language), 0, reached, "whole")

    def against(self, language: Language) -> str:
        named = ", ".join(say(veto, language) for veto in self.vetoes)
        return f"{say(ALONE, language)}: {named}." if named else ""


def waterfall(told: Told, language: Language) -> str:
    """Draw the evidence on a pair."""
    steps = list(told.steps(language))
    height = TOP + ROW * (len(steps) + 2)
    root = _picture(height, language)
    _describe(root, told, steps, language)
    _add(root, "rect", width=WIDTH, height=height, fill="#ffffff")
    _text(root, 16, 26, say(TITLE, language), **{"font-weight": "bold"})
    scale = _scale(steps, told.cutoffs)
    _draw_cutoffs(root, scale, told.cutoffs, height - ROW * 1.5, language)
    for row, step in enumerate(steps):
        _draw(root, scale, step, TOP + ROW * row, language)
    _text(root, 16, height - 16, told.against(language))
    return ET.tostring(root, encoding="unicode")


class Scale(NamedTuple):
    """Where a number of bits lies on the picture."""

    least: float
    per_bit: float

    def at(self, bits: float) -> float:
        return round(LABELS + (bits - self.least) * self.per_bit, 1)


def _scale(steps: Sequence[Step], cutoffs: tuple[float, float]) -> Scale:
    reached = [0.0, *cutoffs, *(step.end for step in steps)]
    least, most = min(reached) - 1, max(reached) + 1
    return Scale(least, (WIDTH - LABELS - NUMBERS) / (most - least))


def _picture(height: float, language: Language) -> ET.Element:
    root = ET.Element("svg", xmlns=NAMESPACE, role="img", lang=language)
    root.set("viewBox", f"0 0 {WIDTH} {height}")
    root.set("width", str(WIDTH))
    root.set("font-family", "system-ui, sans-serif")
    root.set("font-size", "14")
    root.set("aria-labelledby", "title desc")
    return root


def _describe(
    root: ET.Element, told: Told, steps: Sequence[Step], language: Language
) -> None:
    _add(root, "title", id="title").text = say(TITLE, language)
    words = "; ".join(f"{s.label} {number(s.weight, language)}" for s in steps)
    names = zip(("review", "link"), told.cutoffs, strict=True)
    cuts = "; ".join(f"{say(n, language)} {number(at, language)}" for n, at in names)
    parts = (f"{words}.", f"{cuts}.", told.against(language))
    _add(root, "desc", id="desc").text = " ".join(parts).strip()
    pattern = _add(_add(root, "defs"), "pattern", id="falling", width=6, height=6)
    pattern.set("patternUnits", "userSpaceOnUse")
    _add(pattern, "rect", width=6, height=6, fill="#fbe3d3")
    _add(pattern, "path", d=FALLING, stroke="#a3420f")


def _draw(
    root: ET.Element, scale: Scale, step: Step, top: float, language: Language
) -> None:
    left, right = sorted((scale.at(step.start), scale.at(step.end)))
    middle = top + BAR * 0.8
    _text(root, 16, middle, step.label)
    box = {"x": left, "y": top, "width": max(1.0, right - left), "height": BAR}
    fill = COLOURS[step.kind]
    _add(root, "rect", **box, fill=fill, stroke="#2d3748")
    written = f"{MARKS[step.kind]} {number(step.weight, language)}"
    _text(root, WIDTH - 16, middle, written, **{"text-anchor": "end"})


def _draw_cutoffs(
    root: ET.Element,
    scale: Scale,
    cutoffs: tuple[float, float],
    bottom: float,
    language: Language,
) -> None:
    named = zip(("review", "link"), cutoffs, ("end", "start"), (-4, 4), strict=True)
    for name, bits, anchor, aside in named:
        at = scale.at(bits)
        line = {"x1": at, "x2": at, "y1": TOP - 20, "y2": bottom}
        dashed = {"stroke": "#2d3748", "stroke-dasharray": "4 3"}
        _add(root, "line", **line, **dashed)
        words = f"{say(name, language)} {number(bits, language)}"
        _text(root, at + aside, TOP - 10, words, **{"text-anchor": anchor})


def _text(root: ET.Element, x: float, y: float, words: str, **style: str) -> None:
    _add(root, "text", x=x, y=y, fill="#1a202c", **style).text = words


def _add(root: ET.Element, tag: str, **attributes: float | str) -> ET.Element:
    written = {name: str(value) for name, value in attributes.items()}
    return ET.SubElement(root, tag, written)
