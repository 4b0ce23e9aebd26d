"""Small real servers in the places of the gateway, of beneficiaries and of grants."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from services.kit.callers import passport_for
from services.kit.ids import new_id
from services.kit.pages import cursor
from services.kit.tokens import Verifier
from tests.passports import PUBLIC, SIGNER

SECRET = "what employment shows"
BASIC = "Basic ZW1wbG95bWVudDp3aGF0IGVtcGxveW1lbnQgc2hvd3M="

ITSELF: dict[str, Any] = {
    "client_id": "employment",
    "sub": "employment",
    "agency": "service:employment",
    "organisation": None,
    "roles": [],
    "purpose": None,
}


@dataclass
class Neighbours:
    """Exchanges passports; knows whose registrations and organisations there are."""

    organisations: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    persons: dict[tuple[str, UUID], UUID] = field(default_factory=dict)
    contested: set[UUID] = field(default_factory=set)
    disagreeing: set[UUID] = field(default_factory=set)
    answers: dict[str, int] = field(default_factory=dict)
    seen: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    delay: float = 0.0

    def register(self, agency: str, person: UUID) -> UUID:
        registration = uuid4()
        self.persons[agency, registration] = person
        return registration

    def organisation(self, name: str, municipality: str | None = None) -> UUID:
        key = uuid4()
        self.organisations[key] = {
            "id": str(key),
            "name": name,
            "municipality": municipality,
            "kind": "business",
        }
        return key

    async def exchange(self, request: Request) -> JSONResponse:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if status := self.answers.get("exchange"):
            return JSONResponse({"error": "invalid_request"}, status)
        assert request.headers["authorization"] == BASIC
        if form["grant_type"] == "client_credentials":
            kind = passport_for(form["audience"])
            follow = {"permissions": ["beneficiaries.person:follow"]}
            passport = SIGNER.sign(ITSELF | follow, kind, timedelta(seconds=30))
            return JSONResponse({"access_token": passport, "token_type": "N_A"})
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
        assert form["subject_token_type"] == "urn:ietf:params:oauth:token-type:jwt"
        subject = Verifier.of(PUBLIC, passport_for("employment"))
        claims = subject.read(form["subject_token"]) | {"act": {"sub": "employment"}}
        kind = passport_for(form["audience"])
        passport = SIGNER.sign(claims, kind, timedelta(seconds=30))
        return JSONResponse({"access_token": passport, "token_type": "N_A"})

    async def person(self, registration: UUID, request: Request) -> JSONResponse:
        await asyncio.sleep(self.delay)
        claims = self._claims(request, "beneficiaries")
        person = self.persons.get((claims["agency"], registration))
        if status := self.answers.get("beneficiaries", None if person else 404):
            return JSONResponse({"title": "no"}, status)
        return JSONResponse(
            {"person": str(person), "contested": person in self.contested}
        )

    async def feed(self, request: Request) -> JSONResponse:
        """Give what was told behind a cursor; where there is nothing, wait a while."""
        if status := self.answers.get("feed"):
            return JSONResponse({"title": "no"}, status)
        after = request.query_params.get("cursor")
        passport = request.headers["authorization"].removeprefix("Bearer ")
        Verifier.of(PUBLIC, passport_for("beneficiaries")).read(passport)
        cursors = [cursor(UUID(one["id"])) for one in self.told]
        begin = 0 if after is None else cursors.index(after) + 1
        if not self.told[begin:]:
            self.news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), 0.1)
        items = self.told[begin : begin + 3]
        return JSONResponse({"items": items, "more": len(self.told) > begin + 3})

    def tell(self, happened: str, registration: UUID, **data: object) -> str:
        """Let the feed of beneficiaries tell of something."""
        event = {
            "specversion": "1.0",
            "id": str(new_id()),
            "source": "/beneficiaries",
            "type": f"org.uramost.{happened}",
            "subject": str(registration),
            "time": datetime.now(UTC).isoformat(),
            "data": data,
        }
        self.told.append(event)
        self.news.set()
        return str(event["id"])

    async def introduce(self, registration: UUID, request: Request) -> JSONResponse:
        """Give back what was told, as beneficiaries would seal it."""
        claims = self._claims(request, "beneficiaries")
        if (claims["agency"], registration) not in self.persons:
            return JSONResponse({"title": "no"}, 404)
        if registration in self.disagreeing:
            return JSONResponse({"title": "no"}, 409)
        told = await request.json() | {"registration": str(registration)}
        return JSONResponse({"introduction": json.dumps(told)})

    async def redeem(self, registration: UUID, request: Request) -> JSONResponse:
        """Tell who it is, where the caller's organisation was meant."""
        claims = self._claims(request, "beneficiaries")
        told = json.loads((await request.json())["introduction"])
        meant = claims["organisation"] == told["organisation"]
        own = told["registration"] == str(registration)
        if not (meant and own) or registration in self.disagreeing:
            return JSONResponse({"title": "no"}, 404)
        phones = ["+38344123456"] if told["phones"] else []
        names = {"given": "Mërgim", "family": "Prekazi", "phones": phones}
        return JSONResponse(names)

    async def timeline(self, registration: UUID, request: Request) -> JSONResponse:
        """Tell of the caller's registrations that are one person, as recorded."""
        agency = self._claims(request, "beneficiaries")["agency"]
        if (agency, registration) not in self.persons:
            return JSONResponse({"title": "no"}, 404)
        person, at = self.persons[agency, registration], "2026-01-05T09:00:00Z"
        told = [
            {"at": at, "what": "registration.recorded", "registration": str(key)}
            for (whose, key), known in self.persons.items()
            if (whose, known) == (agency, person)
        ]
        return JSONResponse(told)

    async def shown(self, key: UUID, request: Request) -> JSONResponse:
        self._claims(request, "grants")
        found = self.organisations.get(key)
        if status := self.answers.get("grants", None if found else 404):
            return JSONResponse({"title": "no"}, status)
        return JSONResponse(found)

    def _claims(self, request: Request, audience: str) -> dict[str, Any]:
        passport = request.headers["authorization"].removeprefix("Bearer ")
        claims = Verifier.of(PUBLIC, passport_for(audience)).read(passport)
        self.seen.append({"claims": claims, "headers": dict(request.headers)})
        return claims

    def app(self) -> FastAPI:
        app = FastAPI()
        app.post("/exchange")(self.exchange)
        app.get("/persons/of/{registration}")(self.person)
        app.get("/persons/feed")(self.feed)
        app.post("/registrations/{registration}/introductions")(self.introduce)
        path = "/registrations/{registration}/introductions/redemption"
        app.post(path)(self.redeem)
        app.get("/registrations/{registration}/timeline")(self.timeline)
        app.get("/organisations/{key}")(self.shown)
        return app


def listening() -> socket.socket:
    """Take a port, so that its address can be told before anybody serves there."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken


def address(taken: socket.socket) -> str:
    return f"http://127.0.0.1:{taken.getsockname()[1]}"


@asynccontextmanager
async def serving(
    app: Any,  # noqa: ANN401 -- any ASGI application
    taken: socket.socket | None = None,
    lifespan: Literal["on", "off"] = "off",
) -> AsyncIterator[str]:
    """Serve an application by HTTP, on a port of its own unless one was taken."""
    taken = taken or listening()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan=lifespan,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[taken]))
    while not server.started and not task.done():  # noqa: ASYNC110 -- a flag is all uvicorn has
        await asyncio.sleep(0.005)
    assert server.started
    try:
        yield address(taken)
    finally:
        server.should_exit = True
        await task
        taken.close()


def nobody_there() -> str:
    """Give an address on which nothing listens."""
    with listening() as taken:
        return address(taken)
