"""Whom an agency introduces, one organisation may know, for as long as it is agreed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient, Response

from services.beneficiaries.permissions import Beneficiaries
from tests.beneficiaries.conftest import Agency
from tests.databases import Fresh, ask, execute
from tests.passports import shown

MILL = uuid4()
LATER = "2999-01-01T00:00:00Z"


async def agreed(agency: Agency) -> tuple[str, str]:
    """Record somebody who agrees to the purpose of employment: both ids."""
    made = await agency.record()
    path = f"/registrations/{made['id']}/consents"
    consent = await agency.post(path, {"purpose": "employment", "until": LATER})
    return made["id"], consent.json()["id"]


async def introduce(agency: Agency, key: str, **changed: object) -> Response:
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body = {"organisation": str(MILL), "until": until} | changed
    return await agency.post(f"/registrations/{key}/introductions", body)


async def sealed(agency: Agency, key: str, **changed: object) -> str:
    answer = await introduce(agency, key, **changed)
    assert answer.status_code == 200, answer.text
    introduction: str = answer.json()["introduction"]
    return introduction


async def redeem(
    client: AsyncClient, key: str, introduction: str, whose: UUID | None = MILL
) -> Response:
    """Ask as an organisation's own tenant, as employment's exchange would."""
    may = [Beneficiaries.REDEEM_INTRODUCTIONS]
    organisation = None if whose is None else str(whose)
    headers = shown("beneficiaries", "mill", may, organisation=organisation)
    path = f"/registrations/{key}/introductions/redemption"
    body = {"introduction": introduction}
    return await client.post(path, json=body, headers=headers)


def unknown(answer: Response) -> bool:
    told: dict[str, Any] = answer.json()
    told.pop("trace")
    return told == {
        "type": "urn:uramost:problem:not-found",
        "title": "There is no such record that the caller may know of.",
        "status": 404,
    }


async def test_the_organisation_is_told_the_name_and_phones_only_if_agreed(
    client: AsyncClient, north: Agency, databases: dict[str, Fresh]
) -> None:
    key, _ = await agreed(north)
    names = {"given": "Mërgim", "family": "Prekazi"}
    told = await redeem(client, key, await sealed(north, key))
    assert told.json() == {**names, "phones": []}
    told = await redeem(client, key, await sealed(north, key, phones=True))
    assert told.json() == {**names, "phones": ["+38344123456"]}
    entries = "select count(*) from audit_entry where act = $1 and target = $2"
    url = databases["beneficiaries"].superuser
    for act in ("person:introduce", "introduction:redeem"):
        assert await ask(url, entries, act, UUID(key)) == 2


async def test_a_correction_is_told_by_an_introduction_of_before(
    client: AsyncClient, north: Agency
) -> None:
    made = await north.record(source_id="I-1")
    consents = f"/registrations/{made['id']}/consents"
    await north.post(consents, {"purpose": "employment", "until": LATER})
    introduction = await sealed(north, made["id"])
    read = (await north.get(f"/registrations/{made['id']}")).json()
    kept = ("source_id", "sex", "birth", "place", "address", "phones", "documents")
    names = {"names": read["names"] | {"family": "Prekazi-Lushta"}}
    body = {name: read[name] for name in kept} | names
    assert (await north.put(f"/registrations/{made['id']}", body)).is_success
    told = (await redeem(client, made["id"], introduction)).json()
    assert told["family"] == "Prekazi-Lushta"


async def test_nobody_introduces_another_s_registration_or_without_consent(
    north: Agency, south: Agency
) -> None:
    key, consent = await agreed(north)
    assert unknown(await introduce(south, key))
    assert unknown(await introduce(north, str(uuid4())))
    await north.post(f"/consents/{consent}/withdrawal")
    assert (await introduce(north, key)).status_code == 409
    other = f"/registrations/{key}/consents"
    await north.post(other, {"purpose": "assistance", "until": LATER})
    assert (await introduce(north, key)).status_code == 409


async def test_no_other_organisation_and_no_other_registration_is_opened_by_it(
    client: AsyncClient, north: Agency
) -> None:
    (key, _), (other, _) = await agreed(north), await agreed(north)
    introduction = await sealed(north, key)
    assert unknown(await redeem(client, key, introduction, uuid4()))
    assert unknown(await redeem(client, key, introduction, None))
    assert unknown(await redeem(client, other, introduction))
    assert unknown(await redeem(client, str(uuid4()), introduction))
    for forged in ("", "…", "A" * 400, introduction[:-8] + "AAAAAAA="):
        assert unknown(await redeem(client, key, forged))
    assert (await redeem(client, key, introduction)).status_code == 200


async def test_a_consent_that_is_given_anew_opens_no_introduction_of_before(
    client: AsyncClient, north: Agency
) -> None:
    key, consent = await agreed(north)
    introduction = await sealed(north, key)
    await north.post(f"/consents/{consent}/withdrawal")
    assert unknown(await redeem(client, key, introduction))
    again = {"purpose": "employment", "until": LATER}
    await north.post(f"/registrations/{key}/consents", again)
    assert unknown(await redeem(client, key, introduction))
    assert (await redeem(client, key, await sealed(north, key))).status_code == 200


async def test_after_its_time_it_opens_nothing(
    client: AsyncClient, north: Agency, databases: dict[str, Fresh]
) -> None:
    key, _ = await agreed(north)
    past = await sealed(north, key, until="2001-01-01T00:00:00Z")
    assert unknown(await redeem(client, key, past))
    current = await sealed(north, key)
    change = "update consent set until = now()"
    await execute(databases["beneficiaries"].superuser, change)
    assert unknown(await redeem(client, key, current))


@pytest.mark.parametrize("end", ["withdrawal", "erasure"])
async def test_whoever_has_left_is_told_to_nobody(
    client: AsyncClient, north: Agency, end: str
) -> None:
    key, _ = await agreed(north)
    introduction = await sealed(north, key)
    assert (await north.post(f"/registrations/{key}/{end}")).status_code == 204
    assert unknown(await redeem(client, key, introduction))
    assert unknown(await introduce(north, key))
