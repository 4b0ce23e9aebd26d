"""What the launcher prints at the end: where to look, and three lines to paste."""

import json
from pathlib import Path
from shlex import quote

from deploy.demo import FIRST
from deploy.processes import HOST

SOMEBODY = {
    "source_id": "pasted-1",
    "names": {"given": "Mërgim", "family": "Prekazi-Lushta"},
    "sex": "male",
    "birth": {"value": "1990-05-01", "precision": "day"},
    "place": "mitrovica-south",
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
            "Obtain a token, record a registration, list registrations:",
            "",
            *lines(gateway, folder),
            "",
            "Ctrl-C stops everything.",
        )
    )


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
