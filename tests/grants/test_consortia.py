import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import ValidationError

from services.grants.consortia.rules import ANSWERS, NEXT, Answer, Proposal, State
from tests.databases import Fresh, ask, execute
from tests.grants.world import Organisation, World, terms

Three = tuple[Organisation, Organisation, Organisation]


@pytest.fixture
async def three(world: World) -> Three:
    return (
        await world.organisation("albanian"),
        await world.organisation("serb"),
        await world.organisation("roma"),
    )


async def formed(*members: Organisation) -> Any:  # noqa: ANN401 -- JSON
    return await members[0].done("/consortia", {"title": "Ura", **terms(*members)})


def answers(consortium: Any) -> list[str]:  # noqa: ANN401 -- JSON
    return sorted(one["answer"] for one in consortium["terms"][-1]["members"])


async def test_terms_are_agreed_when_each_has_signed_for_itself(
    world: World, three: Three
) -> None:
    consortium = await formed(*three)
    assert consortium["terms"][0]["state"] == "proposed"
    assert answers(consortium) == ["invited"] * 3
    agreed = await world.accepted(consortium, *three)
    assert agreed["terms"][0]["state"] == "agreed"
    for one in three:
        assert await one.read(f"/consortia/{consortium['id']}") == agreed
    history = await three[0].read(f"/consortia/{consortium['id']}/history")
    said = [one["what"] for one in history["items"]]
    assert sorted(said) == sorted(["invited", "accepted"] * 3 + ["agreed"])


async def test_nobody_accepts_for_another(world: World, three: Three) -> None:
    lead, member, stranger = three
    consortium = await formed(lead, member)
    newest = consortium["terms"][0]
    said = {"terms": newest["id"], "digest": newest["digest"]}
    path = f"/consortia/{consortium['id']}/acceptance"
    officer = await world.officer().post(path, said)
    assert officer.json()["type"] == "urn:uramost:problem:not-acting"
    assert (await stranger.post(path, said)).status_code == 404
    await lead.done(path, said)
    read = await member.read(f"/consortia/{consortium['id']}")
    assert answers(read) == ["accepted", "invited"]


async def test_a_consortium_is_hidden_from_whoever_was_not_asked(
    world: World, three: Three
) -> None:
    lead, member, stranger = three
    consortium = await formed(lead, member)
    for other in (stranger, world.officer()):
        hidden = await other.get(f"/consortia/{consortium['id']}")
        absent = await other.get(f"/consortia/{uuid4()}")
        assert hidden.status_code == 404
        assert hidden.content == absent.content
        assert (await other.read("/consortia"))["items"] == []


async def test_who_is_asked_later_does_not_see_what_was_offered_before(
    three: Three,
) -> None:
    lead, member, third = three
    consortium = await formed(lead, member)
    path = f"/consortia/{consortium['id']}"
    await lead.done(f"{path}/terms", terms(lead, third))
    assert [one["number"] for one in (await third.read(path))["terms"]] == [2]
    assert [one["number"] for one in (await member.read(path))["terms"]] == [1]
    history = (await member.read(f"{path}/history"))["items"]
    assert [one["what"] for one in history][-2:] == ["lapsed", "replaced"]


async def test_changed_terms_void_every_acceptance(three: Three) -> None:
    lead, member, _ = three
    consortium = await formed(lead, member)
    first = consortium["terms"][0]
    said = {"terms": first["id"], "digest": first["digest"]}
    path = f"/consortia/{consortium['id']}"
    await lead.done(f"{path}/acceptance", said)
    proposal = terms(lead, member, shares="60.00 40.00")
    changed = await lead.done(f"{path}/terms", proposal)
    assert [one["state"] for one in changed["terms"]] == ["lapsed", "proposed"]
    assert answers(changed) == ["invited"] * 2
    late = await member.post(f"{path}/acceptance", said)
    assert late.json()["type"] == "urn:uramost:problem:consortium-not-ready"
    newest = changed["terms"][1]
    crossed = {"terms": newest["id"], "digest": first["digest"]}
    other = await member.post(f"{path}/acceptance", crossed)
    assert other.json()["type"] == "urn:uramost:problem:other-terms"


async def test_who_refuses_is_replaced(world: World, three: Three) -> None:
    lead, unwilling, willing = three
    consortium = await formed(lead, unwilling)
    path = f"/consortia/{consortium['id']}"
    said = {"terms": consortium["terms"][0]["id"]}
    refused = await unwilling.done(f"{path}/refusal", said)
    assert refused["terms"][0]["state"] == "refused"
    again = await lead.done(f"{path}/terms", terms(lead, willing))
    agreed = await world.accepted(again, lead, willing)
    assert agreed["terms"][-1]["state"] == "agreed"


async def test_a_member_leaves_and_the_terms_are_left(
    world: World, three: Three
) -> None:
    consortium = await world.consortium(*three)
    path = f"/consortia/{consortium['id']}"
    left = await three[2].done(f"{path}/withdrawal")
    assert left["terms"][0]["state"] == "left"
    assert (await three[2].post(f"{path}/withdrawal")).status_code == 409


async def test_only_the_lead_proposes_and_stays_the_lead(three: Three) -> None:
    lead, member, third = three
    consortium = await formed(lead, member)
    path = f"/consortia/{consortium['id']}/terms"
    for speaker, proposal in (
        (member, terms(lead, member, third)),
        (lead, terms(third, lead)),
    ):
        answer = await speaker.post(path, proposal)
        assert answer.json()["type"] == "urn:uramost:problem:not-the-lead"
    own = await member.post("/consortia", {"title": "Most", **terms(lead, member)})
    assert own.json()["type"] == "urn:uramost:problem:not-the-lead"


@pytest.mark.parametrize(
    "change",
    [
        {"share": "49.99"},
        {"share": 50},
        {"share": "0"},
        {"role": "lead"},
        {"role": "owner"},
        {"organisation": str(UUID(int=1))},
    ],
)
def test_terms_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    lead, member = str(UUID(int=1)), str(UUID(int=2))
    first = {"organisation": lead, "role": "lead", "share": "50.00"}
    second = {"organisation": member, "role": "co_applicant", "share": "50.00"}
    Proposal.model_validate_json(json.dumps({"members": [first, second]}))
    with pytest.raises(ValidationError):
        Proposal.model_validate_json(json.dumps({"members": [first, second | change]}))


async def test_an_organisation_that_nobody_recorded_is_not_asked(three: Three) -> None:
    proposal = terms(*three[:2])
    proposal["members"][1]["organisation"] = str(uuid4())
    answer = await three[0].post("/consortia", {"title": "Ura", **proposal})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/members/1"


async def test_two_last_answers_at_one_instant_agree_once(
    three: Three, database: Fresh
) -> None:
    consortium = await formed(*three)
    newest = consortium["terms"][0]
    said = {"terms": newest["id"], "digest": newest["digest"]}
    path = f"/consortia/{consortium['id']}/acceptance"
    given = await asyncio.gather(*(one.post(path, said) for one in three))
    assert {one.status_code for one in given} == {200}
    agreed = "select count(*) from consortium_event where what = 'agreed'"
    assert await ask(database.superuser, agreed) == 1


async def test_an_acceptance_is_who_when_and_exactly_what(
    world: World, three: Three, database: Fresh
) -> None:
    await world.consortium(*three)
    signed = """
        select count(*) from member m join terms t on t.id = m.terms
        where m.digest = t.digest and m.answered_by = 'director'
        and m.answered_through like 'org-%' and m.answered_at <= now()
    """
    assert await ask(database.superuser, signed) == 3


async def test_the_process_itself_can_rewrite_no_signature_and_no_history(
    world: World, three: Three, database: Fresh
) -> None:
    await world.consortium(*three)
    for statement in (
        "update member set share = 1",
        "update consortium_event set what = 'refused'",
        "delete from member",
        "delete from consortium_event",
        "update terms set digest = ''",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(database.url, statement)
    for table in ("consortium", "terms", "member", "consortium_event"):
        for role in (database.url, database.owner):
            assert await ask(role, f"select count(*) from {table}") == 0


def test_every_state_has_its_row_in_the_table() -> None:
    assert NEXT.keys() == set(State)
    assert ANSWERS.keys() == set(Answer)
