"""What there is before anybody applies: the office, organisations, plans, the forum."""

from dataclasses import dataclass, field
from typing import Any

from deploy.replay import programme
from deploy.replay.parties import Cast, Party
from deploy.replay.programme import INVENTED, Organisation


@dataclass
class Office:
    """The agency's people, the organisations, and what they have made so far."""

    officer: Party
    second: Party
    finance: Party
    assessors: tuple[Party, Party]
    tied: Party
    parties: dict[str, Party] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    priorities: list[str] = field(default_factory=list)
    awards: list[dict[str, Any]] = field(default_factory=list)


async def enrol(office: Office, cast: Cast, organisation: Organisation) -> None:
    """Record an organisation; what it is led by, it declares itself."""
    content = {
        "name": f"{organisation.name} {INVENTED}",
        "kind": "cso",
        "registered_in": "other",
        "registration_number": f"invented-{organisation.slug}",
        "municipality": organisation.municipality,
    }
    recorded = await office.officer.post("/organisations", content)
    key = recorded["organisation"]["id"]
    party = await cast.organisation(organisation.slug, key)
    await party.put("/communities", {"led_by": [organisation.led_by]})
    office.parties[organisation.slug], office.keys[organisation.slug] = party, key


async def adopt_plans(office: Office) -> None:
    """Adopt the three economic plans, and a community action plan beside each."""
    for municipality, titles in programme.ECONOMIC_PLANS.items():
        action = {"en": programme.ACTION_PLANS[municipality]}
        for kind, told in (
            ("economic_development", dict(titles)),
            ("community_action", action),
        ):
            await _adopt(office, kind, told, municipality)
    draft = {"en": f"Community action plan: still being written {INVENTED}"}
    await office.officer.post("/plans", _plan("community_action", draft, "zvecan"))


def _plan(kind: str, titles: dict[str, str], municipality: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "titles": titles,
        "municipalities": [municipality],
        "starts_on": "2009-01-01",
        "ends_on": "2011-04-30",
    }


async def _adopt(
    office: Office, kind: str, titles: dict[str, str], municipality: str
) -> None:
    plan = await office.officer.post("/plans", _plan(kind, titles, municipality))
    at = f"/plans/{plan['id']}"
    for sector, title in programme.PRIORITIES:
        told = {"titles": {"en": title}, "sector": sector}
        priority = await office.officer.post(f"{at}/priorities", told)
        office.priorities.append(priority["id"])
    meeting = {"held_on": "2009-03-10", "municipality": municipality, "attended": 40}
    await office.officer.post(f"{at}/consultations", meeting)
    await office.officer.get(at)
    await office.officer.post(f"{at}/adoption", {"adopted_on": "2009-06-01"})


async def hold_forum(office: Office) -> None:
    first = [office.keys[one.slug] for one in programme.everybody()[:2]]
    forum = programme.FORUM | {"organisers": first}
    held = await office.officer.post("/events", forum)
    came = {"attended": programme.ATTENDED}
    await office.officer.post(f"/events/{held['id']}/attendance", came)
    again = programme.FORUM | {"starts_on": "2011-05-20", "ends_on": "2011-05-20"}
    dropped = await office.officer.post("/events", again)
    await office.officer.post(f"/events/{dropped['id']}/cancellation")
