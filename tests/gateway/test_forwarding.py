"""A request reaches its service as vouched for, and its answer comes back."""

from gateway.policy import Role
from tests.gateway.conftest import House


async def test_a_request_is_forwarded_without_the_services_prefix(house: House) -> None:
    bearer = await house.bearer(Role.REGISTRAR)
    answer = await house.client.post(
        "/beneficiaries/registrations/search?limit=5", json={"x": 1}, headers=bearer
    )
    assert answer.status_code == 200
    told = answer.json()
    assert (told["method"], told["path"]) == ("POST", "/registrations/search")
    assert told["query"] == "limit=5"
    assert told["length"] == len(b'{"x":1}')
