"""What may be written in a field: one line, something on it, nothing unprintable."""

from typing import Annotated

from pydantic import StringConstraints

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*$",
    ),
]
PlaceCode = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^[a-z]+(-[a-z]+)*$")
]
# Which programme something belongs to: a short name that the agencies agree on.
ProgrammeCode = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
