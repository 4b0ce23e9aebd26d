"""The programme's grants, replayed through the service as its roles let them."""

from collections.abc import Generator, Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from httpx import AsyncClient, Auth, Request, Response

from deploy.replay import programme
from deploy.replay.journal import Journal
from deploy.replay.parties import Party, Reached
from deploy.replay.play import replay
from deploy.replay.preparing import Office
from gateway.policy import Role, permissions
from services.grants.applications.rules import Status as Application
from services.grants.assessments.rules import State as Assessment
from services.grants.awards.rules import AmendmentStatus, TrancheStatus
from services.grants.awards.rules import Status as Award
from services.grants.calls.rules import Status as Call
from services.grants.consortia.rules import Answer
from services.grants.consortia.rules import State as Terms
from services.grants.events.rules import Status as Event
from services.grants.payments.rules import Status as Report
from services.grants.plans.rules import Status as Plan
from tests.databases import Fresh, ask
from tests.grants.published import (
    activities_in,
    grants_in,
    wrong_as_giving,
    wrong_as_iati,
)
from tests.passports import shown

EVERY: Mapping[str, type[StrEnum]] = {
    "plan": Plan,
    "event": Event,
    "call": Call,
    "terms": Terms,
    "member": Answer,
    "application": Application,
    "assessment": Assessment,
    "award": Award,
    "tranche": TrancheStatus,
    "amendment": AmendmentStatus,
    "report": Report,
}


class Passport(Auth):
    """What the gateway would show for a caller: a fresh one for every request."""

    def __init__(
        self, tenant: str, name: str, held: frozenset[str], key: str | None
    ) -> None:
        self.who = tenant, held, None, name, key

    def auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        request.headers.update(shown("grants", *self.who))
        yield request


class Direct:
    """Parties that speak to the service itself, with what the policy gives a role."""

    def __init__(self, http: AsyncClient, journal: Journal) -> None:
        self.http = http
        self.journal = journal
        self.reached = Reached()

    async def staff(self, name: str, role: Role) -> Party:
        return self._party("undp", name, permissions([role]), None)

    async def organisation(self, slug: str, key: str) -> Party:
        return self._party(slug, slug, permissions([Role.APPLICANT]), key)

    def _party(
        self, tenant: str, name: str, held: frozenset[str], key: str | None
    ) -> Party:
        passport = Passport(tenant, name, held, key)
        return Party(self.http, name, passport, self.journal, self.reached)


async def test_the_programme_s_grants_are_given_once_more(
    client: AsyncClient, database: Fresh, tmp_path: Path
) -> None:
    """One replay is looked at from every side: playing it twice would cost as much."""
    cast = Direct(client, Journal(tmp_path / "journal"))
    office = await replay(cast)
    every_state_was_reached(cast.reached)
    await every_award_goes_across_the_divide(office, cast)
    await the_money_adds_up(database)
    await both_exports_are_valid_and_tell_nothing_else(office, cast)


def every_state_was_reached(reached: Reached) -> None:
    missing = {of: set(states) - reached.states[of] for of, states in EVERY.items()}
    assert {of: states for of, states in missing.items() if states} == {}


async def every_award_goes_across_the_divide(office: Office, cast: Direct) -> None:
    led_by = {office.keys[one.slug]: one.led_by for one in programme.everybody()}
    assert len(office.awards) == programme.GRANTS == 29
    for award in office.awards:
        consortium = await office.officer.get(f"/consortia/{award['consortium']}")
        for terms in consortium["terms"]:
            members = [one["organisation"] for one in terms["members"]]
            assert len({led_by[key] for key in members}) == len(members) == 2
    plans = (await office.officer.get("/plans?limit=200"))["items"]
    kinds = [plan["kind"] for plan in plans if plan["status"] == "adopted"]
    assert kinds.count("economic_development") == 3
    assert kinds.count("community_action") >= 1
    forum, _ = (await office.officer.get("/events"))["items"]
    assert forum["titles"]["en"] == "Forum on Divided Cities"
    assert cast.reached.states["event"] >= {"held"}


async def the_money_adds_up(database: Fresh) -> None:
    total = await ask(database.superuser, "select sum(amount) from award")
    assert total == programme.TOTAL == Decimal("3038958.80")
    committed = """
    select sum(amount) from journal_line join journal on journal.id = journal
    where act = 'commitment' and amount > 0
    """
    assert await ask(database.superuser, committed) == programme.TOTAL
    assert await ask(database.superuser, "select sum(amount) from journal_line") == 0
    statements = "select statements from reconciliation"
    assert str(programme.ANNOUNCED) in str(await ask(database.superuser, statements))
    recorded = "select recorded from reconciliation"
    assert await ask(database.superuser, recorded) == programme.TOTAL
    same_hand = """
    select count(*) from tranche where disbursed_by in (awarded_by, released_by)
    """
    assert await ask(database.superuser, same_hand) == 0


async def both_exports_are_valid_and_tell_nothing_else(
    office: Office, cast: Direct
) -> None:
    undp = {"reference": "XM-DAC-41114", "name": "UNDP"}
    await office.officer.put("/standards/publisher", undp)
    found = {}
    for path in ("/standards/360giving", "/standards/iati"):
        found[path] = (await cast.http.get(path, auth=office.officer.auth)).content
    package, document = found.values()
    assert wrong_as_giving(package) == []
    assert wrong_as_iati(document) == []
    amounts = [Decimal(one["amountAwarded"]) for one in grants_in(package)]
    assert sum(amounts) == programme.TOTAL
    assert len(activities_in(document)) == programme.GRANTS
    for told in found.values():
        for community in {one.led_by for one in programme.everybody()}:
            assert community.encode() not in told


def test_the_invented_amounts_add_up_to_the_programme_s_total_to_the_cent() -> None:
    amounts = programme.amounts()
    assert sum(amounts) == programme.TOTAL == Decimal("3038958.80")
    assert len(set(amounts)) == len(amounts) == programme.GRANTS
    assert max(amounts) <= programme.CEILING
