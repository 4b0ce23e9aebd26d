"""A service asks another for the same caller, and for no more than both may do."""

import pytest
from httpx import Response

from gateway.policy import Role
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from tests.gateway.conftest import EXCHANGE_SECRET, House, basic
from tests.gateway.test_identity import claims_of

PATH = "/employment/placements"
FORM = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "audience": "beneficiaries",
}
EMPLOYMENT = {"authorization": basic("employment", EXCHANGE_SECRET)}


async def passport(house: House, *roles: Role, path: str = PATH, **form: str) -> str:
    """Take the passport that a service was shown."""
    bearer = await house.bearer(*roles, **form)
    await house.client.get(path, headers=bearer)
    shown: str = house.echo.seen[-1]["headers"]["authorization"]
    return shown.removeprefix("Bearer ")


async def exchange(house: House, shown: str, **form: str) -> Response:
    data = FORM | {"subject_token": shown} | form
    return await house.client.post("/exchange", data=data, headers=EMPLOYMENT)


async def test_the_caller_stays_the_subject(house: House) -> None:
    shown = await passport(house, Role.PLACEMENT_OFFICER)
    answer = await exchange(house, shown)
    assert answer.status_code == 200
    before, after = claims_of(shown), claims_of(answer.json()["access_token"])
    same = ("sub", "client_id", "agency", "organisation", "roles", "purpose")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert (before["aud"], after["aud"]) == ("employment", "beneficiaries")
    assert after["act"] == {"sub": "employment"}
    assert "act" not in before


async def test_it_carries_what_both_may_do_and_no_more(house: House) -> None:
    for roles, held in {
        (Role.PLACEMENT_OFFICER, Role.REGISTRAR): {
            Beneficiaries.RESOLVE_PERSONS,
            Beneficiaries.READ_REGISTRATIONS,
            Beneficiaries.INTRODUCE_PERSONS,
        },
        (Role.CASEWORKER,): {Beneficiaries.READ_REGISTRATIONS},
    }.items():
        answer = await exchange(house, await passport(house, *roles))
        claims = claims_of(answer.json()["access_token"])
        assert set(claims["permissions"]) == held, roles


async def test_a_narrowed_token_stays_narrow(house: House) -> None:
    scope = f"{Employment.READ_PLACEMENTS} {Beneficiaries.RESOLVE_PERSONS}"
    shown = await passport(house, Role.PLACEMENT_OFFICER, scope=scope)
    answer = await exchange(house, shown)
    claims = claims_of(answer.json()["access_token"])
    assert claims["permissions"] == [Beneficiaries.RESOLVE_PERSONS]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"audience": "gateway"}, "invalid_target"),
        ({"audience": "employment"}, "invalid_target"),
        ({"subject_token_type": "jwt"}, "invalid_request"),
        ({"subject_token": "a.b.c"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_what_is_not_in_the_table_of_exchanges_is_refused(
    form: dict[str, str], error: str, house: House
) -> None:
    shown = await passport(house, Role.PLACEMENT_OFFICER)
    answer = await exchange(house, shown, **form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


async def test_a_service_acts_for_itself_where_no_caller_is_behind_it(
    house: House,
) -> None:
    form = {"grant_type": "client_credentials", "audience": "beneficiaries"}
    answer = await house.client.post("/exchange", data=form, headers=EMPLOYMENT)
    claims = claims_of(answer.json()["access_token"])
    assert claims["permissions"] == [Beneficiaries.FOLLOW_PERSONS]
    assert (claims["sub"], claims["agency"]) == ("employment", "service:employment")
    entry = (await house.entries())[-1]
    assert (entry["subject"], entry["agency"]) == ("employment", "service:employment")


async def test_a_service_acts_for_itself_only_where_the_table_says_so(
    house: House,
) -> None:
    form = {"grant_type": "client_credentials", "audience": "grants"}
    answer = await house.client.post("/exchange", data=form, headers=EMPLOYMENT)
    assert answer.json() == {"error": "invalid_target"}


async def test_a_passport_for_another_service_cannot_be_exchanged(house: House) -> None:
    bearer = await house.bearer(Role.PLACEMENT_OFFICER)
    token = bearer["authorization"].removeprefix("Bearer ")
    path = "/beneficiaries/places"
    other = await passport(house, Role.PLACEMENT_OFFICER, path=path)
    exchanged = await exchange(house, await passport(house, Role.PLACEMENT_OFFICER))
    for shown in (token, other, exchanged.json()["access_token"]):
        answer = await exchange(house, shown)
        assert answer.json() == {"error": "invalid_request"}


@pytest.mark.parametrize(
    "shown",
    [
        basic("employment", "guessed"),
        basic("grants", EXCHANGE_SECRET),
        "Bearer x",
        "Basic !",
    ],
)
async def test_only_the_services_can_exchange(shown: str, house: House) -> None:
    given = await passport(house, Role.PLACEMENT_OFFICER)
    headers = {"authorization": shown}
    data = FORM | {"subject_token": given}
    answer = await house.client.post("/exchange", data=data, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


async def test_an_exchange_is_audited_with_both(house: House) -> None:
    await exchange(house, await passport(house, Role.PLACEMENT_OFFICER))
    entry = (await house.entries())[-1]
    assert (entry["act"], entry["actor"]) == ("POST /exchange", "employment")
    assert entry["agency"] == "north"
    assert entry["details"] == {"decision": "granted", "status": 200}
