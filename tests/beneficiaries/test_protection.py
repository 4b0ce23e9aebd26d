"""Communities are opened for a purpose, with consent, on the record, or not at all."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from services.beneficiaries.protection.rules import NotDisclosed
from services.kit.http import Guarded
from services.kit.purposes import Purpose
from tests.beneficiaries.conftest import EVERYTHING, Agency
from tests.databases import Fresh, ask, execute

DECLARED = {"declared": ["ashkali", "roma"], "prefers_not_to_say": False}
LATER = "2999-01-01T00:00:00Z"
ENTRIES = "select count(*) from audit_entry where act = 'protected:disclose'"
DISCLOSURES = "select count(*) from disclosure"


async def recorded(agency: Agency, **changed: object) -> str:
    made = await agency.record(**{"communities": DECLARED} | changed)
    return f"/registrations/{made['id']}"


async def consent(agency: Agency, path: str, purpose: str = "assistance") -> Any:  # noqa: ANN401 -- JSON
    body = {"purpose": purpose, "until": LATER}
    answer = await agency.post(f"{path}/consents", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def disclose(
    agency: Agency, path: str, purpose: str | None = "assistance"
) -> tuple[int, Any]:
    answer = await agency.request("POST", f"{path}/disclosures", purpose=purpose)
    return answer.status_code, answer.json()


def not_disclosed(answer: tuple[int, Any]) -> bool:
    """The one refusal, whichever of the reasons it has."""
    status, problem = answer
    problem.pop("trace")
    return status == 403 and problem == NotDisclosed().problem()


async def test_with_consent_for_the_purpose_it_is_disclosed(north: Agency) -> None:
    path = await recorded(north)
    given = await consent(north, path)
    assert await disclose(north, path) == (201, DECLARED)
    assert (await north.get(f"{path}/consents")).json() == [given]


async def test_without_any_consent_it_is_not_disclosed(north: Agency) -> None:
    path = await recorded(north)
    for purpose in Purpose:
        assert not_disclosed(await disclose(north, path, purpose))


async def test_a_consent_for_one_purpose_opens_nothing_for_another(
    north: Agency,
) -> None:
    path = await recorded(north)
    await consent(north, path, "grants")
    for purpose in set(Purpose) - {Purpose.GRANTS}:
        assert not_disclosed(await disclose(north, path, purpose))
    assert (await disclose(north, path, "grants"))[0] == 201


@pytest.mark.parametrize("purpose", [None, "", "curiosity"])
async def test_who_acts_for_no_purpose_learns_nothing(
    north: Agency, purpose: str | None
) -> None:
    path = await recorded(north)
    await consent(north, path)
    assert not_disclosed(await disclose(north, path, purpose))


@pytest.mark.parametrize(
    "ended", ["until = now()", "withdrawn_at = now()", "given_at = now() + '1 day'"]
)
async def test_a_consent_that_is_not_in_force_opens_nothing(
    north: Agency, databases: dict[str, Fresh], ended: str
) -> None:
    path = await recorded(north)
    await consent(north, path)
    change = f"update consent set {ended}"
    await execute(databases["beneficiaries"].superuser, change)
    assert not_disclosed(await disclose(north, path))


async def test_a_consent_to_one_registration_opens_no_other(north: Agency) -> None:
    path, other = await recorded(north), await recorded(north)
    await consent(north, path)
    assert not_disclosed(await disclose(north, other))


async def test_a_consent_that_has_ended_already_is_refused(north: Agency) -> None:
    path = await recorded(north)
    body = {"purpose": "assistance", "until": "2001-01-01T00:00:00Z"}
    assert (await north.post(f"{path}/consents", body)).status_code == 422


async def test_what_was_not_told_is_not_the_same_as_unknown(north: Agency) -> None:
    answers = []
    for told in ({"prefers_not_to_say": True}, {}):
        path = await recorded(north, communities=told)
        await consent(north, path)
        answers.append((await disclose(north, path))[1])
    assert answers == [
        {"declared": [], "prefers_not_to_say": True},
        {"declared": [], "prefers_not_to_say": False},
    ]


async def test_another_agency_cannot_tell_whether_there_is_anything_to_disclose(
    north: Agency, south: Agency
) -> None:
    path = await recorded(north)
    await consent(north, path)
    hidden = await disclose(south, path)
    absent = await disclose(south, f"/registrations/{uuid4()}")
    for answer in (hidden, absent):
        answer[1].pop("trace")
    assert hidden == absent
    assert hidden[0] == 404


async def test_who_may_read_may_not_therefore_disclose(
    client: AsyncClient, north: Agency
) -> None:
    path = await recorded(north)
    await consent(north, path)
    reading = tuple(one for one in EVERYTHING if not one.endswith(":disclose"))
    status, _ = await disclose(Agency(client, "unicef", reading), path)
    assert status == 403


async def test_each_disclosure_is_on_record_twice(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    path = await recorded(north)
    given = await consent(north, path)
    for _ in range(2):
        await disclose(north, path)
    url = databases["beneficiaries"].superuser
    assert await ask(url, ENTRIES) == await ask(url, DISCLOSURES) == 2
    assert await ask(url, f"{DISCLOSURES} where consent = $1", given["id"]) == 2
    about = "select details->>'purpose' from audit_entry where act ~ 'disclose' limit 1"
    assert await ask(url, about) == "assistance"


async def test_a_refused_disclosure_leaves_no_record_of_an_opening(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    path = await recorded(north)
    await disclose(north, path)
    url = databases["beneficiaries"].superuser
    assert await ask(url, ENTRIES) == await ask(url, DISCLOSURES) == 0


@pytest.mark.parametrize("table", ["audit_entry", "disclosure"])
async def test_what_cannot_be_put_on_record_is_not_disclosed(
    app: FastAPI, north: Agency, databases: dict[str, Fresh], table: str
) -> None:
    path = await recorded(north)
    await consent(north, path)
    database = databases["beneficiaries"]
    await execute(database.superuser, f"revoke insert on {table} from beneficiaries")
    transport = ASGITransport(Guarded(app))
    async with AsyncClient(transport=transport, base_url="http://service") as client:
        discloser = Agency(client, "unicef", EVERYTHING)
        answer = await discloser.request(
            "POST", f"{path}/disclosures", purpose="assistance"
        )
    assert answer.status_code == 500
    assert "ashkali" not in answer.text
    assert await ask(database.superuser, ENTRIES) == 0
    assert await ask(database.superuser, DISCLOSURES) == 0


async def test_a_disclosure_cannot_be_taken_off_the_record(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    path = await recorded(north)
    await consent(north, path)
    await disclose(north, path)
    rights = """
    select count(*) from information_schema.role_table_grants
    where grantee = 'beneficiaries' and table_name = 'disclosure'
      and privilege_type not in ('SELECT', 'INSERT')
    """
    assert await ask(databases["beneficiaries"].superuser, rights) == 0


async def test_reading_one_s_own_registrations_is_on_record_as_an_opening(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    path = await recorded(north)
    for asked in (path, "/registrations", f"{path}/history"):
        await north.get(asked)
    opened = "select count(*) from audit_entry where act = 'registration:open'"
    assert await ask(databases["beneficiaries"].superuser, opened) == 3


UNWALLED = """
do $$ declare tables record; begin
    for tables in select relname from pg_class where relrowsecurity loop
        execute format('alter table %I disable row level security', tables.relname);
    end loop;
end $$
"""
READING = (
    "/registrations/{key}",
    "/registrations/{key}/history",
    "/registrations/{key}/consents",
)


async def test_the_queries_keep_agencies_apart_without_row_level_security(
    north: Agency, south: Agency, databases: dict[str, Fresh]
) -> None:
    """Two walls: the filter of each query must hold when the other wall has fallen."""
    path = await recorded(north)
    await consent(north, path)
    await execute(databases["beneficiaries"].superuser, UNWALLED)
    for asked in READING:
        assert (await south.get(asked.format(key=path.split("/")[2]))).is_error, asked
    assert (await disclose(south, path))[0] == 404
    assert (await south.post(f"{path}/withdrawal")).status_code == 404
    assert (await south.get("/registrations")).json()["items"] == []
    by_name = {"names": {"given": "Mërgim", "family": "Prekazi"}}
    assert (await south.post("/registrations/search", by_name)).json() == []
    assert len((await north.get("/registrations")).json()["items"]) == 1


async def test_a_consent_ends_within_the_calendar(north: Agency) -> None:
    path = f"/registrations/{(await north.record())['id']}/consents"
    body = {"purpose": "grants", "until": "9999-12-31T23:59:59-14:00"}
    assert (await north.post(path, body)).status_code == 422
