"""Verifications that end, flags that the chosen see, communities that nobody does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from httpx import AsyncClient, Response

from services.beneficiaries.protection.rules import Community as OfPersons
from services.grants.communities.rules import Community
from services.grants.permissions import Grants
from tests.databases import Fresh, ask, execute
from tests.grants.conftest import as_agency, as_organisation

Record = dict[str, Any]
SOON = datetime.now(UTC) + timedelta(days=365)


async def organisation(client: AsyncClient) -> str:
    body = {"name": "NVO Most", "kind": "cso"}
    answer = await client.post("/organisations", json=body, headers=as_agency("unicef"))
    key: str = answer.json()["organisation"]["id"]
    return key


async def act(
    client: AsyncClient, path: str, agency: str = "unicef", **body: object
) -> Response:
    return await client.post(path, json=body, headers=as_agency(agency))


async def listed(client: AsyncClient, path: str, agency: str) -> bytes:
    answer = await client.get(path, headers=as_agency(agency))
    assert answer.status_code == 200, answer.text
    return answer.content


async def verified(client: AsyncClient, key: str) -> Record:
    path = f"/organisations/{key}/verifications"
    begun = (await act(client, path, method="site_visit")).json()
    decision = f"/verifications/{begun['id']}/decision"
    answer = await act(client, decision, status="verified", until=SOON.isoformat())
    body: Record = answer.json()
    return body


async def test_a_verification_is_seen_by_others_once_it_is_verified(
    client: AsyncClient,
) -> None:
    key = await organisation(client)
    path = f"/organisations/{key}/verifications"
    await act(client, path, method="registry_extract")
    assert await listed(client, path, "who") == b"[]"
    await verified(client, key)
    headers = as_agency("who")
    [shared] = (await client.get(path, headers=headers)).json()
    assert (shared["agency"], shared["status"]) == ("unicef", "verified")


async def test_a_verification_expires_by_itself(
    client: AsyncClient, database: Fresh
) -> None:
    key = await organisation(client)
    one = await verified(client, key)
    await execute(
        database.superuser, "update verification set until = now() - interval '1 s'"
    )
    path = f"/organisations/{key}/verifications"
    [shown] = (await client.get(path, headers=as_agency("who"))).json()
    assert shown["status"] == "expired"
    late = await act(client, f"/verifications/{one['id']}/decision", status="revoked")
    assert late.json()["type"] == "urn:uramost:problem:verification-not-ready"


async def test_only_its_own_agency_decides_a_verification(client: AsyncClient) -> None:
    one = await verified(client, await organisation(client))
    decision = f"/verifications/{one['id']}/decision"
    assert (await act(client, decision, "who", status="revoked")).status_code == 404
    revoked = await act(client, decision, status="revoked")
    assert revoked.json()["status"] == "revoked"


async def test_a_flag_is_seen_by_the_chosen_and_leaves_others_no_trace(
    client: AsyncClient,
) -> None:
    key = await organisation(client)
    path = f"/organisations/{key}/flags"
    nothing = await listed(client, path, "undp")
    raised = await act(client, path, concern="fraud", shared_with=["who"])
    assert raised.json()["shared_with"] == ["who"]
    [shared] = (await client.get(path, headers=as_agency("who"))).json()
    assert (shared["concern"], shared["shared_with"]) == ("fraud", None)
    assert await listed(client, path, "undp") == nothing == b"[]"


async def test_whoever_is_left_out_of_a_flag_sees_it_no_more(
    client: AsyncClient,
) -> None:
    key = await organisation(client)
    path = f"/organisations/{key}/flags"
    flag = (await act(client, path, concern="fraud", shared_with=["who"])).json()
    sharing = f"/flags/{flag['id']}/sharing"
    body: Record = {"shared_with": ["undp"]}
    stranger = await client.put(sharing, json=body, headers=as_agency("who"))
    assert stranger.status_code == 404
    await client.put(sharing, json=body, headers=as_agency("unicef"))
    assert await listed(client, path, "who") == b"[]"
    assert await listed(client, path, "undp") != b"[]"


async def test_a_flag_is_lifted_once(client: AsyncClient) -> None:
    key = await organisation(client)
    flag = (await act(client, f"/organisations/{key}/flags", concern="fraud")).json()
    lifting = f"/flags/{flag['id']}/lifting"
    assert (await act(client, lifting)).json()["lifted_at"] is not None
    assert (await act(client, lifting)).status_code == 409


DECLARED = {"led_by": ["serb"], "serves": ["serb", "roma"], "prefers_not_to_say": False}


async def test_an_organisation_declares_for_itself_and_reads_its_own_word(
    client: AsyncClient, database: Fresh
) -> None:
    key = await organisation(client)
    mine = as_organisation(key, Grants.DECLARE_COMMUNITIES)
    said = await client.put("/communities", json=DECLARED, headers=mine)
    assert said.status_code == 204
    read = await client.post("/communities/disclosures", headers=mine)
    assert read.json() == DECLARED
    kept = "select encode(communities, 'escape') from declaration"
    assert "serb" not in str(await ask(database.superuser, kept))
    acts = "select string_agg(act, ' ' order by id) from audit_entry"
    assert str(await ask(database.superuser, acts)).endswith("communities:disclose")


async def test_no_agency_declares_or_reads_what_an_organisation_has_declared(
    client: AsyncClient, database: Fresh
) -> None:
    key = await organisation(client)
    mine = as_organisation(key, Grants.DECLARE_COMMUNITIES)
    await client.put("/communities", json=DECLARED, headers=mine)
    agency = as_agency("unicef")
    put = await client.put("/communities", json=DECLARED, headers=agency)
    read = await client.post("/communities/disclosures", headers=agency)
    assert put.status_code == read.status_code == 403
    assert await ask(database.url, "select count(*) from declaration") == 0
    assert await ask(database.owner, "select count(*) from declaration") == 0


async def test_every_word_is_equally_long_at_rest(
    client: AsyncClient, database: Fresh
) -> None:
    lengths = set()
    for said in ({}, DECLARED, {"led_by": [*Community], "serves": [*Community]}):
        key = await organisation(client)
        mine = as_organisation(key, Grants.DECLARE_COMMUNITIES)
        await client.put("/communities", json=said, headers=mine)
        size = "select length(communities) from declaration where organisation = $1"
        lengths.add(await ask(database.superuser, size, key))
    assert len(lengths) == 1


def test_organisations_declare_the_communities_that_people_do() -> None:
    assert [*Community] == [*OfPersons]
