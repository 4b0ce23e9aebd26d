"""What the launcher prints at the end: where to look, who to be, what to paste."""

import json
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from deploy.demo import FIRST, enrolments
from deploy.processes import HOST
from gateway.policy import Role

SOMEBODY = {
    "source_id": "pasted-1",
    "names": {"given": "Mërgim", "family": "Prekazi-Lushta"},
    "sex": "male",
    "birth": {"value": "1990-05-01", "precision": "day"},
    "place": "mitrovica-south",
}
# Whom the programme's play has enrolled besides.
PLAYED = {
    Role.APPLICANT: "ura-e-re-demo",
    Role.ASSESSOR: "undp-assessor-one",
    Role.FINANCE_OFFICER: "undp-finance-officer",
}
PICK = r"""sed -E 's/.*"access_token": ?"([^"]+)".*/\1/'"""


def invitation(port: int, folder: Path) -> str:
    """Write the addresses and three `curl` lines that work as they stand."""
    gateway = f"http://{HOST}:{port}"
    return "\n".join(
        (
            f"Gateway        {gateway}",
            f"Documentation  {gateway}/docs",
            f"Demo clients   {folder} (a file each, with its secret)",
            "",
            "Who can do what (docs/access.md), by a client that does:",
            "",
            *roles(folder),
            "",
            "Obtain a token, record a registration, list registrations:",
            "",
            *lines(gateway, folder),
            "",
            "Ctrl-C stops everything.",
        )
    )


def roles(folder: Path) -> Iterator[str]:
    """Name for each role a client that holds it, as far as there are any here."""
    known = dict(PLAYED)
    for one in enrolments():
        for role in one.client.roles if one.client else ():
            known.setdefault(role, one.client.id if one.client else "")
    for role, client in sorted(known.items()):
        if (folder / client).exists():
            yield f"  {role:<20}{client}"


def lines(gateway: str, folder: Path) -> tuple[str, str, str]:
    """Three lines for a shell; `quote` because a path may have spaces."""
    registrations = f"{gateway}/beneficiaries/registrations"
    bearer = '-H "authorization: Bearer $token"'
    json_ = "-H 'content-type: application/json'"
    body = quote(json.dumps(SOMEBODY, ensure_ascii=False))
    secret = f'"{FIRST}:$(cat {quote(str(folder / FIRST))})"'
    curl = r"curl -s -w '\n'"
    asking = f"curl -s -u {secret} -d grant_type=client_credentials {gateway}/token"
    return (
        f"token=$({asking} | {PICK})",
        f"{curl} {bearer} {json_} -d {body} {registrations}",
        f"{curl} {bearer} {registrations}",
    )
