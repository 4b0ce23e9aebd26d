"""Tenants and clients are enrolled by the owner; a secret is shown once."""

import asyncio
import json
import os
import sys
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import ValidationError

from gateway.enrolment import Enrolment
from gateway.policy import Role
from tests.databases import Freshly
from tests.gateway.conftest import House

DEMO: dict[str, Any] = {
    "tenant": {"id": "unicef", "kind": "agency", "name": "UNICEF"},
    "client": {"id": "unicef-demo", "roles": ["registrar"], "purposes": []},
}


async def enrolment(url: str, *enrolments: dict[str, Any]) -> tuple[int, str, str]:
    """Run the command as the launcher does."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.enrolment"),
        env={**os.environ, "GATEWAY_OWNER_DATABASE": url},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(json.dumps(enrolments).encode())
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_shows_a_secret_once(fresh: Freshly) -> None:
    database = await fresh("gateway")
    status, out, _ = await enrolment(database.owner, DEMO)
    assert status == 0
    shown = json.loads(out)
    assert len(shown["unicef-demo"]) == 43  # 256 bits
    status, out, _ = await enrolment(database.owner, DEMO)
    assert (status, json.loads(out)) == (0, {})


async def test_a_mistake_enrols_nobody_and_is_named(fresh: Freshly) -> None:
    database = await fresh("gateway")
    wrong = DEMO | {"client": DEMO["client"] | {"roles": ["superuser"]}}
    status, out, err = await enrolment(database.owner, DEMO, wrong)
    assert (status, out) == (1, "")
    assert "client.roles" in err
    assert "superuser" not in err
    owner = await asyncpg.connect(database.owner)
    assert await owner.fetchval("select count(*) from tenant") == 0
    await owner.close()


@pytest.mark.parametrize(
    ("kind", "organisation", "enrolled"),
    [
        ("organisation", str(UUID(int=1)), True),
        ("organisation", "unicef", False),
        ("agency", str(UUID(int=1)), False),
        ("desk", str(UUID(int=1)), False),
        ("agency", None, True),
    ],
)
def test_only_an_organisation_s_own_tenant_acts_for_it(
    kind: str,
    organisation: str | None,
    enrolled: bool,  # noqa: FBT001 -- a case
) -> None:
    wanted = {
        "tenant": DEMO["tenant"] | {"kind": kind},
        "client": DEMO["client"] | {"organisation": organisation},
    }
    with nullcontext() if enrolled else pytest.raises(ValidationError):
        Enrolment.model_validate(wanted)


async def test_the_gateway_itself_cannot_enrol(fresh: Freshly) -> None:
    database = await fresh("gateway")
    status, _, err = await enrolment(database.url, DEMO)
    assert (status, "InsufficientPrivilege" in err) == (1, True)


async def test_a_secret_is_nowhere_in_the_database(house: House) -> None:
    secret = await house.enrol("registrar", Role.REGISTRAR)
    row = await house.owner.fetchrow("select * from client")
    assert secret not in str(dict(row))


async def test_an_existing_client_keeps_its_secret_and_gets_its_new_roles(
    house: House,
) -> None:
    secret = await house.enrol("somebody", Role.REGISTRAR)
    assert await house.enrol("somebody", Role.AUDITOR) == secret
    assert await house.token("somebody")
    roles = await house.owner.fetchval("select roles from client")
    assert roles == ["auditor"]


async def test_only_roles_that_exist_can_be_stored(house: House) -> None:
    await house.enrol("somebody", Role.REGISTRAR)
    with pytest.raises(asyncpg.CheckViolationError):
        await house.owner.execute("update client set roles = '{superuser}'")
    await house.owner.execute("update client set roles = $1", [*Role])


def test_no_tenant_has_an_id_that_may_be_taken_for_an_organisation() -> None:
    wanted = {"tenant": DEMO["tenant"] | {"id": str(UUID(int=1))}}
    with pytest.raises(ValidationError):
        Enrolment.model_validate(wanted)
