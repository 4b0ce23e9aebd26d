"""An import goes from state to state: held for duplicates, released, ended, again."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.beneficiaries.imports import api
from services.beneficiaries.imports.likeness import likenesses
from services.beneficiaries.imports.rules import (
    ENDED,
    NEXT,
    NotNow,
    State,
    judged,
    step,
)
from services.beneficiaries.linkage.keys import match_keys
from services.beneficiaries.linkage.traits import traits_of
from services.beneficiaries.particulars import Particulars
from tests.beneficiaries.imports.conftest import Sender, csv, people
from tests.beneficiaries.linkage.people import particulars
from tests.databases import Fresh, ask

SECRET = b"s" * 32


@given(st.sampled_from(State), st.sampled_from(State))
def test_a_step_that_the_table_does_not_name_is_refused(
    state: State, to: State
) -> None:
    if to in NEXT[state]:
        assert step(state, to) is to
        return
    with pytest.raises(NotNow):
        step(state, to)


def test_every_state_can_be_reached_and_can_end() -> None:
    reached = {State.ARRIVING}.union(*NEXT.values())
    assert reached == set(State) == set(NEXT)
    assert {State.ACCEPTED, State.REFUSED, State.CANCELLED} == ENDED
    for state in set(State) - ENDED:
        assert State.CANCELLED in NEXT[state]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_half_or_more_is_held(good: int, duplicates: int) -> None:
    held = judged(good, min(good, duplicates)) is State.HELD
    assert held == (good > 0 and min(good, duplicates) >= good / 2)


@given(particulars)
def test_whoever_is_like_a_row_has_all_the_keys_of_the_likeness(
    somebody: Particulars,
) -> None:
    traits = traits_of(somebody)
    mine = {*match_keys(traits, SECRET)}
    for like in likenesses(traits, lambda given: match_keys(given, SECRET)):
        assert mine.issuperset(like.keys)


TWINS = (
    *("U-1,Mërgim,Prekazi,1990-05-01,,", "U-2,Mergim,Prekazi,1990-05-01,,"),
    *("U-3,Ana,Ilić,1991-01-01,,K12345", "U-4,Besa,Kosumi,,,k-12345"),
)


async def test_a_file_of_which_half_is_doubled_is_held_until_it_is_released(
    unicef: Sender,
) -> None:
    held = await unicef.imported(csv(*TWINS, *people(4, 10)))
    assert (held["state"], held["duplicates"], held["recorded"]) == ("held", 4, 0)
    assert await unicef.registrations() == []
    path = f"/imports/{held['id']}/release"
    assert (await unicef.agency.post(path)).status_code == 204
    assert (await unicef.agency.post(path)).status_code == 409
    done = await unicef.work(held["id"])
    assert (done["state"], done["recorded"]) == ("accepted", 8)


async def test_less_than_half_goes_on(unicef: Sender) -> None:
    done = await unicef.imported(csv(*TWINS, *people(5, 10)))
    assert (done["state"], done["duplicates"]) == ("accepted", 4)


async def test_duplicates_of_one_s_own_registrations_count_and_nobody_else_s_do(
    unicef: Sender, who: Sender
) -> None:
    names = {"given": "Мергим", "family": "Prekazi"}
    born = {"value": "1990-05-01", "precision": "day"}
    papers = [{"kind": "id_card", "number": "K 12345"}]
    await unicef.agency.record(source_id="A", names=names, birth=born, documents=[])
    await unicef.agency.record(source_id="B", documents=papers)
    file = csv(TWINS[0], TWINS[2], *people(2, 10))
    theirs = await who.imported(file)
    assert (theirs["state"], theirs["duplicates"]) == ("accepted", 0)
    mine = await unicef.imported(file)
    assert (mine["state"], mine["duplicates"]) == ("held", 2)


async def test_the_same_file_again_is_the_import_that_it_was(
    unicef: Sender, who: Sender
) -> None:
    file = csv(*people(5))
    first = await unicef.imported(file)
    again = await unicef.send(file)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert len(await unicef.registrations()) == 5
    assert (await who.send(file)).status_code == 201  # theirs is another one


async def test_files_sent_at_one_instant_are_one_import(unicef: Sender) -> None:
    file = csv(*people(5))
    answers = await asyncio.gather(*(unicef.send(file) for _ in range(4)))
    assert len({one.json()["id"] for one in answers}) == 1
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]


async def test_rows_that_are_there_are_unchanged_in_another_file(
    unicef: Sender,
) -> None:
    await unicef.imported(csv(*people(5)))
    done = await unicef.imported(csv(*people(8)))
    counts = (done["state"], done["recorded"], done["unchanged"], done["duplicates"])
    assert counts == ("accepted", 3, 5, 0)
    changed = csv(people(1)[0].replace("U-0,", "U-0,New"), *people(3, 20))
    refused = await unicef.imported(changed)
    assert (refused["recorded"], refused["refused"]) == (3, 1)
    [_, row] = await unicef.refused(refused["id"])
    assert row.startswith("2,Another registration of yours has this source_id")


async def test_an_import_is_its_agency_s_own(unicef: Sender, who: Sender) -> None:
    key = (await unicef.imported(csv(*people(2), "U-9")))["id"]
    absent = await who.agency.get("/imports/00000000-0000-7000-8000-000000000000")
    for path in ("", "/events", "/refused"):
        hidden = await who.agency.get(f"/imports/{key}{path}")
        assert hidden.json() | {"trace": 0} == absent.json() | {"trace": 0}
    for path in ("/release", "/cancellation"):
        assert (await who.agency.post(f"/imports/{key}{path}")).status_code == 404
    assert (await who.agency.get("/imports")).json()["items"] == []


async def test_a_cancelled_import_records_nothing_and_ends(unicef: Sender) -> None:
    held = await unicef.imported(csv(*TWINS))
    path = f"/imports/{held['id']}/cancellation"
    assert (await unicef.agency.post(path)).status_code == 204
    assert (await unicef.agency.post(path)).status_code == 409
    assert (await unicef.work(held["id"]))["state"] == "cancelled"
    assert await unicef.registrations() == []


async def test_what_is_destroyed_opens_nowhere_any_more(
    unicef: Sender, databases: dict[str, Fresh]
) -> None:
    done = await unicef.imported(csv(*people(2), "U-9"))
    key = UUID(done["id"])
    await unicef.refused(done["id"])
    waiting = "select execute_after > now() + interval '50 minutes' from queue.pgqueuer"
    url = databases["beneficiaries"].superuser
    assert await ask(url, f"{waiting} order by id desc limit 1") is True
    await unicef.worker.destroy("unicef", key)
    found = await unicef.read(done["id"])
    assert (found["state"], found["recorded"]) == ("accepted", 2)
    assert found["destroyed_at"] is not None
    assert (await unicef.agency.get(f"/imports/{key}/refused")).status_code == 410
    for table in ("import_piece", "import_batch", "import_refusal"):
        assert await ask(url, f"select count(*) from {table}") == 0
    keys = "select count(*) from registration_key where registration = $1"
    assert await ask(databases["keys"].superuser, keys, key) == 0


async def test_acts_of_an_import_are_on_record(
    unicef: Sender, databases: dict[str, Fresh]
) -> None:
    held = await unicef.imported(csv(*TWINS, "U-9"), purpose="assistance")
    await unicef.agency.post(f"/imports/{held['id']}/release")
    await unicef.work(held["id"])
    await unicef.refused(held["id"])
    connection = await asyncpg.connect(databases["beneficiaries"].superuser)
    rows = await connection.fetch(
        "select act, subject, agency, purpose from audit_entry where target = $1"
        " order by id",
        UUID(held["id"]),
    )
    await connection.close()
    acts = ["begin", "receive", "check", "link", "release", "record", "accept"]
    assert [row["act"] for row in rows] == [
        f"import:{act}" for act in (*acts, "open-refused")
    ]
    assert {(row["subject"], row["agency"]) for row in rows} == {("officer", "unicef")}
    worked = {row["purpose"] for row in rows if row["act"] == "import:record"}
    assert worked == {"assistance"}  # that of the sender, whoever released it


async def test_a_stream_ends_in_its_time_and_only_a_few_watch_at_once(
    unicef: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "WATCHED", 1.0)
    key = (await unicef.imported(csv(*TWINS)))["id"]
    path = f"/imports/{key}/events"
    watching = (unicef.agency.get(path) for _ in range(api.WATCHERS + 1))
    answers = await asyncio.gather(*watching)
    assert sorted(one.status_code for one in answers) == [200] * api.WATCHERS + [503]
    told = [one.text.count("data: ") for one in answers if one.status_code == 200]
    assert told == [1] * api.WATCHERS  # once: nothing has changed meanwhile
    assert (await unicef.agency.get(path)).status_code == 200
