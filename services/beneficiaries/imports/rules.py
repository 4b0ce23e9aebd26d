"""How a row of an import is read: whole, or refused with reasons that name no value."""

import json
from datetime import date
from typing import Any

from pydantic import ValidationError

from services.beneficiaries.registry.rules import Content
from services.kit.refusals import pointer

UNREADABLE = "The birth date could not be read; it is kept as written."
Reasons = tuple[str, ...]


def read(row: dict[str, Any], today: date) -> Content | Reasons:
    """Read one row; the reasons name the fields, never what stood in them."""
    try:
        content = Content.model_validate_json(json.dumps(row))
    except ValidationError as wrong:
        return tuple(f"{pointer(one['loc'])}: {one['msg']}" for one in wrong.errors())
    wrong_today = content.wrong_on(today)
    return (f"/birth: {wrong_today}",) if wrong_today else content


def warnings(content: Content) -> Reasons:
    return () if content.readable() else (UNREADABLE,)
