"""A request reaches its service as vouched for, and its answer comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from httpx import ASGITransport, AsyncClient, RemoteProtocolError

from gateway import connection
from gateway.app import create_app
from gateway.policy import Role
from services.kit.callers import passport_for
from services.kit.tokens import Verifier
from tests.gateway.conftest import ISSUER, House, settings_for
from tests.gateway.upstream import Raw, free_port, serving, serving_raw

PLACES = "/beneficiaries/places"
SEARCH = "/beneficiaries/registrations/search"
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@asynccontextmanager
async def before(house: House, upstream: str) -> AsyncIterator[AsyncClient]:
    """Put a second gateway, on the same database, before another service."""
    gateway = create_app(settings_for(house.database.url, upstream))
    transport = ASGITransport(gateway)
    async with (
        gateway.running(),
        AsyncClient(transport=transport, base_url=ISSUER) as client,
    ):
        yield client


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """Read a request whose body, if any, has a length."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))
    return head


async def test_a_request_is_forwarded_without_the_services_prefix(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    body = {"name": "x"}
    answer = await house.client.post(f"{SEARCH}?limit=5", json=body, headers=bearer)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["method"], told["path"]) == ("POST", "/registrations/search")
    assert (told["query"], told["length"]) == ("limit=5", len(answer.request.content))


async def test_a_service_sees_a_passport_and_no_header_of_the_callers_own(
    house: House,
) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    forged = {
        "x-request-id": "00000000-0000-4000-8000-000000000000",
        "x-agency": "south",
        "x-forwarded-for": "10.0.0.1",
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        "cookie": "a=b",
        "connection": "keep-alive, x-agency",
        "accept-language": "sq",
    }
    await house.client.get(PLACES, headers=bearer | forged)
    heard = house.echo.seen[-1]["headers"]
    assert set(heard) == {
        *("host", "accept", "accept-language"),
        *("authorization", "traceparent", "x-request-id"),
    }
    assert heard["accept-language"] == "sq"
    assert heard["x-request-id"] != forged["x-request-id"]
    assert "a" * 32 not in heard["traceparent"]
    passports = Verifier.of(
        house.gateway.passports.public, passport_for("beneficiaries")
    )
    claims = passports.read(heard["authorization"].removeprefix("Bearer "))
    assert claims["agency"] == "north"
    assert claims["exp"] - claims["iat"] == 30


async def test_a_passport_serves_again_for_seconds(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    for _ in range(2):
        await house.client.get(PLACES, headers=bearer)
    shown = {seen["headers"]["authorization"] for seen in house.echo.seen}
    assert len(shown) == 1


async def test_only_listed_headers_leave(house: House) -> None:
    house.echo.status = 201
    house.echo.headers = [
        (b"location", b"/registrations/1"),
        (b"etag", b'"1"'),
        (b"x-powered-by", b"something"),
        (b"set-cookie", b"a=b"),
    ]
    answer = await house.client.post(
        SEARCH, json={}, headers=await house.bearer(Role.REGISTRAR)
    )
    assert answer.status_code == 201
    assert answer.headers["location"] == "/beneficiaries/registrations/1"
    assert set(answer.headers) == {
        *("content-type", "location", "etag"),
        *("cache-control", "x-content-type-options"),
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_a_services_refusal_leaves_byte_for_byte(house: House) -> None:
    refusal = b'{"type":"urn:uramost:problem:not-found","trace":"0"}'

    async def refuse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 404 x\r\ncontent-length: %d\r\n\r\n" % len(refusal))
        writer.write(refusal)
        await writer.drain()

    async with serving_raw(refuse) as upstream, before(house, upstream) as client:
        answer = await client.get(PLACES, headers=await house.bearer(Role.REGISTRAR))
    assert (answer.status_code, answer.content) == (404, refusal)


async def test_a_service_that_is_down_is_a_503(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    async with before(house, f"http://127.0.0.1:{free_port()}") as client:
        answer = await client.get(PLACES, headers=bearer)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "urn:uramost:problem:unavailable"


async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await request_of(reader)


async def talk_nonsense(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await request_of(reader)
    writer.write(b"SSH-2.0-nonsense\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("handle", [hang_up, talk_nonsense])
async def test_a_service_that_breaks_off_is_a_502(handle: Raw, house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(handle) as upstream, before(house, upstream) as client:
        answer = await client.get(PLACES, headers=bearer)
    assert answer.status_code == 502
    assert answer.json()["type"] == "urn:uramost:problem:broken-off"


async def test_a_service_that_does_not_answer_in_time_is_a_504(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)

    awake = asyncio.Event()

    async def sleep(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await request_of(reader)
        await awake.wait()

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(sleep) as upstream, before(house, upstream) as client:
        answer = await client.get(PLACES, headers=bearer)
        assert answer.status_code == 504
        assert (await house.entries())[-1]["details"]["status"] == 504
        awake.set()


async def test_half_an_answer_never_looks_whole(house: House) -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf")
        await writer.drain()
        await asyncio.sleep(0.1)

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(half) as upstream:
        gateway = create_app(settings_for(house.database.url, upstream))
        async with gateway.running(), serving(gateway) as url, AsyncClient() as client:
            with pytest.raises(RemoteProtocolError):
                await client.get(url + PLACES, headers=bearer)


class Stale:
    """A service that answers once on a connection, and hangs up on what comes next."""

    def __init__(self) -> None:
        self.heard = 0

    async def __call__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await request_of(reader)
        self.heard += 1
        writer.write(WHOLE)
        await writer.drain()
        await request_of(reader)
        self.heard += 1


async def test_a_stale_connection_is_tried_once_more_for_a_read(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    stale = Stale()
    async with serving_raw(stale) as upstream, before(house, upstream) as client:
        answers = [await client.get(PLACES, headers=bearer) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert stale.heard == 3


async def test_a_write_that_was_sent_is_never_sent_twice(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    stale = Stale()
    async with serving_raw(stale) as upstream, before(house, upstream) as client:
        first = await client.post(SEARCH, json={}, headers=bearer)
        second = await client.post(SEARCH, json={}, headers=bearer)
    assert (first.status_code, second.status_code) == (200, 502)
    assert stale.heard == 2


async def test_a_connection_that_the_service_closed_is_not_used_again(
    house: House,
) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(WHOLE)
        await writer.drain()

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(once) as upstream, before(house, upstream) as client:
        for _ in range(3):
            answer = await client.post(SEARCH, json={}, headers=bearer)
            assert answer.status_code == 200
            await asyncio.sleep(0.02)  # for the closing to arrive
