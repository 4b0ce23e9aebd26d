"""The guide to grants shows the states that the code has."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "grants.md"
PICTURE = re.compile(r"%% (\S+) (NEXT\w*)\n((?: +\w+ --> \w+\n)+)")


def drawn() -> Iterator[tuple[str, str, set[tuple[str, ...]]]]:
    for module, table, arrows in PICTURE.findall(GUIDE.read_text()):
        edges = {tuple(one.split(" --> ")) for one in re.split(r"\n *", arrows.strip())}
        yield module, table, edges


def test_each_picture_of_states_is_the_table_in_the_code() -> None:
    pictures = list(drawn())
    assert len(pictures) == GUIDE.read_text().count("stateDiagram") == 9
    for module, table, edges in pictures:
        kept = getattr(import_module(module), table)
        coded = {(str(a), str(b)) for a, others in kept.items() for b in others}
        assert edges == coded, (module, table)
