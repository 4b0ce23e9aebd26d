"""The gateway's hot path: match, authenticate, decide, forward, audit, answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from opentelemetry.trace import use_span

from gateway import own
from gateway.audit import Writer
from gateway.connection import PATIENCE, Connection, Headers
from gateway.forward import HEARD, Request, Upstream, body_of
from gateway.identity import Identity
from gateway.passports import Passports
from gateway.revocations import Revocations
from gateway.routes import CARRIED, GATEWAY, MATCHER, Match
from gateway.settings import Settings
from gateway.turns import Lasting, Turns
from gateway.visit import FAILED, KEY, Visit, client_span, traced, traceparent
from services.kit.beside import beside
from services.kit.callers import REQUEST_ID
from services.kit.http import Guarded
from services.kit.refusals import NotFound, NotPermitted, Refusal
from services.kit.service import running
from services.kit.telemetry import Receive, Scope, Send

# What the gateway's own operations hear of a caller's headers.
OWN: Final = frozenset({b"authorization", b"content-length", b"content-type"})
# What leaves of a service's headers.
LEAVING: Final = frozenset(
    {
        b"cache-control",
        b"content-length",
        b"content-type",
        b"etag",
        b"location",
        b"retry-after",
        b"www-authenticate",
    }
)


class Gateway:
    """The only door, as a plain ASGI application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.revocations = Revocations(self.forget)
        self.identity = Identity(settings.token_key, settings.issuer, self.revocations)
        self.passports = Passports(settings.passport_key)
        self.writer = Writer(self.revocations.blind)
        self.upstreams = {
            name: Upstream(url) for name, url in settings.services.items()
        }
        self.turns = {name: Turns() for name in settings.services}
        self.lasting = Lasting()
        self.own = own.create(settings, self.passports, lambda _: self.running())
        self.own.state.identity = self.identity
        self.own.state.revocations = self.revocations
        for name, upstream in self.upstreams.items():
            self.own.state.parts[name] = own.probing(upstream)

    def forget(self) -> None:
        """Look again at everybody: something was revoked."""
        self.identity.forget()
        self.passports.forget()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect, keep watch, write and seal, until the end."""
        async with running(self.own, self.settings) as database:
            await self.revocations.look(database.pool)
            pool = database.pool
            async with beside(self.revocations.run(pool), self.writer.run(pool)):
                yield
            for upstream in self.upstreams.values():
                upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.own(scope, receive, send)
        elif scope["type"] == "http":
            with traced() as (span, request):
                method = scope["method"]
                visit = Visit(request, span, send, self.writer, method)

                async def serve(scope: Scope, receive: Receive, send: Send) -> None:
                    visit.send = send
                    await self._serve(visit, scope, receive)

                await Guarded(serve)(scope, receive, send)

    async def _serve(self, visit: Visit, scope: Scope, receive: Receive) -> None:
        try:
            match = self._decide(visit, scope)
            if match.operation.service == GATEWAY:
                await self._answer_self(visit, match, scope, receive)
            else:
                await self._forward(visit, match, scope, receive)
        except Refusal as refusal:
            if visit.started:
                raise
            await visit.refuse(refusal)
        except Exception:
            await visit.enter(HTTPStatus.INTERNAL_SERVER_ERROR)
            raise

    def _decide(self, visit: Visit, scope: Scope) -> Match:
        """Let through or refuse: a stranger learns not even which operations exist."""
        match = MATCHER.match(visit.method, scope["path"])
        visit.match = match
        if match is not None and match.operation.permission is None:
            return match
        self.revocations.require_sight()
        visit.caller = self.identity.caller(scope["headers"])
        if match is None:
            raise NotFound
        if match.operation.permission not in visit.caller.permissions:
            raise NotPermitted
        visit.granted = True
        return match

    async def _answer_self(
        self, visit: Visit, match: Match, scope: Scope, receive: Receive
    ) -> None:
        """Let the application behind the door answer, and hold it until audited."""
        came = {name: value for name, value in scope["headers"] if name in OWN}
        headers = [*(came | self._vouching(visit, GATEWAY)).items()]
        collected = own.Collected()
        inner = {**scope, "headers": headers, "path": match.path, KEY: visit}
        await self.own(inner, receive, collected.send)
        if match.operation.permission is None:
            visit.granted = collected.status < FAILED
        await visit.begin(collected.status, collected.headers)
        await visit.continue_(collected.body, more=False)

    async def _forward(
        self, visit: Visit, match: Match, scope: Scope, receive: Receive
    ) -> None:
        service = match.operation.service
        with use_span(
            client_span(service),
            end_on_exit=True,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            headers = heard(scope["headers"])
            headers[b"traceparent"] = traceparent(span)
            body = await body_of(headers, receive)
            query = scope["query_string"].decode("latin-1")
            target = f"{match.path}?{query}" if query else match.path
            lasts = match.operation.lasts
            line = self.lasting if lasts else self.turns[service]
            async with line.turn(visit.client):
                headers |= self._vouching(visit, service)  # fresh, however long it took
                request = Request(visit.method, target, headers, body)
                async with self.upstreams[service].answer(request) as answer:
                    await relay(visit, service, answer)

    def _vouching(self, visit: Visit, service: str) -> dict[bytes, bytes]:
        """Say to a service who asks, and under which id it is audited."""
        named = {REQUEST_ID.encode(): str(visit.request).encode()}
        if visit.caller is None:
            return named
        most = CARRIED[service]
        told = self.revocations.agreements.told(visit.caller)
        passport = self.passports.passport(told, service, most)
        return named | {b"authorization": b"Bearer " + passport.encode()}


def heard(headers: Headers) -> dict[bytes, bytes]:
    """Keep of a caller's headers what a service may hear; one framing, not two."""
    came = dict(headers)
    if b"transfer-encoding" in came:
        came.pop(b"content-length", None)
    return {name: came[name] for name in HEARD & came.keys()}


async def relay(visit: Visit, service: str, answer: Connection) -> None:
    """Pass a service's answer on as it comes, once its audit entry is committed."""
    headers = leaving(answer.headers, service)
    await visit.begin(answer.status, headers)
    whole = answer.whole()
    if whole is not None:
        await visit.continue_(whole, more=False)
        return
    async for piece in answer.body():
        async with asyncio.timeout(PATIENCE):  # a client that stops reading is left
            await visit.continue_(piece, more=True)
    await visit.continue_(b"", more=False)


def leaving(headers: Headers, service: str) -> Headers:
    """Keep what may leave; a location is told as callers reach it."""
    return [
        (name, f"/{service}".encode() + value)
        if name == b"location" and value.startswith(b"/")
        else (name, value)
        for name, value in headers
        if name in LEAVING
    ]


def create_app(settings: Settings) -> Gateway:
    return Gateway(settings)
