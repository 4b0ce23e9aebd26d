"""Money that bounced, was not paid, or is paid by two at once."""

import asyncio

from tests.databases import Fresh, ask
from tests.grants.test_awards import REPORT, awarded, decision, paid, pair, problem
from tests.grants.world import Json, Speaker, World


async def test_a_payment_that_bounced_is_reversed_once_and_paid_again(
    world: World, finance: Speaker
) -> None:
    award, _ = await awarded(world)
    first, _ = award["tranches"]
    await paid(finance, first)
    sought = {"reference": "RBKO-1", "amount": "7500.00"}
    [journal] = await finance.done("/ledger/journals/search", sought)
    reversal = f"/ledger/journals/{journal['id']}/reversal"
    assert problem(await world.officer().post(reversal)) == "same-hand"
    opposite = await finance.done(reversal)
    assert opposite["reverses"] == journal["id"]
    assert problem(await finance.post(reversal)) == "not-reversible"
    assert (await paid(finance, first)).status_code == 200
    listed = await finance.get("/ledger/journals", award=award["id"])
    assert [one["act"] for one in listed.json()["items"]] == [
        "commitment",
        "release",
        "disbursement",
        "reversal",
        "disbursement",
    ]


async def test_what_was_not_paid_is_neither_spent_nor_returned(
    world: World, finance: Speaker
) -> None:
    award, lead = await awarded(world)
    await paid(finance, award["tranches"][0])
    report = await lead.done(
        f"/awards/{award['id']}/reports", REPORT | {"spent": "7500.01"}
    )
    said = {"status": "accepted"}
    above = await world.officer().post(f"/reports/{report['id']}/decision", said)
    assert problem(above) == "overspent"
    back = {"amount": "7500.01", "reference": "RBKO-9"}
    over = await finance.post(f"/awards/{award['id']}/returns", back)
    assert problem(over) == "overspent"


async def test_officers_at_once_award_each_once_and_never_beyond_the_budget(
    world: World, database: Fresh
) -> None:
    call = await world.call(budget="25000.00")
    applications = []
    for _ in range(3):
        lead, other = await pair(world)
        applications.append(await world.submitted(call, lead, other))
    for one in applications:
        await world.scored(one)
    await world.ranked(call)
    officers = [world.officer(subject=name) for name in ("ana", "besa")]
    answers = await asyncio.gather(
        *(
            officer.post("/awards", decision(application))
            for application in applications
            for officer in officers
        )
    )
    told = sorted(answer.status_code for answer in answers)
    assert told == [201, 201, 409, 409, 409, 409]
    awards = [answer.json() for answer in answers if answer.is_success]
    await _pay_at_once(world, awards)
    spent = "select sum(balance)::text from ledger_account where kind = $1"
    assert await ask(database.superuser, spent, "available") == "0.00"
    assert await ask(database.superuser, spent, "advanced") == "15000.00"
    total = "select sum(amount)::text from journal_line"
    assert await ask(database.superuser, total) == "0.00"


async def _pay_at_once(world: World, awards: list[Json]) -> None:
    """Let two finance officers pay the same tranches at the same time."""
    cashiers = [world.officer(subject=name) for name in ("cashier", "treasurer")]
    answers = await asyncio.gather(
        *(
            paid(cashier, award["tranches"][0])
            for award in awards
            for cashier in cashiers
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
