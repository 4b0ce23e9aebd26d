"""A small real gateway for the console, and the console itself."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from typer.testing import CliRunner, Result

from console.app import app

BASIC = "Basic dW5pY2VmOnNlc2FtZQ=="  # unicef:sesame
REASON = "/names/given: String should have at most 200 characters"


def outcome(row: dict[str, Any]) -> dict[str, Any]:
    """Refuse whoever is called so, as the registry would; record the others."""
    if row["names"].get("given") == "Refused":
        return {"outcome": "refused", "registration": None, "reasons": [REASON]}
    warnings = ["kept as written"] if "as_written" in row.get("birth", {}) else []
    return {"outcome": "recorded", "warnings": warnings}


@dataclass
class Door:
    """What the gateway is asked, and what it answers: scripted, else as a good one."""

    url: str = ""
    lifetime: int = 900
    tokens: int = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    scripted: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: int = 0
    most_under_way: int = 0
    meeting: threading.Barrier | None = None

    def answer(
        self, method: str, path: str, headers: Message, body: bytes
    ) -> tuple[int, Any]:
        if path == "/token":
            return self.issue(headers["authorization"], body)
        if headers["authorization"] != f"Bearer token-{self.tokens}":
            return 401, {"title": "Who is asking could not be established."}
        said: Any = json.loads(body) if body else {"rows": []}
        with self.lock:
            self.asked.append((method, path, said))
            if self.scripted.get(path):
                return self.scripted[path].pop(0)
        if self.meeting is not None:
            self.meeting.wait(10)
        return 200, [outcome(row) for row in said["rows"]]

    def issue(self, shown: str | None, body: bytes) -> tuple[int, Any]:
        if shown != BASIC:
            return 401, {"error": "invalid_client"}
        assert parse_qs(body.decode()) == {"grant_type": ["client_credentials"]}
        self.tokens += 1
        issued = {"access_token": f"token-{self.tokens}", "token_type": "Bearer"}
        return 200, issued | {"expires_in": self.lifetime}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for _, _, said in self.asked for row in said["rows"]]


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            status, said = door.answer(self.command, self.path, self.headers, body)
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = handle_any  # noqa: N815 -- http.server's names

        def log_message(self, *_: object) -> None:
            """Keep the tests' output to the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    door.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield door
    server.shutdown()
    thread.join()
    server.server_close()


Run = Callable[..., Result]


@pytest.fixture
def run(door: Door) -> Run:
    def run(*words: str | Path, **changed: str) -> Result:
        settings = {
            "URAMOST_GATEWAY": door.url,
            "URAMOST_CLIENT": "unicef",
            "URAMOST_SECRET": "sesame",
        }
        environment = settings | changed
        return CliRunner().invoke(app, [str(word) for word in words], env=environment)

    return run
