"""What holds after any act on registrations and judgements, whatever came before it."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from services.beneficiaries.linkage.rules import DESK, MATCHER, cases, places
from services.beneficiaries.registry.rules import pairwise
from tests.beneficiaries.judging import contested, expected, grouped
from tests.beneficiaries.reviews.world import Asked, Pair, Stand

Json = dict[str, Any]
OWN = "registration.regrouped"
SPLIT = "person.split"


def check(
    before: Stand, after: Stand, judged: Pair | None, changed: Collection[UUID]
) -> None:
    """Check every law, where a pair was judged, or some were changed, or neither."""
    persons_are_those_of_the_judgements_in_force(after)
    own_persons_come_of_an_agency_s_own_alone(after)
    one_part_keeps_the_key(before, after)
    every_move_is_told_with_the_key_that_stayed(before, after)
    agencies_hear_of_their_own_that_moved(before, after)
    contradictions_wait(after)
    doubts_wait(after)
    whoever_is_matched_with_nobody_is_left_in_peace(after)
    no_other_judgement_was_touched(before, after, judged, changed)


def persons_are_those_of_the_judgements_in_force(after: Stand) -> None:
    computed = {one.registration: one for one in places(after.members, after.judged)}
    assert after.places == computed
    groups = {frozenset(group) for group in after.persons.values()}
    assert groups == expected(after.members, after.judged)
    marked = {one for one, place in after.places.items() if place.contested}
    assert marked == contested(after.members, after.judged)


def own_persons_come_of_an_agency_s_own_alone(after: Stand) -> None:
    for agency in set(after.agency.values()):
        own = [one for one in after.members if one.agency == agency]
        keys = {one.registration: after.places[one.registration].own for one in own}
        heard = [
            one
            for one, word in zip(after.judged, after.in_force.values(), strict=True)
            if word["audience"] == agency
        ]
        groups = {frozenset(group) for group in grouped(keys).values()}
        assert groups == expected(own, heard)


def one_part_keeps_the_key(before: Stand, after: Stand) -> None:
    """A person keeps its key as it grows; of its parts the one with its oldest does."""
    for key, group in before.persons.items():
        parts = grouped({one: after.places[one].person for one in group})
        if key in parts:
            assert key in parts[key]
        else:  # its oldest has come to somebody older, whose key was there first
            older = after.places[key].person
            assert after.ages[older] < after.ages[key]
    for key, group in after.persons.items():
        assert key == min(group, key=after.ages.__getitem__)


def every_move_is_told_with_the_key_that_stayed(before: Stand, after: Stand) -> None:
    told = {one["subject"]: one for one in after.told if one["type"] != OWN}
    assert len(told) == sum(one["type"] != OWN for one in after.told)
    for one in after.places:
        was, now = before.place(one), after.place(one)
        if (was.person, was.contested) == (now.person, now.contested):
            assert one not in told
            continue
        event = told[one]
        assert json.loads(event["data"]) == {
            "agency": after.agency[one],
            "before": str(was.person),
            "person": str(now.person),
            "contested": now.contested,
            "moves": before.moves.get(one, 0) + 1,
        }
        assert after.moves[one] == before.moves.get(one, 0) + 1
        parted = _parted(before, after, was.person)
        assert (event["type"] == SPLIT) == (parted or now.contested)


def _parted(before: Stand, after: Stand, person: UUID) -> bool:
    group = before.persons.get(person, set())
    return len({after.places[one].person for one in group}) > 1


def agencies_hear_of_their_own_that_moved(before: Stand, after: Stand) -> None:
    told = sorted(
        (one["audience"], one["subject"]) for one in after.told if one["type"] == OWN
    )
    assert told == sorted(
        (after.agency[one], one)
        for one, place in after.places.items()
        if before.place(one).own != place.own
    )


def contradictions_wait(after: Stand) -> None:
    """Each case is asked of whoever can solve it, and nothing else is asked as one."""
    found = {tuple(one) for one in cases(after.members, after.judged)}
    assert found <= after.reviews.keys()
    reviews = after.reviews.items()
    assert {key for key, row in reviews if row["kind"] == "contradiction"} <= found


def doubts_wait(after: Stand) -> None:
    """What the matcher could not tell is asked, unless other links have answered it.

    Then nobody is asked, but for a pair of which somebody has said something.
    """
    for (low, high), word in after.in_force.items():
        if word["verdict"] == "unsure" and word["made_by"] == MATCHER:
            asked = (low, high, word["audience"])
            assert asked in after.reviews or _answered(after, asked)
    for asked, row in after.reviews.items():
        if row["kind"] == "pair" and not row["spoken"]:
            assert not _answered(after, asked)


def _answered(after: Stand, asked: Asked) -> bool:
    """To an agency by what it says itself, to the desk by what anybody says."""
    low, high = (after.places[end] for end in asked[:2])
    if asked[2] == DESK:
        return low.person == high.person
    return low.own == high.own


def whoever_is_matched_with_nobody_is_left_in_peace(after: Stand) -> None:
    for low, high, *_ in (*after.in_force, *after.reviews):
        assert not {low, high} & after.alone


def no_other_judgement_was_touched(
    before: Stand, after: Stand, judged: Pair | None, changed: Collection[UUID]
) -> None:
    """Whoever changes loses what the matcher found; only who leaves, all that is said.

    A reviewer's word about anybody else stays, whatever happens around it.
    """
    for two, word in before.in_force.items():
        stands = after.in_force.get(two)
        if two == judged or (stands is not None and stands["id"] == word["id"]):
            continue
        touched = set(changed) & set(two)
        assert touched
        assert word["made_by"] == MATCHER or touched & after.alone


def persons_are_named(  # noqa: PLR0913 -- who judged of whom, and what came of it
    master: bytes,
    agency: str,
    made: asyncpg.Record,
    told: list[Json],
    before: Stand,
    after: Stand,
) -> None:
    """Whoever judges hears of whom it knows by which id it knew and knows a person."""
    column = "person" if agency == DESK else "own"
    known = _known_to_the_desk(after) if agency == DESK else _own(after, agency)
    ends = {made["low"], made["high"]}
    moves: Mapping[UUID, tuple[UUID, UUID]] = {
        one: (getattr(before.places[one], column), getattr(after.places[one], column))
        for one in known
    }
    expected = {
        str(one): tuple(str(pairwise(master, agency, key)) for key in keys)
        for one, keys in moves.items()
        if one in ends or keys[0] != keys[1]
    }
    assert {one["registration"]: (one["before"], one["after"]) for one in told} == (
        expected
    )
    assert all(one["kept"] == (one["before"] == one["after"]) for one in told)


def _own(after: Stand, agency: str) -> set[UUID]:
    return {one for one, owner in after.agency.items() if owner == agency}


def _known_to_the_desk(after: Stand) -> set[UUID]:
    heard = [two for two, one in after.in_force.items() if one["audience"] == DESK]
    return {end for two in heard for end in two}
