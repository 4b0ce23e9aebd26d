"""Limits: so many in a window, counted apart, and a refusal that says when."""

import pytest

from services.kit.limits import Limit, TooOften


def test_who_asks_too_often_hears_when_there_is_room_again() -> None:
    limit = Limit.a_minute(3)
    for _ in range(3):
        limit.count("north", 1)
    with pytest.raises(TooOften) as refused:
        limit.count("north", 1)
    assert 1 <= int(refused.value.headers["retry-after"]) <= 60
    limit.count("north", 2)
    limit.count("south", 1)


def test_looking_whether_there_is_room_takes_none() -> None:
    limit = Limit.an_hour(1)
    for _ in range(3):
        limit.check("north")
    assert limit.allows("north")
    assert not limit.allows("north")
    with pytest.raises(TooOften) as refused:
        limit.check("north")
    assert 3500 < int(refused.value.headers["retry-after"]) <= 3600
