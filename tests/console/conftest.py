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


KEY = "01890000-0000-7000-8000-000000000001"
IMPORTS = "/beneficiaries/imports"
REFUSED = "line,reasons,source_id\n3,/sex: no,U-2\n"


def import_(state: str = "received", **counts: Any) -> dict[str, Any]:  # noqa: ANN401 -- any field of an import
    """Show an import as the registry does."""
    named = "rows refused unreadable duplicates recorded unchanged".split()
    none = dict.fromkeys(named, 0)
    shown: dict[str, Any] = {
        "id": KEY,
        "state": state,
        "reason": None,
        "columns": [],
        **none,
    }
    return shown | {"arrived_at": "2026-03-01T10:00:00Z"} | counts


@dataclass
class Door:
    """What the gateway is asked, and what it answers: scripted, else as a good one."""

    url: str = ""
    lifetime: int = 900
    tokens: int = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    kind: str | None = None
    scripted: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)

    def answer(
        self, method: str, path: str, headers: Message, body: bytes
    ) -> tuple[int, Any]:
        if path == "/token":
            return self.issue(headers["authorization"], body)
        if headers["authorization"] != f"Bearer token-{self.tokens}":
            return 401, {"title": "Who is asking could not be established."}
        is_json = headers["content-type"] == "application/json"
        said: Any = json.loads(body) if is_json else body.decode()
        self.asked.append((method, path, said))
        if self.scripted.get(path):
            return self.scripted[path].pop(0)
        return self.imported(method, path, headers["content-type"])

    def imported(self, method: str, path: str, kind: str | None) -> tuple[int, Any]:
        """Take any file, and tell of it step by step, two at each asking."""
        if (method, path.partition("?")[0]) == ("POST", IMPORTS):
            self.kind = kind
            return 201, import_()
        if path.endswith("/events"):
            told, self.steps = self.steps[:2], self.steps[2:]
            lines = (f"data: {json.dumps(one)}\n\n" for one in told)
            return 200, "".join((": ping\n\n", *lines)).encode()
        if path.endswith("/refused"):
            return 200, REFUSED.encode()
        return (204, b"") if method == "POST" else (200, import_("linked"))

    def issue(self, shown: str | None, body: bytes) -> tuple[int, Any]:
        if shown != BASIC:
            return 401, {"error": "invalid_client"}
        assert parse_qs(body.decode()) == {"grant_type": ["client_credentials"]}
        self.tokens += 1
        issued = {"access_token": f"token-{self.tokens}", "token_type": "Bearer"}
        return 200, issued | {"expires_in": self.lifetime}

    @property
    def rows(self) -> list[dict[str, Any]]:
        bodies = (said for _, _, said in self.asked if isinstance(said, dict))
        return [row for said in bodies for row in said["rows"]]


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

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815 -- http.server's names

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
