"""Support for businesses, and the trade between those that projects have linked."""

from typing import Any
from uuid import uuid4

from tests.employment.conftest import Agency


async def test_an_activity_and_a_plan_go_on_as_written(
    north: Agency, south: Agency
) -> None:
    employer = (await north.employer())["id"]
    grant = {"award": str(uuid4()), "amount": "9999.90", "currency": "EUR"}
    activity = await north.recorded(
        "/enterprise-activities",
        employer=employer,
        kind="equipment",
        title="An oven",
        starts_on="2026-01-01",
        grant=grant,
    )
    assert (activity["grant"], activity["state"]) == (grant, "planned")
    plan = await north.recorded(
        "/business-plans",
        employer=employer,
        activity=activity["id"],
        title="Bread for two towns",
        written_on="2025-12-01",
    )
    for path, body, steps, wrong in (
        ("/enterprise-activities", activity, ("running", "completed"), "stopped"),
        ("/business-plans", plan, ("submitted", "returned", "submitted"), "draft"),
    ):
        own = f"{path}/{body['id']}"
        assert (await north.get(own)).json() == body
        assert await north.listed(path, employer=employer, state=body["state"]) == [
            body
        ]
        for step in steps:
            assert (await north.post(f"{own}/steps", state=step)).json()[
                "state"
            ] == step
        refused = await north.post(f"{own}/steps", state=wrong)
        assert refused.json()["type"] == "urn:uramost:problem:not-the-next"
        for answer in (
            await south.get(own),
            await south.post(f"{own}/steps", state=steps[0]),
        ):
            assert answer.status_code == 404
        assert await south.listed(path) == []


async def linked(agency: Agency, project: str = "Ibar bridge") -> dict[str, Any]:
    one = await agency.employer("Furra Buka", "mitrovica-south")
    other = await agency.employer("Mlin Zvečan", "zvecan")
    return await agency.recorded(
        "/business-links",
        project=project,
        one=one["id"],
        other=other["id"],
        since="2026-02-01",
    )


async def test_a_link_joins_two_businesses_of_different_municipalities(
    north: Agency,
) -> None:
    link = await linked(north)
    turned = {"project": "Ibar bridge", "since": "2026-02-01"}
    twice = await north.post(
        "/business-links", one=link["other"], other=link["one"], **turned
    )
    assert twice.json()["type"] == "urn:uramost:problem:already-linked"
    same = await north.employer("Mlin 2", "zvecan")
    nowhere = await north.employer("Somewhere", None)
    neighbour = await north.employer("Mlin 3", "zvecan")
    for other in (same, nowhere, neighbour):
        pair = {"one": neighbour["id"], "other": other["id"]}
        refused = await north.post("/business-links", **pair, **turned)
        assert refused.json()["type"] == "urn:uramost:problem:not-across"


async def test_trade_adds_up_by_currency_and_stays_an_agency_s_own(
    north: Agency, south: Agency
) -> None:
    link = await linked(north)
    await linked(north, "Second project")
    path = f"/business-links/{link['id']}"
    for amount, currency in (("100.10", "EUR"), ("0.9", "EUR"), ("5000", "RSD")):
        await north.recorded(
            f"{path}/trades",
            seller=link["one"],
            goods="bread",
            amount=amount,
            currency=currency,
            traded_on="2026-03-01",
        )
    traded = [
        {"currency": "EUR", "amount": "101.00", "trades": 2},
        {"currency": "RSD", "amount": "5000.00", "trades": 1},
    ]
    assert (await north.get(path)).json() == link | {"traded": traded}
    assert len(await north.listed(f"{path}/trades")) == 3
    totals = {"links": 2, "projects": 2, "businesses": 4, "traded": traded}
    assert (await north.get("/business-links/totals")).json() == totals
    stranger = {"goods": "bread", "amount": "1", "currency": "EUR"}
    refused = await north.post(
        f"{path}/trades", seller=str(uuid4()), traded_on="2026-03-01", **stranger
    )
    assert refused.json()["type"] == "urn:uramost:problem:not-of-this-link"
    assert (await south.get(path)).status_code == 404
    assert (await south.get(f"{path}/trades")).status_code == 404
    none = {"links": 0, "projects": 0, "businesses": 0, "traded": []}
    assert (await south.get("/business-links/totals")).json() == none


async def test_nothing_in_a_link_tells_a_community(north: Agency) -> None:
    link = await linked(north)
    assert not [name for name in link if "commun" in name or "municip" in name]
    wrong = {key: link[key] for key in ("project", "one", "other", "since")}
    told = await north.post("/business-links", across_communities=True, **wrong)
    assert told.status_code == 422
