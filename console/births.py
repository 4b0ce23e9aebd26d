"""Birth dates as files write them, as far as they can be read without guessing."""

import re
from datetime import date
from typing import Final

EARLIEST_YEAR: Final = 1890  # before it the registry takes no date for possible
FORMS: Final = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d?)\. ?(?P<month>\d\d?)\. ?(?P<year>\d{4})\.?",
        r"(?P<year>\d{4})-(?P<month>\d\d)",
        r"(?P<year>\d{4})",
    )
)
PARTS: Final = ("year", "month", "day")


def birth(text: str) -> dict[str, str]:
    """Read a birth date; what cannot be read, or cannot be, keeps its own words.

    Dates with slashes are not read: whether the day or the month comes first, nobody
    can tell from the date.
    """
    for form in FORMS:
        if (found := form.fullmatch(text)) and _possible(found):
            known = [part for part in PARTS if part in form.groupindex]
            value = "-".join(found[part].zfill(2) for part in known)
            return {"value": value, "precision": known[-1]}
    return {"as_written": text}


def _possible(found: re.Match[str]) -> bool:
    written = found.groupdict()
    year, month, day = (int(written.get(part, 1)) for part in PARTS)
    try:
        return date(year, month, day).year >= EARLIEST_YEAR
    except ValueError:
        return False
