"""Bodies stream both ways, and whoever is slow holds up the other, not the memory."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient

from gateway.app import create_app
from gateway.policy import Role
from tests.gateway.conftest import House, settings_for
from tests.gateway.test_forwarding import PLACES, SEARCH, WHOLE
from tests.gateway.upstream import serving, serving_raw

PIECE = bytes(64 * 1024)
PIECES = 1_600  # 100 MiB
MUCH = len(PIECE) * PIECES
LITTLE = 40 * 1024 * 1024  # what the kernel's buffers of two connections may take


@pytest.fixture
async def door(house: House) -> AsyncIterator[str]:
    async with serving(house.gateway) as url:
        yield url


async def dripping(pieces: int) -> AsyncIterator[bytes]:
    for _ in range(pieces):
        yield PIECE


@pytest.mark.parametrize("framing", ["length", "chunks"])
async def test_a_large_request_arrives_whole(
    framing: str, house: House, door: str
) -> None:
    headers = await house.bearer(Role.REGISTRAR)
    if framing == "length":
        headers |= {"content-length": str(len(PIECE) * 100)}
    async with AsyncClient(timeout=60) as client:
        answer = await client.post(
            door + SEARCH, content=dripping(100), headers=headers
        )
    told = answer.json()
    assert told["length"] == len(PIECE) * 100
    assert told["digest"] == sha256(PIECE * 100).hexdigest()


async def test_a_large_answer_arrives_whole(house: House, door: str) -> None:
    house.echo.streamed = 100
    headers = await house.bearer(Role.REGISTRAR)
    async with AsyncClient(timeout=60) as client:
        answer = await client.get(door + PLACES, headers=headers)
    assert answer.content[: len(PIECE) * 100] == PIECE * 100
    assert answer.content.endswith(b"}")


async def connected(door: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(door)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=2**16)


def head(method: str, path: str, bearer: dict[str, str], *more: str) -> bytes:
    first = (f"{method} {path} HTTP/1.1", "host: gateway.test")
    shown = f"authorization: {bearer['authorization']}"
    return "\r\n".join((*first, shown, *more, "", "")).encode()


async def settled(count: list[int]) -> int:
    """Wait until a count no longer grows."""
    before = -1
    while before != count[0]:
        before = count[0]
        await asyncio.sleep(0.3)
    return before


async def test_a_slow_client_holds_up_the_service(house: House, door: str) -> None:
    house.echo.streamed = PIECES
    reader, writer = await connected(door)
    writer.write(head("GET", PLACES, await house.bearer(Role.REGISTRAR)))
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.5)
    assert house.echo.produced < LITTLE
    received = 0
    while received < MUCH:
        received += len(await reader.read(2**20))
    assert house.echo.produced == MUCH
    writer.close()


async def test_a_slow_service_holds_up_the_client(house: House) -> None:
    awake, arrived = asyncio.Event(), [0]

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await awake.wait()
        while arrived[0] < MUCH:
            arrived[0] += len(await reader.read(2**20))
        writer.write(WHOLE)
        await writer.drain()

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(slow) as upstream:
        gateway = create_app(settings_for(house.database.url, upstream))
        async with gateway.running(), serving(gateway) as door:
            reader, writer = await connected(door)
            length = f"content-length: {MUCH}"
            writer.write(head("POST", SEARCH, bearer, length))
            sent = [0]
            sending = asyncio.create_task(pour(writer, sent))
            assert await settled(sent) < LITTLE
            awake.set()
            await sending
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            writer.close()
    assert arrived[0] == MUCH


async def pour(writer: asyncio.StreamWriter, sent: list[int]) -> None:
    for _ in range(PIECES):
        writer.write(PIECE)
        await writer.drain()
        sent[0] += len(PIECE)


async def test_an_answer_may_come_before_the_request_is_whole(house: House) -> None:
    async def impatient(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 x\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.5)

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(impatient) as upstream:
        gateway = create_app(settings_for(house.database.url, upstream))
        async with gateway.running(), serving(gateway) as door:
            reader, writer = await connected(door)
            writer.write(head("POST", SEARCH, bearer, f"content-length: {MUCH}"))
            writer.write(PIECE)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 413")
            writer.close()


async def test_a_client_that_breaks_off_breaks_off_at_the_service(house: House) -> None:
    ended = asyncio.Event()

    async def waiting(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(2**20):
                continue
        except ConnectionError:
            pass  # a hard end is an end as well
        ended.set()

    bearer = await house.bearer(Role.REGISTRAR)
    async with serving_raw(waiting) as upstream:
        gateway = create_app(settings_for(house.database.url, upstream))
        async with gateway.running(), serving(gateway) as door:
            _, writer = await connected(door)
            writer.write(head("POST", SEARCH, bearer, f"content-length: {MUCH}"))
            writer.write(PIECE)
            await writer.drain()
            writer.close()
            assert await asyncio.wait_for(ended.wait(), 60)
