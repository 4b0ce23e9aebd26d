# ruff: noqa: RUF001 -- Cyrillic and Turkish letters are the subject
"""How clerks write names that they hear or copy: by their own orthography, with slips.

Written apart from the tables of the registry on purpose: what is measured must not be
made by what is measured.
"""

import random
import re
import unicodedata

CYRILLIC = dict(
    zip(
        "abvgdđežzijklmnoprstćufhcčš",
        "абвгдђежзијклмнопрстћуфхцчш",
        strict=True,
    )
)
_SQ_TO_SR = (
    ("xh", "dž"), ("gj", "đ"), ("sh", "š"), ("zh", "ž"), ("th", "t"), ("dh", "d"),
    ("ll", "l"), ("rr", "r"), ("ç", "č"), ("q", "ć"), ("x", "dz"), ("ë", "e"),
)  # fmt: skip
_SR_TO_SQ = (
    ("dž", "xh"), ("đ", "gj"), ("š", "sh"), ("ž", "zh"), ("č", "ç"), ("ć", "q"),
)  # fmt: skip
_TR_TO_SR = (
    ("c", "dž"), ("ç", "č"), ("ş", "š"), ("j", "ž"), ("y", "j"), ("ı", "i"),
    ("ö", "o"), ("ü", "u"), ("â", "a"), ("ğ", "g"),
)  # fmt: skip
_TR_TO_SQ = (
    ("c", "xh"), ("ç", "ç"), ("ş", "sh"), ("j", "zh"), ("y", "j"), ("ı", "i"),
    ("ö", "o"), ("ü", "y"), ("â", "a"), ("ğ", "g"),
)  # fmt: skip


def spelled(name: str, origin: str, orthography: str, chance: random.Random) -> str:
    """Write a name of an origin (sq, sr, tr) in an orthography of an office.

    Orthographies: sq, sr, cyrl, tr (copied as it is), ascii.
    """
    text = name.replace("İ", "i").lower()
    if orthography in {"sr", "cyrl"}:
        text = _serbian(text, origin, chance)
    elif orthography == "sq":
        text = _albanian(text, origin, chance)
    elif orthography == "ascii":
        text = _bare(text, chance)
    written = cyrillic(text) if orthography == "cyrl" else text
    return "-".join(word[:1].upper() + word[1:] for word in written.split("-"))


def cyrillic(text: str) -> str:
    for latin, letter in (("lj", "љ"), ("nj", "њ"), ("dž", "џ")):
        text = text.replace(latin, letter)
    return "".join(CYRILLIC.get(sign, sign) for sign in text)


def _serbian(text: str, origin: str, chance: random.Random) -> str:
    if origin == "tr":
        return _replaced(text, _TR_TO_SR)
    if origin == "sr":
        return text
    # Official usage writes i for y; older clerks write u.
    text = text.replace("y", "u" if chance.random() < 0.15 else "i")
    if chance.random() < 0.15:
        text = re.sub(r"(?<!l)l(?=[ei])", "lj", text)
    text = re.sub(r"i(?=[ae])", "ij" if chance.random() < 0.5 else "i", text)
    return _replaced(text, _SQ_TO_SR)


def _albanian(text: str, origin: str, chance: random.Random) -> str:
    if origin == "tr":
        return _replaced(text, _TR_TO_SQ)
    if origin == "sq":
        return text
    text = re.sub(r"(?<![aeiou])r(?![aeiou])", "ër", text)
    text = text.replace("lj", "l" if chance.random() < 0.5 else "lj")
    if chance.random() < 0.3:
        text = re.sub(r"l(?=[aou])", "ll", text)
    return _replaced(text, _SR_TO_SQ)


def _bare(text: str, chance: random.Random) -> str:
    """Strip to ASCII as keyboards do: đ becomes dj, sometimes d."""
    text = text.replace("đ", "dj" if chance.random() < 0.75 else "d")
    text = text.replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _replaced(text: str, rows: tuple[tuple[str, str], ...]) -> str:
    """Replace in one pass, so that no row acts on another's result."""
    table = dict(rows)
    found = re.compile("|".join(sorted(table, key=len, reverse=True)))
    return found.sub(lambda letters: table[letters[0]], text)


def slipped(text: str, chance: random.Random) -> str:
    """Make one slip of the hand: a letter lost, doubled, transposed, or another."""
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    head, here, tail = text[:at], text[at], text[at + 1 :]
    return chance.choice(
        (
            head + tail,
            head + here + here + tail,
            head + tail[:1] + here + tail[1:],
            head + chance.choice("aeioukmnrst") + tail,
        )
    )
