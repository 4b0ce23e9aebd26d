"""An award's life: decided, released, paid, reported, amended, returned, closed."""

from datetime import date, timedelta
from typing import Any

import pytest
from httpx import Response

from tests.databases import Fresh, ask
from tests.grants.world import Json, Organisation, Speaker, World

TODAY = date(2009, 6, 1)
REPORT: Json = {
    "from_day": "2009-06-01",
    "to_day": "2009-08-31",
    "spent": "5000.00",
    "summary": "Two workshops.\nForty young people of both towns.",
}


def decision(
    application: str, *amounts: str, advance: bool = True, total: str = "12500.00"
) -> Json:
    tranches = [
        {
            "amount": amount,
            "due_on": str(TODAY + timedelta(days=90 * place)),
            "advance": advance and place == 0,
        }
        for place, amount in enumerate(amounts or ("7500.00", "5000.00"))
    ]
    return {
        "application": application,
        "amount": total,
        "starts_on": str(TODAY),
        "ends_on": "2010-05-31",
        "tranches": tranches,
    }


async def pair(world: World) -> tuple[Organisation, Organisation]:
    return await world.organisation("albanian"), await world.organisation("serb")


async def ranked(world: World, **call: object) -> tuple[str, str, Organisation]:
    """Bring one application as far as its rank."""
    key = await world.call(**call)  # type: ignore[arg-type]
    lead, other = await pair(world)
    application = await world.submitted(key, lead, other)
    await world.scored(application)
    await world.ranked(key)
    return key, application, lead


async def awarded(world: World, **call: object) -> tuple[Json, Organisation]:
    _, application, lead = await ranked(world, **call)
    award: Json = await world.officer().done("/awards", decision(application))
    return award, lead


def problem(answer: Response) -> str:
    kind: str = answer.json()["type"]
    return kind.removeprefix("urn:uramost:problem:")


async def paid(finance: Speaker, tranche: Json) -> Response:
    path = f"/tranches/{tranche['id']}/disbursement"
    return await finance.post(path, {"reference": "RBKO-1"})


async def accepted(world: World, lead: Organisation, award: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    body = REPORT | more
    report = await lead.done(f"/awards/{award['id']}/reports", body)
    said = {"status": "accepted"}
    done: Json = await world.officer().done(f"/reports/{report['id']}/decision", said)
    return done


async def test_an_award_from_its_decision_to_its_closing(
    world: World, finance: Speaker
) -> None:
    award, lead = await awarded(world)
    first, second = award["tranches"]
    assert (first["status"], second["status"]) == ("released", "planned")
    assert (await paid(finance, second)).status_code == 409  # no report yet
    assert (await paid(finance, first)).status_code == 200
    report = await lead.done(f"/awards/{award['id']}/reports", REPORT)
    decide = f"/reports/{report['id']}/decision"
    officer = world.officer()
    back = {"status": "returned", "reason": "Which days?"}
    assert (await officer.done(decide, back))["status"] == "returned"
    revised = await lead.put(f"/reports/{report['id']}", REPORT | {"spent": "7000.00"})
    assert revised.json()["status"] == "submitted"
    await officer.done(decide, {"status": "accepted"})
    assert (await paid(finance, second)).status_code == 200
    early = await officer.post(f"/awards/{award['id']}/closing")
    assert problem(early) == "not-settled"
    await accepted(world, lead, award, spent="5400.00", final=True)
    back = {"amount": "100.00", "reference": "RBKO-9"}
    await finance.done(f"/awards/{award['id']}/returns", back)
    closed = await officer.done(f"/awards/{award['id']}/closing")
    assert closed["status"] == "closed"
    assert await finance.read(f"/ledger/awards/{award['id']}") == {
        "currency": "EUR",
        "committed": "0.00",
        "payable": "0.00",
        "advanced": "0.00",
        "spent": "12400.00",
        "returned": "100.00",
    }
    call = await finance.read(f"/ledger/calls/{award['call']}")
    assert (call["available"], call["spent"]) == ("87500.00", "12400.00")
    late = await lead.post(f"/awards/{award['id']}/reports", REPORT)
    assert problem(late) == "award-not-ready"


async def test_an_award_that_was_never_paid_gives_everything_back(world: World) -> None:
    award, _ = await awarded(world)
    closed = await world.officer().done(f"/awards/{award['id']}/closing")
    assert {one["status"] for one in closed["tranches"]} == {"cancelled"}
    balance = await world.officer().read(f"/ledger/calls/{award['call']}")
    assert balance["available"] == "100000.00"
    assert balance["committed"] == balance["payable"] == "0.00"


async def test_no_award_goes_beyond_what_was_asked_or_adds_up_wrongly(
    world: World,
) -> None:
    _, application, _ = await ranked(world)
    officer = world.officer()
    above = decision(application, "12500.01", total="12500.01")
    assert problem(await officer.post("/awards", above)) == "above-ceiling"
    for wrong in (
        decision(application, "7500.00", "4999.99"),
        decision(application, "12500.001", total="12500.001"),
        decision(application, "12500.00", "0"),
    ):
        assert (await officer.post("/awards", wrong)).status_code == 422
    number = decision(application) | {"amount": 12500}
    assert (await officer.post("/awards", number)).status_code == 422
    assert (await officer.post("/awards", decision(application))).status_code == 201
    again = await officer.post("/awards", decision(application))
    assert problem(again) == "application-not-ready"


async def test_the_hand_that_awards_never_disburses(
    world: World, database: Fresh
) -> None:
    award, _ = await awarded(world)
    first, _ = award["tranches"]
    same = await paid(world.officer(), first)
    assert (same.status_code, problem(same)) == (403, "same-hand")
    with pytest.raises(Exception, match="check"):
        await ask(database.superuser, "update tranche set disbursed_by = awarded_by")


async def test_the_consortium_reads_its_award_and_other_agencies_do_not(
    world: World,
) -> None:
    award, lead = await awarded(world)
    path = f"/awards/{award['id']}"
    assert await lead.read(path) == award
    assert (await lead.read("/awards"))["items"] == [award]
    for stranger in (world.officer("who"), await world.organisation()):
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.read("/awards"))["items"] == []
    other = world.officer("who", "cashier")
    assert (await paid(other, award["tranches"][0])).status_code == 404
    assert (await other.read("/ledger/journals"))["items"] == []


async def test_nobody_reports_or_signs_for_the_lead(world: World) -> None:
    award, lead = await awarded(world)
    path = f"/awards/{award['id']}/reports"
    assert problem(await world.officer().post(path, REPORT)) == "not-acting"
    assert (await lead.post(path, REPORT)).status_code == 201
    assert problem(await lead.post(path, REPORT)) == "other-report"


async def test_no_money_moves_while_an_award_is_suspended(
    world: World, finance: Speaker
) -> None:
    award, _ = await awarded(world)
    first, _ = award["tranches"]
    officer = world.officer()
    await officer.done(f"/awards/{award['id']}/suspension")
    assert problem(await paid(finance, first)) == "award-suspended"
    await officer.done(f"/awards/{award['id']}/resumption")
    assert (await paid(finance, first)).status_code == 200


async def test_no_money_moves_once_a_member_has_left(
    world: World, finance: Speaker
) -> None:
    award, lead = await awarded(world)
    first, _ = award["tranches"]
    application = await lead.read(f"/applications/{award['application']}")
    consortium = application["consortium"]
    await lead.done(f"/consortia/{consortium}/withdrawal")
    assert problem(await paid(finance, first)) == "award-suspended"
