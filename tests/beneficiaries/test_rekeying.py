"""When the scheme of match keys changes, every registration moves, agency by agency."""

import json
from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI

from services.beneficiaries.linkage import rekeying
from services.beneficiaries.linkage.counting import count_once
from services.beneficiaries.linkage.keys import SCHEME
from services.beneficiaries.linkage.models import traits_place
from services.beneficiaries.linkage.traits import Traits
from services.kit.sealing import Personal
from tests.beneficiaries.conftest import Agency
from tests.beneficiaries.test_imports import sent, somebody
from tests.databases import Fresh, ask

KEYS = "select array_agg(key order by key) from match_key where agency = $1"
SCHEMES = "select array_agg(distinct scheme) from trait where agency = $1"


@pytest.fixture
def url(databases: dict[str, Fresh]) -> str:
    return databases["beneficiaries"].superuser


async def outdate(url: str) -> None:
    """Leave everybody as an older scheme would have: with keys that hit nobody."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("update trait set scheme = 0")
        await connection.execute("delete from match_key")
        await connection.execute(
            "insert into match_key (key, registration, agency)"
            " select hashtextextended(registration::text, 7), registration, agency"
            " from trait"
        )
        await connection.execute("delete from judgement")
        await connection.execute(
            "update membership set component = registration, person = registration,"
            " own = registration"
        )
    finally:
        await connection.close()


async def step(agency: Agency) -> dict[str, int]:
    answer = await agency.post("/linkage/rekey")
    assert answer.status_code == 200, answer.text
    moved: dict[str, int] = answer.json()
    return moved


async def test_nothing_is_moved_where_all_is_of_the_newest_scheme(
    north: Agency, url: str
) -> None:
    await north.record()
    before = await ask(url, KEYS, "unicef")
    assert await step(north) == {"moved": 0, "found": 0, "left": 0}
    assert await ask(url, KEYS, "unicef") == before


async def test_all_are_moved_to_the_keys_they_would_be_recorded_with(
    north: Agency, url: str
) -> None:
    await north.record()
    await sent(north, *(somebody(n) for n in range(20)))
    before = await ask(url, KEYS, "unicef")
    await outdate(url)
    assert await ask(url, KEYS, "unicef") != before
    assert await step(north) == {"moved": 21, "found": 0, "left": 0}
    assert await ask(url, KEYS, "unicef") == before
    assert await ask(url, SCHEMES, "unicef") == [SCHEME]


async def test_pairs_are_found_again_also_across_agencies(
    north: Agency, south: Agency, desk: Agency, url: str
) -> None:
    here, there = await north.record(), await south.record()
    await outdate(url)
    assert (await step(north))["found"] == 0  # the other one's keys are still old
    assert (await step(south))["found"] == 0  # nobody is told that there is a pair
    [judgement] = (await desk.get("/judgements")).json()["items"]
    assert {judgement["low"], judgement["high"]} == {here["id"], there["id"]}
    keys = [
        (await agency.get(f"/persons/of/{one['id']}")).json()["person"]
        for agency, one in ((north, here), (south, there))
    ]
    assert keys[0] == keys[1]


async def test_a_step_touches_the_caller_s_own_alone(
    north: Agency, south: Agency, url: str
) -> None:
    await north.record()
    await south.record()
    await outdate(url)
    before = await ask(url, KEYS, "who")
    assert (await step(north))["left"] == 0
    assert await ask(url, SCHEMES, "who") == [0]
    assert await ask(url, KEYS, "who") == before


async def test_many_are_moved_step_by_step(
    north: Agency, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekeying, "ONCE", 4)
    await sent(north, *(somebody(n) for n in range(10)))
    before = await ask(url, KEYS, "unicef")
    await outdate(url)
    steps = [await step(north) for _ in range(4)]
    assert [one["moved"] for one in steps] == [4, 4, 2, 0]
    assert [one["left"] for one in steps] == [6, 2, 0, 0]
    assert await ask(url, KEYS, "unicef") == before


def die(*_: object) -> None:
    """End where all is moved and nothing committed."""
    raise KeyboardInterrupt


async def test_a_step_that_dies_has_moved_nothing_and_the_next_moves_all(
    north: Agency, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sent(north, *(somebody(n) for n in range(5)))
    await outdate(url)
    before = await ask(url, KEYS, "unicef")
    with monkeypatch.context() as dying:
        dying.setattr(rekeying, "opening", die)
        with pytest.raises(KeyboardInterrupt):
            await step(north)
    assert await ask(url, SCHEMES, "unicef") == [0]
    assert await ask(url, KEYS, "unicef") == before
    assert await step(north) == {"moved": 5, "found": 0, "left": 0}


async def test_a_withdrawn_registration_is_left_in_peace(
    north: Agency, url: str
) -> None:
    recorded = await north.record()
    await north.post(f"/registrations/{recorded['id']}/withdrawal")
    await outdate(url)
    assert await step(north) == {"moved": 0, "found": 0, "left": 0}


async def test_never_match_stays_without_a_key(north: Agency, url: str) -> None:
    await north.record(never_match=True)
    await outdate(url)
    assert (await step(north))["moved"] == 1
    assert await ask(url, KEYS, "unicef") is None


async def test_every_step_is_one_entry_of_the_audit(north: Agency, url: str) -> None:
    await sent(north, *(somebody(n) for n in range(3)))
    await outdate(url)
    await step(north)
    said = "select details::text from audit_entry where act = 'linkage:rekey'"
    details = json.loads(str(await ask(url, said)))
    assert details.keys() == {"purpose", "code", "count", "root"}
    assert (details["purpose"], details["count"]) == ("linkage", 3)


async def test_a_judgement_of_a_reviewer_outlives_the_rekeying(
    north: Agency, url: str
) -> None:
    first, second = await north.record(), await north.record()
    [judgement] = (await north.get("/judgements")).json()["items"]
    body = {"verdict": "different", "reason": "person_met"}
    await north.post(f"/judgements/{judgement['id']}/revision", body)
    await ask(url, "with x as (update trait set scheme = 0) select 1")
    await step(north)
    [standing] = (await north.get("/judgements")).json()["items"]
    assert standing["verdict"] == "different"
    persons = [
        (await north.get(f"/registrations/{one['id']}")).json()["person"]
        for one in (first, second)
    ]
    assert persons[0] != persons[1]


LINK = """
with ends as (
    select least($1::uuid, $2::uuid) as low, greatest($1, $2) as high
), joined as (
    update membership m set component = ends.low, person = ends.low,
        own = case when $3 = 'registry-desk' then m.own else ends.low end
    from ends where m.registration in (ends.low, ends.high)
)
insert into judgement (id, low, high, audience, verdict, made_by, weight, evidence)
select gen_random_uuid(), low, high, $3, 'same', 'matcher', 20, '[]' from ends
returning id
"""
STANDS = "select superseded_at is null from judgement where id = $1"
PERSONS = "select count(distinct person) from membership"


async def test_a_link_by_the_old_folds_ends_once_both_have_moved(
    north: Agency, south: Agency, url: str
) -> None:
    """What was the same name once and is no longer: no key leads to it any more."""
    here, _ = await sent(north, somebody(1), somebody(2))
    [there] = await sent(south, somebody(3))
    ends = UUID(here["registration"]), UUID(there["registration"])
    link = await ask(url, LINK, *ends, "registry-desk")
    await ask(url, "with x as (update trait set scheme = 0) select 1")
    assert await ask(url, PERSONS) == 2
    await step(north)
    assert await ask(url, STANDS, link) is True
    await step(south)
    assert await ask(url, STANDS, link) is False
    assert await ask(url, PERSONS) == 3


async def test_a_link_that_the_new_folds_find_too_stands(
    north: Agency, url: str
) -> None:
    await north.record()
    await north.record()
    [before] = (await north.get("/judgements")).json()["items"]
    await ask(url, "with x as (update trait set scheme = 0) select 1")
    await step(north)
    [after] = (await north.get("/judgements")).json()["items"]
    assert after == before
    assert await ask(url, PERSONS) == 1


async def test_the_census_counts_who_moved_under_the_new_fold(
    app: FastAPI, north: Agency, url: str
) -> None:
    [recorded] = await sent(north, somebody(1))
    id_, matcher = UUID(recorded["registration"]), app.state.registrar.matcher
    key = (await matcher.keyring.fetch([id_]))[id_]
    sealed = await ask(url, "select traits from trait")
    assert isinstance(sealed, bytes)
    now = Traits.from_bytes(key.open(Personal(sealed), traits_place(id_)))
    before = key.seal(replace(now, given=("mergymi",)).to_bytes(), traits_place(id_))
    old = "with x as (update trait set scheme = 0, traits = $1) select 1"
    await ask(url, old, before)
    await ask(url, "with x as (update membership set since = '2020-01-01') select 1")
    await count_once(app.state.database, matcher)
    assert matcher.census.names.given == {"mergymi": 1}
    await step(north)
    await count_once(app.state.database, matcher)
    given = {name for name, many in matcher.census.names.given.items() if many}
    assert given == set(now.given[:1])
