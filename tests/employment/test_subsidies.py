"""Wage subsidies: added up by award and currency, and recorded once however often."""

import asyncio
from uuid import uuid4

from httpx import Response

from tests.databases import Fresh, ask
from tests.employment.conftest import Agency


async def test_wage_subsidies_add_up_by_award_and_currency(
    north: Agency, south: Agency
) -> None:
    placed = (await north.place(await north.vacancy(), uuid4())).json()
    path, award = f"/placements/{placed['id']}/subsidies", str(uuid4())
    for amount in ("120.10", "80.2"):
        paid = {"award": award, "currency": "EUR", "paid_on": "2026-04-01"}
        subsidy = await north.recorded(path, amount=amount, **paid)
    assert subsidy["amount"] == "80.20"
    await north.recorded(
        path, amount="5", currency="CHF", award=str(uuid4()), paid_on="2026-04-01"
    )
    euros = {"currency": "EUR", "amount": "200.30", "payments": 2}
    assert (await north.get("/subsidies/totals", award=award)).json() == [euros]
    assert len((await north.get("/subsidies/totals")).json()) == 2
    assert len(await north.listed("/subsidies", award=award)) == 2
    assert (await south.get("/subsidies/totals")).json() == []
    assert (await south.post(path, amount="1", **paid)).status_code == 404


async def test_a_subsidy_is_recorded_once_under_its_key_however_often_it_is_sent(
    north: Agency, south: Agency, database: Fresh
) -> None:
    paths = {}
    for agency in (north, south):
        placed = (await agency.place(await agency.vacancy("half"), uuid4())).json()
        paths[agency.name] = f"/placements/{placed['id']}/subsidies"
    paid = {"amount": "80.20", "currency": "EUR", "paid_on": "2026-04-01"}
    body = paid | {"award": str(uuid4())}

    async def send(agency: Agency, **changed: object) -> Response:
        told = agency.headers() | {"idempotency-key": "april"}
        sent = body | changed
        return await agency.client.post(paths[agency.name], json=sent, headers=told)

    answers = await asyncio.gather(*(send(north) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200] * 3 + [201]
    assert len({one.content for one in answers}) == 1
    other = await send(north, amount="80.21")
    assert other.json()["type"] == "urn:uramost:problem:other-subsidy"
    assert (await send(south)).status_code == 201
    entries = "select count(*) from audit_entry where act = 'subsidy:record'"
    assert await ask(database.superuser, entries) == 2
    assert len(await north.listed("/subsidies")) == 1
