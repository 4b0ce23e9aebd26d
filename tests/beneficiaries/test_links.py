"""Links across agencies: nothing without an agreement, and with one just its level."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.kit.agreements import Agreed, Level, Shared
from services.kit.purposes import Purpose
from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.reviews.pairs import Json, found, judge, somebody, waiting
from tests.databases import Fresh, ask

EXISTS = Agreed("who", Level.EXISTS)
WHO = Agreed("who", Level.WHO)
FIELDS = Agreed("who", Level.FIELDS, frozenset({Shared.NAMES, Shared.PLACE}))
NOTHING: Json = {"items": [], "next": None}


@pytest.fixture
async def linked(
    north: Agency, south: Agency, desk: Agency, databases: dict[str, Fresh]
) -> dict[str, Json]:
    """Let two registrations of the south be one of the north; another is nobody's."""
    recorded = {
        "here": await north.record(**somebody(1)),
        "alone": await north.record(**somebody(2)),
        "there": await south.record(**somebody(3) | {"place": "zvecan"}),
        "again": await south.record(**somebody(4) | {"place": "peja"}),
    }
    for name in ("there", "again"):
        database = databases["beneficiaries"]
        await found(database, north, recorded["here"], recorded[name])
    for review in await waiting(desk):
        await judge(desk, review, "same")
    return recorded


async def links(agency: Agency, *agreed: Agreed) -> Any:  # noqa: ANN401 -- JSON
    reader = agency.by("officer", *agreed, purpose=Purpose.ASSISTANCE)
    answer = await reader.get("/links")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_without_an_agreement_there_is_no_link(
    north: Agency, linked: dict[str, Json]
) -> None:
    assert await links(north) == NOTHING
    assert await links(north, Agreed("undp", Level.WHO)) == NOTHING
    of_one = [
        await north.get(f"/registrations/{linked[name]['id']}/links")
        for name in ("here", "alone")
    ]
    assert of_one[0].content == of_one[1].content == b"[]"
    assert of_one[0].headers == of_one[1].headers


async def test_that_one_exists_is_told_once_however_many_there_are(
    north: Agency, linked: dict[str, Json]
) -> None:
    told = {"agency": "who", "level": "exists", "registration": None, "fields": None}
    expected = {"registration": linked["here"]["id"], "links": [told]}
    assert await links(north, EXISTS) == {"items": [expected], "next": None}


async def test_who_it_is_is_told_by_an_id_of_the_reader_s_own(
    north: Agency, south: Agency, linked: dict[str, Json]
) -> None:
    [item] = (await links(north, WHO))["items"]
    ids = {link["registration"] for link in item["links"]}
    assert len(ids) == 2
    assert ids.isdisjoint(one["id"] for one in linked.values())
    assert ids.isdisjoint(one["person"] for one in linked.values())
    again = (await links(north, WHO))["items"]
    assert again == [item]
    back = (await links(south, Agreed("unicef", Level.WHO)))["items"]
    assert ids.isdisjoint(link["registration"] for one in back for link in one["links"])
    for id_ in ids:
        assert (await north.get(f"/registrations/{id_}")).status_code == 404


async def test_fields_are_those_that_are_listed_and_are_opened_on_record(
    north: Agency, linked: dict[str, Json], databases: dict[str, Fresh]
) -> None:
    [item] = (await links(north, FIELDS))["items"]
    shown = [link["fields"] for link in item["links"]]
    assert {fields["place"] for fields in shown} == {"zvecan", "peja"}
    given = {fields["names"]["given"] for fields in shown}
    assert given == {somebody(n)["names"]["given"] for n in (3, 4)}
    hidden = ("sex", "birth", "address", "phones", "documents")
    assert all(fields[name] is None for fields in shown for name in hidden)
    superuser = databases["beneficiaries"].superuser
    opening = "select details->>'count' from audit_entry where act = 'link:open'"
    assert await ask(superuser, opening) == "2"
    assert linked


async def test_of_two_who_have_the_person_only_the_one_that_agreed_is_told_of(
    north: Agency, desk: Agency, linked: dict[str, Json], databases: dict[str, Fresh]
) -> None:
    before = await links(north, WHO)
    east = Agency(north.client, "undp", north.permissions)
    third = await east.record(**somebody(7))
    await found(databases["beneficiaries"], north, linked["here"], third)
    [review] = await waiting(desk)
    await judge(desk, review, "same")
    assert await links(north, WHO) == before
    told = await links(north, WHO, Agreed("undp", Level.EXISTS))
    agencies = [link["agency"] for link in told["items"][0]["links"]]
    assert agencies == ["undp", "who", "who"]


async def test_a_link_ends_with_its_judgement(
    north: Agency, desk: Agency, linked: dict[str, Json]
) -> None:
    for judgement in (await desk.get("/judgements?verdict=same")).json()["items"]:
        path = f"/judgements/{judgement['id']}/undo"
        await desk.post(path, {"reason": "clerical_error"})
    assert await links(north, FIELDS) == NOTHING
    assert linked


async def test_links_are_read_a_page_of_one_s_own_at_a_time(
    north: Agency, south: Agency, desk: Agency, databases: dict[str, Fresh]
) -> None:
    expected = []
    for number in range(5):
        here = await north.record(**somebody(number))
        there = await south.record(**somebody(number + 10))
        await found(databases["beneficiaries"], north, here, there)
        expected.append(here["id"])
    for review in await waiting(desk):
        await judge(desk, review, "same")
    reader = north.by("officer", EXISTS, purpose=Purpose.ASSISTANCE)
    page = (await reader.get("/links?limit=2")).json()
    seen = [item["registration"] for item in page["items"]]
    while page["next"] is not None:
        page = (await reader.get(f"/links?limit=2&cursor={page['next']}")).json()
        seen += [item["registration"] for item in page["items"]]
    assert seen == sorted(expected)


async def test_who_is_never_matched_has_no_link_and_waits_nowhere(
    north: Agency, south: Agency, desk: Agency
) -> None:
    papers = {
        "documents": [{"kind": "passport", "number": "P7719028", "country": "XK"}]
    }
    await south.record(**somebody(5) | papers)
    hidden = await north.record(**somebody(5) | papers | {"never_match": True})
    assert hidden["findings"] == []
    assert await links(north, FIELDS) == NOTHING
    assert await links(south, Agreed("unicef", Level.FIELDS)) == NOTHING
    assert await waiting(desk) == []


async def test_the_window_gives_no_values_but_of_owners_that_are_named(
    north: Agency, linked: dict[str, Json], databases: dict[str, Fresh]
) -> None:
    """Should the service forget to ask, the database still tells by its own rules."""
    connection = await asyncpg.connect(databases["beneficiaries"].url)
    asked = "select * from linkage.links($1, $2, null, null, 10)"
    try:
        async with connection.transaction():
            await connection.execute(f"set local app.agency = '{north.name}'")
            assert await connection.fetch(asked, [], ["who"]) == []
            rows = await connection.fetch(asked, ["who"], [])
            assert {row["registration"] for row in rows} == {UUID(linked["here"]["id"])}
            assert {row["personal"] for row in rows} == {None}
            assert await connection.fetch(asked, ["unicef"], ["unicef"]) == []
        async with connection.transaction():
            await connection.execute("set local app.agency = 'undp'")
            assert await connection.fetch(asked, ["who"], ["who"]) == []
    finally:
        await connection.close()
