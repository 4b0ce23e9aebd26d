"""Who asks again and again about the same person is slowed down, and seen."""

import pytest

from services.beneficiaries.settings import Settings
from tests.beneficiaries.conftest import MASTER, Agency, registration
from tests.databases import Fresh, ask
from tests.passports import PRIVATE, PUBLIC

MOST = 3
REFUSED = "select count(*) from audit_entry where act = 'probing:refuse'"


@pytest.fixture
def settings(databases: dict[str, Fresh]) -> Settings:
    return Settings(
        database=databases["beneficiaries"].url,
        keys=databases["keys"].url,
        master_key=MASTER,
        passport_key=PUBLIC,
        audit_key=PRIVATE,
        searches_a_minute=MOST,
        repeats_an_hour=MOST,
    )


async def refusals(databases: dict[str, Fresh]) -> object:
    return await ask(databases["beneficiaries"].superuser, REFUSED)


async def test_searches_are_counted_by_client(
    north: Agency, south: Agency, databases: dict[str, Fresh]
) -> None:
    body = {"documents": [{"kind": "passport", "number": "P7719028"}]}
    for _ in range(MOST):
        assert (await north.post("/registrations/search", body)).status_code == 200
    refused = await north.post("/registrations/search", body)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert await refusals(databases) == 1
    assert (await south.post("/registrations/search", body)).status_code == 200


async def test_corrections_are_counted_by_registration(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    sent = registration()
    here, there = await north.record(**sent), await north.record()
    path = f"/registrations/{here['id']}"
    for number in range(MOST):
        changed = sent | {"address": f"Rruga e Lisit {number}"}
        assert (await north.put(path, changed)).status_code == 200
    refused = await north.put(path, sent | {"address": "Rruga e Lisit 99"})
    assert refused.status_code == 429
    assert await refusals(databases) == 1
    read = (await north.get(path)).json()
    assert read["address"] == f"Rruga e Lisit {MOST - 1}"
    other = await north.put(f"/registrations/{there['id']}", sent)
    assert other.status_code == 409  # another source id, and no limit


async def test_a_source_id_that_is_sent_again_is_counted_and_a_new_one_is_not(
    north: Agency, databases: dict[str, Fresh]
) -> None:
    for _ in range(4 * MOST):
        await north.record()
    sent = registration()
    await north.record(**sent)
    again = [await north.post("/registrations", sent) for _ in range(MOST)]
    assert {answer.status_code for answer in again} == {200}
    for changed in (sent, sent | {"sex": "female"}):
        assert (await north.post("/registrations", changed)).status_code == 429
    assert await refusals(databases) == 2
