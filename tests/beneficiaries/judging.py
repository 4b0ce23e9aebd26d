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


def member(number: int, agency: str = "unicef", age: int | None = None) -> Member:
    since = DAWN + timedelta(seconds=number if age is None else age)
    return Member(UUID(int=number), agency, since)


def judged(low: int, high: int, verdict: Verdict) -> Judged:
    return Judged(*pair(UUID(int=low), UUID(int=high)), verdict)


def persons(standings: Mapping[UUID, Standing]) -> set[frozenset[UUID]]:
    """Give the registrations of each person, whatever its key is."""
    together: dict[UUID, set[UUID]] = {}
    for registration, standing in standings.items():
        together.setdefault(standing.person, set()).add(registration)
    return {frozenset(group) for group in together.values()}


def expected(
    members: Iterable[Member], judgements: Iterable[Judged]
) -> set[frozenset[UUID]]:
    """Compute the persons in the plainest way: join until nothing joins any more."""
    judgements = list(judgements)
    groups = [{one.registration} for one in members]
    for one in judgements:
        if one.verdict is Verdict.SAME:
            touched = [group for group in groups if {one.low, one.high} & group]
            groups = [group for group in groups if group not in touched]
            groups.append(set().union(*touched))
    apart = [{j.low, j.high} for j in judgements if j.verdict is Verdict.DIFFERENT]
    return {
        frozenset(part)
        for group in groups
        for part in (
            [{one} for one in group] if any(two <= group for two in apart) else [group]
        )
    }
