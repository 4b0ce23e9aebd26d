"""The pages that need no token: documentation without internet, and health."""

import asyncio
import re

from httpx import ASGITransport, AsyncClient

from gateway.app import create_app
from gateway.forward import Upstream
from gateway.own import probing
from tests.gateway.conftest import ISSUER, House, settings_for
from tests.gateway.upstream import free_port


async def test_the_documentation_loads_from_here_alone(house: House) -> None:
    page = await house.client.get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(wanted) == 4
    for path in wanted:
        assert path.startswith("/docs/")
        answer = await house.client.get(path)
        assert answer.status_code == 200
        assert answer.content
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_page_has_no_script_of_its_own(house: House) -> None:
    """Inline scripts are what its content security policy forbids."""
    page = await house.client.get("/docs")
    assert re.findall(r"<script>", page.text) == []


async def test_everything_up_is_ready(house: House) -> None:
    answer = await house.client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {
        "database": True,
        "audit": True,
        "beneficiaries": True,
        "grants": True,
        "employment": True,
        "programme": True,
    }


async def test_readiness_says_which_part_is_down(house: House) -> None:
    upstream = str(house.gateway.settings.beneficiaries)
    given = settings_for(house.database.url, upstream)
    down = f"http://127.0.0.1:{free_port()}"
    gateway = create_app(type(given).load(**given.model_dump() | {"grants": down}))
    transport = ASGITransport(gateway)
    async with (
        gateway.running(),
        AsyncClient(transport=transport, base_url=ISSUER) as client,
    ):
        answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert [part for part, up in answer.json()["parts"].items() if not up] == ["grants"]


async def test_a_probe_leaves_no_entry(house: House) -> None:
    for path in ("/health/live", "/health/ready"):
        await house.client.get(path)
    assert await house.entries() == []


async def test_liveness_does_not_hang_on_the_database(house: House) -> None:
    await house.gateway.own.state.database.pool.close()
    ready = await house.client.get("/health/ready")
    live = await house.client.get("/health/live")
    assert (live.status_code, ready.status_code) == (200, 503)
    assert not ready.json()["parts"]["database"]


async def test_readiness_waits_for_a_body_that_comes_after_its_head() -> None:
    """A service whose answer arrives in two pieces is as ready as any other."""

    async def slowly(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"{}")
        writer.close()

    server = await asyncio.start_server(slowly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        assert await probing(Upstream(f"http://127.0.0.1:{port}"))()
