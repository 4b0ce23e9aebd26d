"""The awards' lives: paid, reported, amended, suspended, closed; and the sum of all."""

import asyncio
from decimal import Decimal
from typing import Any, Final

from deploy.replay import programme
from deploy.replay.parties import Party
from deploy.replay.preparing import Office
from deploy.replay.programme import INVENTED, Organisation
from deploy.replay.rounds import accept, parts, sign

PERIOD: Final = {"from_day": "2009-07-01", "to_day": "2010-02-28"}
AFTER: Final = {"from_day": "2010-03-01", "to_day": "2010-12-31"}
CHANGE: Final = Decimal("125.50")


async def pay_out(office: Office) -> None:
    """Pay every advance; the first few awards then show what can become of one."""
    advances = [award["tranches"][0] for award in office.awards]
    await asyncio.gather(*(pay(office, advance) for advance in advances))
    settled, returned, amended, suspended = office.awards[:4]
    await settle(office, settled)
    await return_some(office, returned)
    await amend(office, amended)
    await suspend(office, suspended)


def lead_of(office: Office, award: dict[str, Any]) -> Party:
    slug = next(slug for slug, key in office.keys.items() if key == award["lead"])
    return office.parties[slug]


async def pay(office: Office, tranche: dict[str, Any]) -> None:
    """Pay a tranche: finance does, and nobody who awarded or released it."""
    reference = {"reference": f"{INVENTED} {tranche['id'][-12:]}"}
    await office.finance.post(f"/tranches/{tranche['id']}/disbursement", reference)


async def report(
    office: Office,
    award: dict[str, Any],
    spent: Decimal,
    **told: Any,  # noqa: ANN401 -- JSON
) -> dict[str, Any]:
    content = PERIOD | {"spent": f"{spent}", "summary": INVENTED} | told
    at = f"/awards/{award['id']}/reports"
    submitted: dict[str, Any] = await lead_of(office, award).post(at, content)
    return submitted


async def decide(office: Office, report: dict[str, Any], status: str) -> None:
    reason = "The sums do not add up." if status == "returned" else None
    verdict = {"status": status, "reason": reason}
    await office.officer.post(f"/reports/{report['id']}/decision", verdict)


async def settle(office: Office, award: dict[str, Any]) -> None:
    """Report, be told to do it again, be paid the rest, report all of it, and close."""
    advance, rest = (Decimal(one["amount"]) for one in award["tranches"])
    first = await report(office, award, advance)
    await decide(office, first, "returned")
    again = PERIOD | {"spent": f"{advance}", "summary": f"Once more {INVENTED}"}
    await lead_of(office, award).put(f"/reports/{first['id']}", again)
    await decide(office, first, "accepted")
    await pay(office, award["tranches"][1])
    last = await report(office, award, rest, final=True, **AFTER)
    await decide(office, last, "accepted")
    await office.officer.post(f"/awards/{award['id']}/closing")


async def return_some(office: Office, award: dict[str, Any]) -> None:
    """Spend less than was paid, send the change back, and close without the rest."""
    advance = Decimal(award["tranches"][0]["amount"])
    back = {"amount": f"{CHANGE}", "reference": f"Change {INVENTED}"}
    await office.finance.post(f"/awards/{award['id']}/returns", back)
    last = await report(office, award, advance - CHANGE, final=True)
    await decide(office, last, "accepted")
    await office.officer.post(f"/awards/{award['id']}/closing")


async def amend(office: Office, award: dict[str, Any]) -> None:
    """Propose other terms until the lead signs them: refused, taken back, in force."""
    lead, at = lead_of(office, award), f"/awards/{award['id']}/amendments"
    terms = {
        "amount": award["amount"],
        "ends_on": "2011-03-31",
        "tranches": [
            {"amount": award["tranches"][1]["amount"], "due_on": "2010-06-01"}
        ],
        "reason": f"More time {INVENTED}",
    }
    refused = await office.officer.post(at, terms)
    await lead.post(f"/amendments/{refused['id']}/refusal")
    dropped = await office.officer.post(at, terms)
    await office.officer.post(f"/amendments/{dropped['id']}/withdrawal")
    agreed = await office.officer.post(at, terms)
    digest = {"digest": agreed["digest"]}
    await lead.post(f"/amendments/{agreed['id']}/signature", digest)
    await office.officer.post(f"/amendments/{agreed['id']}/enactment")
    await office.officer.get(f"/awards/{award['id']}")


async def suspend(office: Office, award: dict[str, Any]) -> None:
    """Suspend and resume; then a member leaves, and another takes its place."""
    at = f"/awards/{award['id']}"
    await office.officer.post(f"{at}/suspension")
    await office.officer.post(f"{at}/resumption")
    members, spare = await _members(office, award)
    consortium = f"/consortia/{award['consortium']}"
    await office.parties[members[1].slug].post(f"{consortium}/withdrawal")
    lead = office.parties[members[0].slug]
    application = f"/applications/{award['application']}"
    await lead.get(application)  # suspended now
    whole = [members[0], spare]
    told = await lead.post(f"{consortium}/terms", {"members": parts(office, *whole)})
    await accept(office, told, *whole)
    await sign(office, application, *whole)
    await lead.post(f"{application}/renewal")


async def _members(
    office: Office, award: dict[str, Any]
) -> tuple[list[Organisation], Organisation]:
    """Find an award's members, the lead first, and somebody without an award."""
    consortium = await lead_of(office, award).get(f"/consortia/{award['consortium']}")
    members = consortium["terms"][-1]["members"]
    members.sort(key=lambda one: one["role"] != "lead")
    everybody = programme.everybody()
    by_key = {office.keys[one.slug]: one for one in everybody}
    return [by_key[one["organisation"]] for one in members], everybody[-1]


async def reconcile(office: Office) -> None:
    """Hold what was awarded against both totals that the documents state."""
    await office.finance.post(
        "/reconciliations",
        {
            "currency": programme.CURRENCY,
            "measure": "awarded",
            "statements": [
                {"source": "Trust Fund summary", "total": f"{programme.TOTAL}"},
                {"source": "Announcement of 2008", "total": f"{programme.ANNOUNCED}"},
            ],
        },
    )
