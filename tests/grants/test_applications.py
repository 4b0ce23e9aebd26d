from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest

from services.grants.applications.rules import (
    NEXT,
    ApplicationNotReady,
    Place,
    Status,
    move,
    ranked,
)
from tests.databases import Fresh, ask, execute
from tests.grants.world import Two, World, problem, reasons


async def test_a_consortium_across_the_divide_comes_to_its_award(
    world: World, two: Two
) -> None:
    call = await world.call()
    application = await world.submitted(call, *two)
    await world.scored(application, 80)
    [first] = await world.ranked(call)
    assert (first["id"], first["status"], first["rank"]) == (application, "ranked", 1)
    assert (first["score"], first["tied"]) == ("80.0000", False)
    before = await two[0].read(f"/applications/{application}")
    assert (before["score"], before["rank"]) == (None, None)
    await world.awarded(application)
    told = await two[1].read(f"/applications/{application}")
    assert (told["status"], told["score"]) == ("awarded", "80.0000")
    decided = await world.officer().done(f"/calls/{call}/decision")
    assert decided["status"] == "decided"


async def test_a_draft_is_its_consortium_s_alone(world: World, two: Two) -> None:
    call = await world.call()
    application = await world.draft(call, await world.consortium(*two), two[0])
    officer = world.officer()
    for other in (officer, two[1]):
        hidden = await other.get(f"/applications/{application}")
        absent = await other.get(f"/applications/{uuid4()}")
        assert hidden.status_code == 404
        assert hidden.content == absent.content
    await world.signed(application, *two)
    assert (await two[1].get(f"/applications/{application}")).status_code == 200
    assert (await officer.get(f"/applications/{application}")).status_code == 404
    await two[0].done(f"/applications/{application}/submission")
    listed = await officer.get("/applications", call=call)
    assert [one["id"] for one in listed.json()["items"]] == [application]
    other = world.officer("who")
    assert (await other.read("/applications"))["items"] == []
    consortium = (await officer.read("/consortia"))["items"]
    assert len(consortium) == 1


async def test_nothing_is_submitted_that_not_all_have_signed(
    world: World, two: Two
) -> None:
    lead, member = two
    call = await world.call()
    application = await world.draft(call, await world.consortium(*two), lead)
    path = f"/applications/{application}"
    early = await lead.post(f"{path}/submission")
    assert problem(early) == "consortium-not-ready"
    digest = (await lead.done(f"{path}/circulation"))["digest"]
    await lead.done(f"{path}/signature", {"digest": digest})
    assert problem(await lead.post(f"{path}/submission")) == "not-all-signed"
    officer = await world.officer().post(f"{path}/signature", {"digest": digest})
    assert problem(officer) == "not-acting"
    assert problem(await member.post(f"{path}/submission")) == "not-the-lead"
    await member.done(f"{path}/signature", {"digest": digest})
    assert (await lead.done(f"{path}/submission"))["digest"] == digest


async def test_a_changed_draft_is_another_text_and_signed_anew(
    world: World, two: Two
) -> None:
    call = await world.call()
    application = await world.draft(call, await world.consortium(*two), two[0])
    path = f"/applications/{application}"
    digest = await world.signed(application, *two)
    changed = {"title": "Radionica", "amount": "12500.01"}
    assert (await two[0].put(path, changed)).status_code == 200
    text = await two[1].read(f"{path}/text")
    assert (text["digest"] != digest, text["signatures"]) == (True, [])
    assert problem(await two[0].post(f"{path}/submission")) == "not-all-signed"
    late = await two[1].post(f"{path}/signature", {"digest": digest})
    assert problem(late) == "other-terms"


async def test_rules_run_at_submission_and_never_on_drafts(world: World) -> None:
    call = await world.call()
    alike = await world.organisation("serb"), await world.organisation("serb")
    consortium = await world.consortium(*alike)
    application = await world.draft(call, consortium, alike[0])
    await world.signed(application, *alike)
    answer = await alike[0].post(f"/applications/{application}/submission")
    assert (answer.status_code, problem(answer)) == (409, "not-composed")
    expected = ["minimum_communities", "maximum_share_of_community"]
    assert reasons(answer) == expected
    for told in ("serb", alike[0].id, alike[1].id):
        assert told not in answer.text


async def test_attempts_are_capped_and_each_is_on_record(
    world: World, database: Fresh
) -> None:
    call = await world.call(attempts=2)
    alike = await world.organisation("serb"), await world.organisation("serb")
    application = await world.draft(call, await world.consortium(*alike), alike[0])
    await world.signed(application, *alike)
    path = f"/applications/{application}/submission"
    tries = [problem(await alike[0].post(path)) for _ in range(3)]
    assert tries == ["not-composed", "not-composed", "no-attempts-left"]
    told = """select string_agg(details->>'broken', '|') from audit_entry
              where act = 'composition:check'"""
    unmet = "minimum_communities maximum_share_of_community"
    assert await ask(database.superuser, told) == f"{unmet}|{unmet}"
    another = await world.draft(call, await world.consortium(*alike), alike[0])
    await world.signed(another, *alike)
    again = await alike[0].post(f"/applications/{another}/submission")
    assert problem(again) == "no-attempts-left"


async def test_each_organisation_applies_once_also_as_a_co_applicant(
    world: World, two: Two
) -> None:
    call = await world.call()
    first = await world.submitted(call, *two)
    third = await world.organisation("roma")
    second = await world.draft(call, await world.consortium(third, two[1]), third)
    await world.signed(second, third, two[1])
    answer = await third.post(f"/applications/{second}/submission")
    assert reasons(answer) == ["one_application"]
    await two[0].done(f"/applications/{first}/withdrawal")
    await third.done(f"/applications/{second}/submission")


async def test_double_funding_is_one_bit_and_reveals_no_other_award(
    world: World, two: Two, database: Fresh
) -> None:
    priority = uuid4()
    first = await world.granted(await world.call(), *two)
    serves = f"update application set priorities = '{{{priority}}}'"
    await execute(database.superuser, serves)
    call = await world.call("who")
    third = await world.organisation("roma")
    second = await world.draft(call, await world.consortium(third, two[1]), third)
    await execute(database.superuser, f"{serves} where id = '{second}'")
    await world.signed(second, third, two[1])
    answer = await third.post(f"/applications/{second}/submission")
    assert reasons(answer) == ["no_double_funding"]
    for hidden in ("unicef", first, str(priority), two[1].id):
        assert hidden not in answer.text
    ended = f"update application set concluded_at = now() where id = '{first}'"
    await execute(database.superuser, ended)
    await third.done(f"/applications/{second}/submission")


async def test_the_window_answers_nobody_who_does_not_read_the_application(
    world: World, two: Two, database: Fresh
) -> None:
    """It cannot be asked about free organisations, nor about others' consortia."""
    call = await world.call(rules=[])
    application = await world.submitted(call, *two)
    third = await world.organisation("roma")
    await world.submitted(call, third, two[1])
    under = await ask(
        database.superuser, f"select terms from application where id = '{application}'"
    )
    asked = f"select count(*) from composition.obstacles('{application}', '{under}')"
    for reader in ("who", third.id, two[0].id):
        connection = await asyncpg.connect(database.url)
        await connection.execute(f"set app.agency = '{reader}'")
        await connection.execute(f"set app.organisation = '{reader}'")
        seen = await connection.fetchval(asked)
        await connection.close()
        assert seen == (1 if reader == two[0].id else 0)


async def test_the_deadline_itself_is_too_late(
    world: World, two: Two, database: Fresh
) -> None:
    call = await world.call()
    application = await world.draft(call, await world.consortium(*two), two[0])
    await world.signed(application, *two)
    past = datetime.now(UTC) - timedelta(milliseconds=1)
    await execute(database.superuser, f"update call set closes_at = '{past}'")
    late = await two[0].post(f"/applications/{application}/submission")
    assert problem(late) == "not-open"


@pytest.mark.parametrize("amount", ["25000.01", "0", "12.345"])
async def test_an_amount_outside_the_call_is_refused(
    world: World, two: Two, amount: str
) -> None:
    call = await world.call()
    consortium = await world.consortium(*two)
    body = {"call": call, "consortium": consortium["id"], "title": "Ura"}
    answer = await two[0].post("/applications", body | {"amount": amount})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/amount"


async def test_an_appeal_is_made_once_and_decided_by_another(
    world: World, two: Two
) -> None:
    call = await world.call()
    path = f"/applications/{await world.submitted(call, *two)}"
    officer, second = world.officer(), world.officer(subject="second")
    await officer.done(f"{path}/decline")
    assert problem(await two[1].post(f"{path}/appeal")) == "not-the-lead"
    await two[0].done(f"{path}/appeal")
    same = await officer.post(f"{path}/appeal-decision", {"upheld": True})
    assert problem(same) == "decided-by-same"
    upheld = await second.done(f"{path}/appeal-decision", {"upheld": True})
    assert upheld["status"] == "submitted"
    await officer.done(f"{path}/decline")
    assert problem(await two[0].post(f"{path}/appeal")) == "application-not-ready"


async def test_a_dismissed_appeal_ends_the_application(world: World, two: Two) -> None:
    call = await world.call()
    path = f"/applications/{await world.submitted(call, *two)}"
    await world.officer().done(f"{path}/decline")
    await two[0].done(f"{path}/appeal")
    second = world.officer(subject="second")
    ended = await second.done(f"{path}/appeal-decision", {"upheld": False})
    assert ended["status"] == "declined"
    await world.officer().done(f"/calls/{call}/closing")
    await world.officer().done(f"/calls/{call}/decision")


async def test_the_process_itself_can_rewrite_no_signature_and_no_trial(
    world: World, two: Two, database: Fresh
) -> None:
    await world.submitted(await world.call(), *two)
    for statement in (
        "update signature set subject = 'x'",
        "delete from signature",
        "delete from attempt",
        "update attempt set passed = true",
        "delete from application",
        "update document set sha256 = ''",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(database.url, statement)
    for table in ("application", "signature", "attempt", "document", "assessment"):
        for role in (database.url, database.owner):
            assert await ask(role, f"select count(*) from {table}") == 0


def test_equal_scores_share_a_rank_and_say_so() -> None:
    ids = [uuid4() for _ in range(4)]
    scores = dict(zip(ids, map(Decimal, ("80", "75", "80.0000", "60")), strict=True))
    places = {one.application: one for one in ranked(scores)}
    found = [(places[one].rank, places[one].tied) for one in ids]
    assert found == [(1, True), (3, False), (1, True), (4, False)]
    assert ranked({}) == []
    assert ranked({ids[0]: Decimal(1)}) == [Place(ids[0], 1, tied=False)]


@pytest.mark.parametrize("current", Status)
def test_a_status_is_followed_by_those_of_the_table_alone(current: Status) -> None:
    assert NEXT.keys() == set(Status)
    for wanted in Status:
        if wanted in NEXT[current]:
            assert move(current, wanted) is wanted
        else:
            with pytest.raises(ApplicationNotReady):
                move(current, wanted)
