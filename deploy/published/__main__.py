"""Enters what was published of the programme: once, however often it is run.

`python -m deploy.published GATEWAY CLIENT < SECRET`; the client is one that holds the
role of a programme officer, its secret comes from standard input.
"""

import sys
from pathlib import Path
from typing import Final

import httpx

HERE: Final = Path(__file__).parent


def enter(http: httpx.Client, client: str, secret: str) -> dict[str, int]:
    """Enter every document that is here; tell how much of it was new."""
    granted = http.post(
        "/token", data={"grant_type": "client_credentials"}, auth=(client, secret)
    )
    granted.raise_for_status()
    bearer = {"authorization": f"Bearer {granted.json()['access_token']}"}
    entered: dict[str, int] = {}
    for document in sorted(HERE.glob("*.json")):
        answer = http.post(
            "/programme/publications",
            content=document.read_bytes(),
            headers=bearer | {"content-type": "application/json"},
        )
        answer.raise_for_status()
        for kind, count in answer.json().items():
            entered[kind] = entered.get(kind, 0) + count
    return entered


def main() -> None:
    if len(sys.argv) != 3:  # noqa: PLR2004 -- the command and its two arguments
        sys.exit("Usage: python -m deploy.published GATEWAY CLIENT < SECRET")
    gateway, client = sys.argv[1:]
    try:
        with httpx.Client(base_url=gateway, timeout=60, trust_env=False) as http:
            entered = enter(http, client, sys.stdin.read().strip())
    except httpx.HTTPError as failure:
        sys.exit(f"Nothing was entered: {type(failure).__name__}.")
    told = ", ".join(f"{count} {kind}" for kind, count in entered.items())
    sys.stdout.write(f"Entered: {told}.\n")


if __name__ == "__main__":
    main()
