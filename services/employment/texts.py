"""The short name of a programme, as the agencies agree on it."""

from typing import Annotated

from pydantic import StringConstraints

ProgrammeCode = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
