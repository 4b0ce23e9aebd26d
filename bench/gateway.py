"""The gateway's speed against the plainest proxy there is, in the same run.

The peer is a relay of bytes on asyncio streams: it reads nothing, checks nothing and
records nothing, so it is the limit for a proxy of one Python process. Where nginx is
installed it is the second peer. `python -m bench.gateway [seconds]`.
"""

import asyncio
import os
import secrets
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import asyncpg
import httptools
from httpx import AsyncClient

from deploy.databases import ROLES, provision
from deploy.migrate import migrate
from deploy.postgres import Postgres
from docs.generate import throwaway
from gateway.enrolment import Client, Enrolment, Tenant, enrol
from gateway.policy import Role

ROUNDS = 3
CONNECTIONS = 32
BODY = b'{"answer": 1}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(BODY), BODY)
Figures = tuple[float, float, float]
PASSWORDS = {role: f"bench-{role}" for role in ROLES}
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log stderr crit;
events {{}}
http {{
  access_log off;
  upstream service {{ server 127.0.0.1:{to}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://service; proxy_http_version 1.1;
      proxy_set_header Connection "";
    }}
  }}
}}
"""


class Trivial(asyncio.Protocol):
    """A service that answers every request alike."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.transport.write(ANSWER)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def relay(port: int, to: int) -> None:
    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    async with await asyncio.start_server(handle, "127.0.0.1", port) as server:
        await server.serve_forever()


async def trivial(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Trivial, "127.0.0.1", port)
    await server.serve_forever()


@asynccontextmanager
async def child(*command: str, **environment: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def reachable(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


async def one(port: int, request: bytes, until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        await reader.readexactly(len(BODY))
        times.append(time.perf_counter() - began)
    writer.close()


async def measured(port: int, request: bytes, seconds: float) -> Figures:
    """Give requests a second, and the median and the 99th percentile in ms."""
    times: list[float] = []
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(
        *(one(port, request, until, times) for _ in range(CONNECTIONS))
    )
    rate = len(times) / (time.perf_counter() - began)
    cuts = statistics.quantiles(times, n=100)
    return rate, cuts[49] * 1e3, cuts[98] * 1e3


async def database(stack: AsyncExitStack) -> tuple[Postgres, str, Path]:
    """Start the embedded server and enrol one registrar; durable commits are on."""
    folder = Path(tempfile.mkdtemp(prefix="uramost-bench-"))
    stack.callback(shutil.rmtree, folder)
    postgres = Postgres.start(folder, password=secrets.token_hex())
    stack.callback(postgres.stop)
    await provision(postgres.superuser, PASSWORDS)
    owner = postgres.url("gateway", "gateway_owner", PASSWORDS["gateway_owner"])
    await migrate("gateway", owner)
    connection = await asyncpg.connect(owner)
    tenant = Tenant(id="north", kind="agency", name="North")
    client = Client(id="registrar", roles=(Role.REGISTRAR,))
    shown = await enrol(connection, [Enrolment(tenant=tenant, client=client)])
    await connection.close()
    return postgres, shown["registrar"], folder


SECRETS = ("EMPLOYMENT_SECRET", "PROGRAMME_SECRET", "COURIER_SECRET")


def settings(postgres: Postgres, port: int, to: int) -> dict[str, str]:
    key = throwaway()["audit_key"]
    services = dict.fromkeys(
        ("BENEFICIARIES", "GRANTS", "EMPLOYMENT", "PROGRAMME"), f"http://127.0.0.1:{to}"
    )
    told = services | {
        "DATABASE": postgres.url("gateway", "gateway", PASSWORDS["gateway"]),
        **dict.fromkeys(("TOKEN_KEY", "PASSPORT_KEY", "AUDIT_KEY"), key),
        "ISSUER": f"http://127.0.0.1:{port}",
        **dict.fromkeys(SECRETS, "bench"),
        "WEBHOOK_KEY": throwaway()["webhook_key"],
        "PORT": str(port),
    }
    return {f"GATEWAY_{name}": value for name, value in told.items()}


async def request_with_token(port: int, secret: str) -> bytes:
    async with AsyncClient() as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/token",
            data={"grant_type": "client_credentials"},
            auth=("registrar", secret),
        )
    token = answer.json()["access_token"]
    head = "GET /beneficiaries/places HTTP/1.1\r\nhost: bench\r\n"
    return f"{head}authorization: Bearer {token}\r\n\r\n".encode()


async def compare(seconds: float) -> None:
    async with AsyncExitStack() as stack:
        postgres, secret, folder = await database(stack)
        ports = {"upstream": 18100, "gateway": 18101, "relay": 18102, "nginx": 18103}
        to, me = ports["upstream"], (sys.executable, "-m", "bench.gateway")
        begin = stack.enter_async_context
        await begin(child(*me, "upstream", str(to)))
        told = settings(postgres, ports["gateway"], to)
        await begin(child(sys.executable, "-m", "gateway", **told))
        await begin(child(*me, "relay", str(ports["relay"]), str(to)))
        if not await with_nginx(stack, folder, ports):
            del ports["nginx"]
        for port in ports.values():
            await reachable(port)
        request = await request_with_token(ports["gateway"], secret)
        await report(ports, request, seconds)


async def with_nginx(
    stack: AsyncExitStack, folder: Path, ports: dict[str, int]
) -> bool:
    nginx = shutil.which("nginx")
    if nginx is None:
        return False
    conf = folder / "nginx.conf"
    port, to = ports["nginx"], ports["upstream"]
    conf.write_text(NGINX.format(folder=folder, port=port, to=to))
    await stack.enter_async_context(child(nginx, "-c", str(conf)))
    return True


async def report(ports: dict[str, int], request: bytes, seconds: float) -> None:
    """Measure in alternating rounds, so that a neighbour's noise meets all alike."""
    found: dict[str, list[Figures]] = {name: [] for name in ports}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            found[name].append(await measured(port, request, seconds))
    rates = {}
    for name, rounds in found.items():
        columns = zip(*rounds, strict=True)
        rate, median, high = (statistics.median(column) for column in columns)
        rates[name] = rate
        print(f"{name:10} {rate:8.0f} requests/s   {median:6.2f} / {high:6.2f} ms")
    for peer in ports.keys() - {"gateway", "upstream"}:
        print(f"gateway / {peer}: {rates['gateway'] / rates[peer]:.2f}")


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["upstream", port]:
            asyncio.run(trivial(int(port)))
        case ["relay", port, to]:
            asyncio.run(relay(int(port), int(to)))
        case [seconds]:
            asyncio.run(compare(float(seconds)))
        case _:
            asyncio.run(compare(3.0))


if __name__ == "__main__":
    main(sys.argv[1:])
