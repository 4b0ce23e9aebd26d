"""A round of grants: a call, consortia that sign, applications assessed and awarded."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from zlib import crc32

from deploy.replay import programme
from deploy.replay.parties import Party
from deploy.replay.preparing import Office
from deploy.replay.programme import INVENTED, Organisation

ZONE: Final = "Europe/Belgrade"
ADVANCE: Final = Decimal("0.60")
SHARES: Final = ("60", "40")
GOOD, POOR = 80, 30
LAST: Final = 2  # the round in which an appeal is upheld


@dataclass(frozen=True)
class Pair:
    """Two organisations, the lead first, and what they ask for."""

    lead: Organisation
    partner: Organisation
    amount: Decimal


async def run_round(
    office: Office, number: int, pairs: Sequence[Pair], spare: Sequence[Organisation]
) -> None:
    """Run a call from its draft to its decision; `spare` are in none of the pairs."""
    call = await open_call(
        office, number, sum((one.amount for one in pairs), Decimal(0))
    )
    applied = await asyncio.gather(*(apply(office, call, pair) for pair in pairs))
    losing = await lose(office, call, number, spare)
    await office.officer.post(f"/calls/{call}/closing")
    await asyncio.gather(*(assess(office, one["id"], GOOD) for one in applied))
    for application in losing:
        await decline(office, application["id"], upheld=number == LAST)
    await office.officer.post(f"/calls/{call}/ranking")
    for application in losing if number == LAST else ():
        await office.officer.post(f"/applications/{application['id']}/decline")
    for pair, application in zip(pairs, applied, strict=True):
        await award(office, application, pair.amount)
    await office.officer.post(f"/calls/{call}/decision")


async def open_call(office: Office, number: int, budget: Decimal) -> str:
    now = office.officer.journal.began.replace(tzinfo=None)
    told = await office.officer.post(
        "/calls",
        {
            "title": f"Grants across the divide, round {number + 1} {INVENTED}",
            "currency": programme.CURRENCY,
            "ceiling": f"{programme.CEILING}",
            "budget": f"{budget}",
            "opens_at": (now - timedelta(days=2)).isoformat(),
            "closes_at": (now + timedelta(days=30)).isoformat(),
            "time_zone": ZONE,
            "rules": programme.RULES,
            "criteria": programme.CRITERIA,
        },
    )
    await office.officer.post(f"/calls/{told['id']}/publication")
    key: str = told["id"]
    return key


async def apply(office: Office, call: str, pair: Pair) -> dict[str, Any]:
    """Form a consortium, sign it and what it asks for, each for itself, and submit."""
    consortium = await form(office, pair.lead, pair.partner)
    at = await draft(office, call, consortium, pair)
    await sign(office, at, pair.lead, pair.partner)
    told: dict[str, Any] = await office.parties[pair.lead.slug].post(f"{at}/submission")
    return told


def parts(office: Office, *members: Organisation) -> list[dict[str, str]]:
    roles = ("lead", *["co_applicant"] * (len(members) - 1))
    keys = [office.keys[one.slug] for one in members]
    return [
        {"organisation": key, "role": role, "share": share}
        for key, role, share in zip(keys, roles, SHARES, strict=True)
    ]


async def form(office: Office, *members: Organisation) -> str:
    lead, title = office.parties[members[0].slug], f"{members[0].name} +"
    told = await lead.post(
        "/consortia",
        {"title": f"{title} {members[1].name}", "members": parts(office, *members)},
    )
    await accept(office, told, *members)
    key: str = told["id"]
    return key


async def accept(
    office: Office, consortium: dict[str, Any], *members: Organisation
) -> None:
    """Let each member sign the newest terms, exactly as it reads them."""
    terms = consortium["terms"][-1]
    for member in members:
        signing = {"terms": terms["id"], "digest": terms["digest"]}
        at = f"/consortia/{consortium['id']}/acceptance"
        await office.parties[member.slug].post(at, signing)


async def draft(office: Office, call: str, consortium: str, pair: Pair) -> str:
    ours = office.priorities[crc32(consortium.encode()) % len(office.priorities)]
    told = await office.parties[pair.lead.slug].post(
        "/applications",
        {
            "call": call,
            "consortium": consortium,
            "title": f"{pair.lead.name} and {pair.partner.name} together {INVENTED}",
            "amount": f"{pair.amount}",
            "priorities": [ours],
        },
    )
    return f"/applications/{told['id']}"


async def sign(office: Office, at: str, *members: Organisation) -> None:
    """Lay the text before the members; each reads it and signs just that."""
    await office.parties[members[0].slug].post(f"{at}/circulation")
    for member in members:
        party = office.parties[member.slug]
        digest = (await party.get(f"{at}/text"))["digest"]
        await party.post(f"{at}/signature", {"digest": digest})


async def assess(office: Office, application: str, points: int, *tied: Party) -> None:
    """Let two assessors score, each unseen by the other; whoever has a tie says so."""
    at = f"/applications/{application}"
    await office.officer.post(f"{at}/eligibility")
    for assessor in (*office.assessors, *tied):
        await office.officer.post(f"{at}/assessors", {"assessor": assessor.subject})
    for assessor in tied:
        await assessor.post(f"{at}/declaration", {"conflicted": True})
    for assessor in office.assessors:
        await assessor.post(f"{at}/declaration", {"conflicted": False})
        each = {one["key"]: points for one in programme.CRITERIA}
        await assessor.post(f"{at}/score", {"points": each})


async def award(office: Office, application: dict[str, Any], amount: Decimal) -> None:
    advance = (amount * ADVANCE).quantize(programme.CENT)
    told = await office.officer.post(
        "/awards",
        {
            "application": application["id"],
            "amount": f"{amount}",
            "starts_on": "2009-07-01",
            "ends_on": "2010-12-31",
            "tranches": [
                {"amount": f"{advance}", "due_on": "2009-07-15", "advance": True},
                {"amount": f"{amount - advance}", "due_on": "2010-03-01"},
            ],
        },
    )
    office.awards.append(told | {"consortium": application["consortium"]})


async def lose(
    office: Office, call: str, number: int, spare: Sequence[Organisation]
) -> list[dict[str, Any]]:
    """Let those apply who get nothing: by the rules, by the officer, by themselves."""
    amount = programme.CENT * 1_000_000
    first, second, third, fourth = spare[:4]
    if number == 0:
        await fail_the_rules(office, call, Pair(first, second, amount))
        return []
    if number == 1:
        await withdraw(office, call, Pair(third, second, amount))
    return [await apply(office, call, Pair(first, fourth, amount))]


async def fail_the_rules(office: Office, call: str, pair: Pair) -> None:
    """Try with one community only: the rules refuse, and the lead withdraws."""
    consortium = await form(office, pair.lead, pair.partner)
    at = await draft(office, call, consortium, pair)
    await sign(office, at, pair.lead, pair.partner)
    lead = office.parties[pair.lead.slug]
    await lead.refused(f"{at}/submission")
    await lead.post(f"{at}/withdrawal")


async def withdraw(office: Office, call: str, pair: Pair) -> None:
    """Talk about terms until one has had enough, agree after all, and withdraw."""
    lead, partner = (office.parties[one.slug] for one in (pair.lead, pair.partner))
    asked = parts(office, pair.lead, pair.partner)
    told = await lead.post("/consortia", {"title": INVENTED, "members": asked})
    at = f"/consortia/{told['id']}"
    await partner.post(f"{at}/refusal", {"terms": told["terms"][-1]["id"]})
    await lead.post(f"{at}/terms", {"members": asked})  # lapses with the next
    agreed = await lead.post(f"{at}/terms", {"members": asked})
    await accept(office, agreed, pair.lead, pair.partner)
    drafted = await draft(office, call, told["id"], pair)
    await sign(office, drafted, pair.lead, pair.partner)
    await lead.post(f"{drafted}/submission")
    await lead.post(f"{drafted}/withdrawal")
    await lead.get(at)


async def decline(office: Office, application: str, *, upheld: bool) -> None:
    """Decline; another officer decides the appeal: it stays so, or all begins anew."""
    at = f"/applications/{application}"
    mine = await office.officer.post(f"{at}/decline")
    lead = next(
        party
        for slug, party in office.parties.items()
        if office.keys[slug] == mine["lead"]
    )
    await lead.post(f"{at}/appeal")
    await office.second.post(f"{at}/appeal-decision", {"upheld": upheld})
    if upheld:
        await assess(office, application, POOR, office.tied)
        await office.officer.get(at)
