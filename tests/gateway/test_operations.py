"""The table of operations: what it names is guarded, what it does not name is not."""

from uuid import uuid4

import pytest

from docs.generate import documents
from gateway.openapi import Document
from gateway.policy import POLICY, Role
from gateway.routes import CARRIED, INTERNAL, MATCHER, OPERATIONS, TABLE, Operation
from services.beneficiaries.permissions import Beneficiaries
from tests.gateway.conftest import House

GUARDED = [operation for operation in OPERATIONS if operation.permission is not None]
KEY = "00000000-0000-4000-8000-000000000000"


def asked(operation: Operation) -> tuple[str, str]:
    return operation.method, operation.outside.replace("{key}", KEY)


@pytest.fixture(scope="module")
def described() -> dict[str, Document]:
    return documents()


@pytest.mark.parametrize("service", sorted({*TABLE} - {"gateway"}))
def test_the_table_is_what_the_services_offer(
    service: str, described: dict[str, Document]
) -> None:
    offered = {
        (verb.upper(), path, *next(iter(operation["security"][0].values())))
        for path, item in described[service]["paths"].items()
        for verb, operation in item.items()
        if (service, verb.upper(), path) not in INTERNAL
    }
    assert set(TABLE[service]) == offered


async def test_a_stranger_is_nobody_on_every_operation(house: House) -> None:
    for operation in GUARDED:
        answer = await house.client.request(*asked(operation))
        assert answer.status_code == 401, operation.name
        assert answer.headers["www-authenticate"] == "Bearer"
    assert house.echo.seen == []


@pytest.mark.parametrize("path", ["/token", "/exchange"])
async def test_a_stranger_is_nobody_where_callers_authenticate_themselves(
    path: str, house: House
) -> None:
    answer = await house.client.post(path)
    assert answer.status_code == 401


async def test_a_stranger_does_not_learn_which_operations_exist(house: House) -> None:
    known = await house.client.get("/beneficiaries/registrations")
    unknown = await house.client.get("/beneficiaries/secrets")
    assert (known.status_code, unknown.status_code) == (401, 401)
    bodies = [answer.json() | {"trace": ""} for answer in (known, unknown)]
    assert bodies[0] == bodies[1]


UNNAMED = (
    ("GET", "/"),
    ("GET", "/beneficiaries"),
    ("GET", "/beneficiaries/"),
    ("GET", f"/beneficiaries/persons/of/{KEY}"),
    ("GET", "/beneficiaries/persons/feed"),
    ("GET", "/grants/results/feed"),
    ("GET", "/employment/results/feed"),
    ("GET", "/beneficiaries/health/ready"),
    ("GET", "/beneficiaries/openapi.json"),
    ("DELETE", "/beneficiaries/registrations"),
    ("OPTIONS", "/beneficiaries/registrations"),
    ("GET", "/beneficiaries/registrations/not-a-key"),
    ("GET", f"/beneficiaries/registrations/{KEY}/"),
    ("GET", f"/beneficiaries//registrations/{KEY}"),
    ("GET", f"/beneficiaries/registrations/{KEY}%2fhistory%2f.."),
    ("GET", "/docs/openapi.json"),
    ("GET", "/docs/redoc.standalone.js"),
)


async def test_what_the_table_does_not_name_is_refused(house: House) -> None:
    bearer = await house.bearer(*Role)
    for method, path in UNNAMED:
        answer = await house.client.request(method, path, headers=bearer)
        assert answer.status_code == 404, (method, path)
    assert house.echo.seen == []


async def test_only_the_roles_of_the_policy_get_through(house: House) -> None:
    for role in Role:
        bearer = await house.bearer(role)
        for operation in GUARDED:
            answer = await house.client.request(*asked(operation), headers=bearer)
            let_in = operation.permission in POLICY[role]
            answers = {200, 404, 422} if let_in else {403}  # its own ask for a body
            assert answer.status_code in answers, (role, operation.name)


def test_a_key_is_given_to_the_service_in_its_one_spelling() -> None:
    key = uuid4()
    found = MATCHER.match("GET", f"/grants/organisations/{key.hex.upper()}")
    assert found is not None
    assert (found.path, found.target) == (f"/organisations/{key}", key)


def test_no_direct_passport_carries_what_only_an_exchange_gives() -> None:
    assert Beneficiaries.RESOLVE_PERSONS not in CARRIED["beneficiaries"]
    assert Beneficiaries.RESOLVE_PERSONS in CARRIED["employment"]
