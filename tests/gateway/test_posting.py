"""Where anything may be posted to: outside, by one resolving, and following nowhere."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis.strategies import ip_addresses

from gateway.courier.outcomes import Failed
from gateway.courier.posting import MOST, Poster
from gateway.webhooks.rules import NEXT, Failure, State, flaw, permitted
from tests.gateway.upstream import serving_raw

NAME = "receiver.test"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
Resolve = Callable[..., None]

INSIDE = """
127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254
192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 fec0::1
ff02::1 2001:db8::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::10.0.0.1 2002:a00:1::
2001:0:4136:e378:8000:63bf:3fff:fdd2 64:ff9b:1::1
""".split()
OUTSIDE = "8.8.8.8 193.0.6.139 2001:4860:4860::8888 ::ffff:8.8.8.8".split()


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_is_posted_to_an_address_inside(address: str) -> None:
    assert not permitted(ip_address(address), local=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_may_be_posted_to(address: str) -> None:
    assert permitted(ip_address(address), local=False)


@given(ip_addresses(v=4))
def test_an_address_in_another_form_is_no_way_round(address: IPv4Address) -> None:
    mapped = IPv6Address(int(IPv6Address("::ffff:0:0")) | int(address))
    translated = IPv6Address(int(IPv6Address("64:ff9b::")) | int(address))
    relayed = IPv6Address(0x2002 << 112 | int(address) << 80)
    for local in (False, True):
        allowed = {permitted(one, local=local) for one in (mapped, translated, relayed)}
        assert allowed == {permitted(address, local=local)}


@given(ip_addresses())
def test_the_setting_opens_this_machine_and_nothing_else(
    address: IPv4Address | IPv6Address,
) -> None:
    if permitted(address, local=True) and not permitted(address, local=False):
        hidden = getattr(address, "ipv4_mapped", None) or address
        assert hidden.is_loopback


def test_a_state_that_is_not_written_is_none() -> None:
    assert NEXT.keys() == set(State)
    assert State.ACTIVE not in NEXT[State.DEACTIVATED]


@pytest.mark.parametrize(
    ("endpoint", "local", "fine"),
    [
        ("https://undp.example/in?key=1", False, True),
        ("http://undp.example/in", True, False),
        ("http://127.0.0.1:9000/in", False, False),
        ("http://127.0.0.1:9000/in", True, True),
        ("https://me:word@undp.example/", False, False),
        ("https://undp.example/#part", False, False),
    ],
)
def test_an_endpoint_is_https_and_an_address_alone(
    endpoint: str, *, local: bool, fine: bool
) -> None:
    wrong = flaw(endpoint, local=local)
    assert (wrong is None) is fine
    assert "undp" not in (wrong or "")


@pytest.fixture
async def resolving(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Let a name lead where a test wants it: somebody else's server of names."""
    loop = asyncio.get_running_loop()
    asked = loop.getaddrinfo

    def lead(*addresses: str) -> None:
        async def found(host: str, port: int, **more: Any) -> Any:  # noqa: ANN401 -- asyncio's own
            if host != NAME:
                return await asked(host, port, **more)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
                for one in addresses
            ]

        monkeypatch.setattr(loop, "getaddrinfo", found)

    return lead


async def failure(
    endpoint: str, *, local: bool = True, trust: ssl.SSLContext | None = None
) -> Failure | bytes:
    """Post something; give how it failed, or what was answered."""
    async with Poster.open(local=local, trust=trust) as poster:
        try:
            return await poster.post(endpoint, {}, "{}")
        except Failed as failed:
            return failed.failure


async def test_a_name_that_leads_inside_is_not_connected_to(
    resolving: Resolve,
) -> None:
    met = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(await reader.readuntil(b"{}"))
        writer.write(OK)

    async with serving_raw(meet) as url:
        port = url.rpartition(":")[2]
        for addresses in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"]):
            resolving(*addresses)
            said = await failure(f"https://{NAME}:{port}/", local=False)
            assert said is Failure.ADDRESS
        assert await failure(f"http://127.0.0.1:{port}/", local=False) == "address"
        assert met == []
        assert await failure(f"http://127.0.0.1:{port}/") == b"ok"


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a server's certificate for a name, and a client's trust in it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)  # noqa: FBT003 -- its signature: not critical
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


@asynccontextmanager
async def serving_tls(context: ssl.SSLContext) -> AsyncIterator[tuple[int, list[str]]]:
    """Answer by TLS; give the port and the names that were asked for."""
    asked: list[str] = []
    context.sni_callback = lambda _, name, __: asked.append(name)

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def test_a_certificate_is_the_name_s_and_not_the_address_s(
    resolving: Resolve, tmp_path: Path
) -> None:
    resolving("127.0.0.1")
    right, trust = certificate(tmp_path, NAME)
    async with serving_tls(right) as (port, asked):
        assert await failure(f"https://{NAME}:{port}/", trust=trust) == b"ok"
        assert asked == [NAME]
        said = await failure(f"https://127.0.0.1:{port}/", trust=trust)
        assert said is Failure.UNTRUSTED
        assert await failure(f"https://{NAME}:{port}/") is Failure.UNTRUSTED


ANSWERS = {
    b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n": Failure.REDIRECT,
    b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n": Failure.REFUSED,
    b"HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n": Failure.FAULT,
    b"SSH-2.0-OpenSSH\r\n\r\n": Failure.FAULT,
    b"": Failure.FAULT,
}


@pytest.mark.parametrize(("said", "expected"), ANSWERS.items())
async def test_an_answer_is_told_by_its_class_alone(
    said: bytes, expected: Failure
) -> None:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"{}")
        writer.write(said)

    async with serving_raw(answer) as url:
        assert await failure(url) is expected


async def test_of_an_endless_answer_only_the_beginning_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(bytes(64 * 1024))
            await writer.drain()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.01)

    async with serving_raw(pour) as url:
        answer = await failure(url)
        assert isinstance(answer, bytes)
        assert len(answer) == MOST
    monkeypatch.setattr("gateway.courier.posting.LONGEST", 0.1)
    async with serving_raw(drip) as url:
        assert await failure(url) is Failure.TIMEOUT
