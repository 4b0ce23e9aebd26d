"""Paragraphs, as applications and plans hold them."""

from typing import Annotated

from pydantic import StringConstraints

Paragraphs = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=5000,
        pattern=r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$",  # lines may end
    ),
]
