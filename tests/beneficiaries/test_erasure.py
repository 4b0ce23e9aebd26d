"""What is erased or taken back opens nowhere, and nobody else can do it."""

from uuid import UUID

import asyncpg

from tests.beneficiaries.conftest import Agency, registration
from tests.beneficiaries.hearing import PREFIX, read, types
from tests.databases import Fresh


async def test_an_erasure_leaves_a_tombstone_that_opens_nowhere(
    north: Agency, service: Agency, databases: dict[str, Fresh]
) -> None:
    body = registration(communities={"declared": ["roma"]})
    key = (await north.record(**body))["id"]
    path = f"/registrations/{key}"
    assert (await north.post(f"{path}/erasure")).status_code == 204
    assert (await north.post(f"{path}/erasure")).status_code == 204
    assert (await north.get(path)).status_code == 404
    assert (await north.get(f"{path}/history")).status_code == 404
    assert (await north.get(f"/persons/of/{key}")).status_code == 404
    keys = await asyncpg.connect(databases["keys"].superuser)
    rows = await asyncpg.connect(databases["beneficiaries"].superuser)
    about = "select {} from {} where {} = $1"
    erased = UUID(key)
    kept = "registration_version"
    count = about.format("count(*)", "registration_key", "registration")
    assert await keys.fetchval(count, erased) == 0
    sealed = about.format("personal", kept, "registration")
    assert await rows.fetchval(sealed, erased) == b""
    declared = about.format("communities", "protected_attribute", "registration")
    assert await rows.fetchval(declared, erased) == b""
    acts = "select count(*) from audit_entry where target = $1 and act = $2"
    assert await rows.fetchval(acts, erased, "registration:erase") == 1
    for table in ("trait", "match_key"):
        left = about.format("count(*)", table, "registration")
        assert await rows.fetchval(left, erased) == 0
    await keys.close()
    await rows.close()
    assert types(await read(service, "/persons/feed")) == [
        "registration.recorded",
        "registration.erased",
    ]


async def test_after_an_erasure_the_same_may_be_recorded_anew(north: Agency) -> None:
    body = registration()
    first = await north.record(**body)
    await north.post(f"/registrations/{first['id']}/erasure")
    again = await north.record(**body)
    assert again["id"] != first["id"]
    assert again["findings"] == []


async def test_nobody_erases_what_is_another_agency_s(
    north: Agency, south: Agency
) -> None:
    key = (await north.record())["id"]
    assert (await south.post(f"/registrations/{key}/erasure")).status_code == 404
    assert (await north.get(f"/registrations/{key}")).status_code == 200


async def test_a_consent_that_was_taken_back_opens_nothing(
    north: Agency, south: Agency, service: Agency
) -> None:
    key = (await north.record(communities={"declared": ["roma"]}))["id"]
    path = f"/registrations/{key}"
    given = {"purpose": "employment", "until": "2999-01-01T00:00:00Z"}
    consent = (await north.post(f"{path}/consents", given)).json()["id"]
    withdrawal = f"/consents/{consent}/withdrawal"
    assert (await south.post(withdrawal)).status_code == 404
    for _ in range(2):
        assert (await north.post(withdrawal)).status_code == 204
    opened = await north.request("POST", f"{path}/disclosures", purpose="employment")
    assert opened.status_code == 403
    _, told = await read(service, "/persons/feed")
    assert (told["type"], told["subject"]) == (PREFIX + "consent.withdrawn", key)
    assert told["data"]["purpose"] == "employment"
