"""The parties to a call: agencies and their officers, organisations of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from httpx import AsyncClient, Response

from tests.grants.speaking import as_agency, as_organisation

ACROSS = ("albanian", "serb")
CRITERIA = [
    {"key": "bridge", "title": "What it joins", "weight": "60"},
    {"key": "cost", "title": "What it costs", "weight": "40"},
]
RULES: list[dict[str, Any]] = [
    {"kind": "minimum_organisations", "count": 2},
    {"kind": "minimum_communities", "count": 2},
    {"kind": "maximum_share_of_community", "percent": "70"},
    {"kind": "one_application"},
    {"kind": "one_award"},
    {"kind": "no_double_funding"},
]
Json = dict[str, Any]


@dataclass(frozen=True)
class Speaker:
    """Somebody with a passport: an officer of an agency, or an organisation's own."""

    client: AsyncClient
    speak: Callable[[], dict[str, str]]

    @property
    def headers(self) -> dict[str, str]:
        """Show a passport of this moment: they live half a minute."""
        return self.speak()

    async def get(self, path: str, **query: str) -> Response:
        return await self.client.get(path, params=query, headers=self.headers)

    async def post(self, path: str, body: object = None, status: int = 0) -> Response:
        answer = await self.client.post(path, json=body, headers=self.headers)
        assert status in (0, answer.status_code), answer.text
        return answer

    async def put(self, path: str, body: object) -> Response:
        return await self.client.put(path, json=body, headers=self.headers)

    async def done(self, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        """Post what has to succeed, and give what came of it."""
        answer = await self.client.post(path, json=body, headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def read(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        answer = await self.get(path)
        assert answer.is_success, answer.text
        return answer.json()


@dataclass(frozen=True)
class Organisation(Speaker):
    """An organisation: its record's id, and its own voice."""

    id: str = ""


Two = tuple[Organisation, Organisation]


@dataclass(frozen=True)
class World:
    """What tests begin with, made through HTTP as its parties would make it."""

    client: AsyncClient
    made: list[str] = field(default_factory=list)

    def officer(self, agency: str = "unicef", subject: str = "officer") -> Speaker:
        return Speaker(self.client, partial(as_agency, agency, subject=subject))

    async def organisation(self, *communities: str, **more: object) -> Organisation:
        """Record an organisation, which declares its communities itself."""
        name = f"Organisation {len(self.made)}"
        body = {"name": name, "kind": "cso", "municipality": "mitrovica-south"} | more
        recorded = await self.officer().done("/organisations", body)
        key: str = recorded["organisation"]["id"]
        self.made.append(key)
        itself = Organisation(self.client, partial(as_organisation, key), key)
        if communities:
            declared = {"led_by": communities, "serves": communities}
            answer = await itself.put("/communities", declared)
            assert answer.is_success, answer.text
        return itself

    async def call(self, agency: str = "unicef", **changed: object) -> str:
        """Publish a call that is open for an hour."""
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        content = {
            "title": "Bridges",
            "currency": "EUR",
            "ceiling": "25000.00",
            "budget": "100000.00",
            "opens_at": (now - timedelta(hours=1)).isoformat(),
            "closes_at": (now + timedelta(hours=1)).isoformat(),
            "time_zone": "UTC",
            "rules": RULES,
            "criteria": CRITERIA,
        }
        officer = self.officer(agency)
        key: str = (await officer.done("/calls", content | changed))["id"]
        await officer.done(f"/calls/{key}/publication")
        return key

    async def consortium(self, *members: Organisation) -> Json:
        """Form a consortium of equal shares under the first, and let all accept."""
        formed = await members[0].done(
            "/consortia", {"title": "Ura", **terms(*members)}
        )
        return await self.accepted(formed, *members)

    async def accepted(self, consortium: Json, *members: Organisation) -> Json:
        newest = consortium["terms"][-1]
        said = {"terms": newest["id"], "digest": newest["digest"]}
        for one in members:
            consortium = await one.done(
                f"/consortia/{consortium['id']}/acceptance", said
            )
        return consortium

    async def draft(self, call: str, consortium: Json, lead: Organisation) -> str:
        body = {
            "call": call,
            "consortium": consortium["id"],
            "title": "Radionica / Punëtori",
            "amount": "12500.00",
        }
        key: str = (await lead.done("/applications", body))["id"]
        return key

    async def signed(self, application: str, *members: Organisation) -> str:
        """Lay an application before its members, and let all sign it."""
        path = f"/applications/{application}"
        digest: str = (await members[0].done(f"{path}/circulation"))["digest"]
        for one in members:
            await one.done(f"{path}/signature", {"digest": digest})
        return digest

    async def submitted(self, call: str, *members: Organisation) -> str:
        """Bring an application of these members as far as its submission."""
        consortium = await self.consortium(*members)
        application = await self.draft(call, consortium, members[0])
        await self.signed(application, *members)
        await members[0].done(f"/applications/{application}/submission")
        return application

    async def scored(
        self, application: str, points: int = 80, agency: str = "unicef"
    ) -> None:
        """Let two assessors score an application that is found eligible."""
        path, officer = f"/applications/{application}", self.officer(agency)
        await officer.done(f"{path}/eligibility")
        for name in ("ana", "besa"):
            await officer.done(f"{path}/assessors", {"assessor": name})
        for name in ("ana", "besa"):
            assessor = self.officer(agency, name)
            await assessor.done(f"{path}/declaration", {"conflicted": False})
            given = {"points": {"bridge": points, "cost": points}}
            await assessor.done(f"{path}/score", given)

    async def awarded(self, application: str, agency: str = "unicef") -> Json:
        """Award a ranked application all that it asks for."""
        body = {
            "application": application,
            "amount": "12500.00",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "tranches": [{"amount": "12500.00", "due_on": "2026-06-30"}],
        }
        award: Json = await self.officer(agency).done("/awards", body)
        return award

    async def granted(self, call: str, *members: Organisation) -> str:
        """Bring an application of these members all the way to its award."""
        application = await self.submitted(call, *members)
        await self.scored(application)
        await self.ranked(call)
        await self.awarded(application)
        return application

    async def status(self, application: str, agency: str = "unicef") -> str:
        body = await self.officer(agency).read(f"/applications/{application}")
        status: str = body["status"]
        return status

    async def ranked(self, call: str, agency: str = "unicef") -> list[Json]:
        officer = self.officer(agency)
        await officer.done(f"/calls/{call}/closing")
        found: list[Json] = await officer.done(f"/calls/{call}/ranking")
        return found


def terms(*members: Organisation, shares: str = "") -> Json:
    """Propose shares, equal ones unless told, under the first's lead."""
    parts = shares.split() or equal(len(members))
    return {
        "members": [
            {
                "organisation": one.id,
                "role": "co_applicant" if place else "lead",
                "share": parts[place],
            }
            for place, one in enumerate(members)
        ]
    }


def equal(count: int) -> list[str]:
    """Divide a hundred; the last gets what is left over."""
    share = Decimal(100 * 100 // count) / 100
    return [*[str(share)] * (count - 1), str(100 - share * (count - 1))]


def problem(answer: Response) -> str:
    kind: str = answer.json()["type"].removeprefix("urn:uramost:problem:")
    return kind


def reasons(answer: Response) -> list[str]:
    """Give the rules that were not met."""
    return [one["pointer"].rpartition("/")[2] for one in answer.json()["errors"]]
