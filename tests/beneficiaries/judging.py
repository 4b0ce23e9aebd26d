"""Registrations and judgements in few words, and persons in the plainest way."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.beneficiaries.linkage.rules import (
    Judged,
    Member,
    Standing,
    Verdict,
    pair,
)

AGENCIES = ("unicef", "who", "undp")
DAWN = datetime(2026, 1, 1, tzinfo=UTC)
Groups = set[frozenset[UUID]]


def member(number: int, agency: str = "unicef", age: int | None = None) -> Member:
    since = DAWN + timedelta(seconds=number if age is None else age)
    return Member(UUID(int=number), agency, since)


def judged(low: int, high: int, verdict: Verdict) -> Judged:
    return Judged(*pair(UUID(int=low), UUID(int=high)), verdict)


def grouped(keys: Mapping[UUID, UUID]) -> dict[UUID, set[UUID]]:
    """Give the registrations that each key stands for."""
    together: dict[UUID, set[UUID]] = {}
    for registration, key in keys.items():
        together.setdefault(key, set()).add(registration)
    return together


def persons(standings: Mapping[UUID, Standing]) -> Groups:
    """Give the registrations of each person, whatever its key is."""
    keys = {one: standing.person for one, standing in standings.items()}
    return {frozenset(group) for group in grouped(keys).values()}


def joined(members: Iterable[Member], judgements: Iterable[Judged]) -> Groups:
    """Join in the plainest way, until nothing joins any more."""
    groups = {frozenset({one.registration}) for one in members}
    known = frozenset[UUID]().union(*groups)
    for one in judgements:
        if one.verdict is Verdict.SAME and {one.low, one.high} <= known:
            touched = {group for group in groups if {one.low, one.high} & group}
            groups = groups - touched | {frozenset[UUID]().union(*touched)}
    return groups


def contested(members: Iterable[Member], judgements: Iterable[Judged]) -> set[UUID]:
    """Give whoever stands together with two of whom somebody says that they differ."""
    judgements = list(judgements)
    apart = [{j.low, j.high} for j in judgements if j.verdict is Verdict.DIFFERENT]
    return {
        one
        for group in joined(members, judgements)
        if any(two <= group for two in apart)
        for one in group
    }


def expected(members: Iterable[Member], judgements: Iterable[Judged]) -> Groups:
    """Compute the persons: whoever is joined, but for those who contradict it."""
    members, judgements = list(members), list(judgements)
    alone = contested(members, judgements)
    whole = {one for one in joined(members, judgements) if not one & alone}
    return whole | {frozenset({one}) for one in alone}
