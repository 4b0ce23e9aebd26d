"""The words of the closed lists as people read them: English, Albanian, Serbian."""

from importlib.resources import files
from typing import Final

from pydantic import BaseModel


class Label(BaseModel):
    """One word of a closed list; Serbian in Latin script."""

    en: str
    sq: str
    sr: str


Words = dict[str, dict[str, Label]]


def _read() -> Words:
    read: Words = {}
    text = files(__package__).joinpath("words.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, word, en, sq, sr = line.split("\t")
        read.setdefault(name, {})[word] = Label(en=en, sq=sq, sr=sr)
    return read


WORDS: Final[Words] = _read()
