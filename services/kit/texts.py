"""What may be written in a field: a line without control characters, a place's code."""

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
