"""What a service tells by its feed, counted as the programme counts it."""

from typing import Any

from services.kit.feed import TYPES
from services.kit.following import Part
from services.programme.counts.rules import Event, Measure, fold


def counted(feed: dict[str, Any]) -> dict[Measure, int]:
    """Count what a part of a feed tells; measures that come to nothing are left out."""
    told = Part.model_validate(feed).items
    events = (
        Event(one.id, one.type.removeprefix(TYPES), one.subject, one.data)
        for one in told
    )
    return {measure: count for measure, count in fold(events).items() if count}
