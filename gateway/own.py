"""The gateway's own operations: an application like any service, behind the door."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Lifespan

from gateway import agreements, documentation, exchange, oauth
from gateway.connection import Headers
from gateway.forward import Body, Request, Upstream
from gateway.passports import Passports
from gateway.settings import Settings
from gateway.webhooks.api import router as webhooks
from gateway.webhooks.rules import COURIER
from gateway.webhooks.vault import Vault
from services.kit import service
from services.kit.refusals import Refusal
from services.kit.telemetry import Message

PROBE: Final = 1.0  # seconds within which a service must say that it lives
ROUTERS: Final = (
    oauth.router,
    exchange.router,
    agreements.router,
    webhooks,
    documentation.router,
)


def create(
    settings: Settings, passports: Passports, lifespan: Lifespan[FastAPI]
) -> FastAPI:
    app = service.create("gateway", settings, passports.public, ROUTERS, lifespan)
    merged = Route("/openapi.json", documentation.openapi)
    app.router.routes.insert(0, merged)  # before FastAPI's, which it replaces
    app.state.signing = passports
    app.state.issuer = settings.issuer
    app.state.exchange_secrets = {
        "employment": settings.employment_secret,
        "programme": settings.programme_secret,
        COURIER: settings.courier_secret,
    }
    app.state.vault = Vault.of(settings.webhook_key)
    app.state.local_webhooks = settings.local_webhooks
    return app


def probing(upstream: Upstream) -> Callable[[], Awaitable[bool]]:
    """Ask a service whether it lives; what it stands on is its own to tell."""

    async def lives() -> bool:
        body = Body(b"", more=False, chunked=False, receive=_nothing)
        request = Request("GET", "/health/live", {}, body)
        try:
            async with asyncio.timeout(PROBE), upstream.answer(request) as answer:
                async for _ in answer.body():  # it may come after its head
                    pass
                return answer.status == HTTPStatus.OK
        except (Refusal, TimeoutError):
            return False

    return lives


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


@dataclass(slots=True)
class Collected:
    """An own answer, held back until its audit entry is committed."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", []))
        else:
            self.body += message.get("body", b"")
