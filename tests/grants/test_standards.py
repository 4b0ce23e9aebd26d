"""What an agency publishes, what stays inside, and what it takes in from others."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from httpx import Response

from services.grants.permissions import Grants
from services.grants.standards import actions
from tests.databases import Fresh, ask
from tests.grants.published import (
    activities_in,
    grants_in,
    wrong_as_giving,
    wrong_as_iati,
)
from tests.grants.speaking import as_agency, as_organisation
from tests.grants.world import ACROSS, Json, Organisation, World

GIVING, IATI = "/standards/360giving", "/standards/iati"
UNICEF = {"reference": "XM-DAC-41122", "name": "UNICEF"}
CANARY = "Kanarinjo"
PLAN = {
    "kind": "economic_development",
    "titles": {"sq": "Plani", "en": "The plan"},
    "municipalities": ["zvecan"],
    "starts_on": "2026-01-01",
    "ends_on": "2028-12-31",
}


@pytest.fixture
async def pair(world: World) -> tuple[Organisation, Organisation]:
    """Give two organisations of two communities, and let unicef be a publisher."""
    await world.officer().put("/standards/publisher", UNICEF)
    return (
        await world.organisation(ACROSS[0], name="Ura", municipality="mitrovica-south"),
        await world.organisation(
            ACROSS[1], name="Мост", municipality="mitrovica-north"
        ),
    )


async def priority(world: World) -> str:
    officer = world.officer()
    at = f"/plans/{(await officer.done('/plans', PLAN))['id']}"
    titles = {"sq": "Treg i përbashkët", "sr-Cyrl": "Заједничка пијаца"}
    content = {"titles": titles, "sector": "small_business"}
    key: str = (await officer.done(f"{at}/priorities", content))["id"]
    meeting = {"held_on": "2026-01-10", "municipality": "zvecan", "attended": 12}
    await officer.done(f"{at}/consultations", meeting)
    await officer.done(f"{at}/adoption", {"adopted_on": "2026-02-01"})
    return key


async def awarded(world: World, *members: Organisation, **draft: object) -> Json:
    """Award what these members ask for, with canaries in whatever they may write."""
    call = await world.call()
    parts = [
        {"organisation": one.id, "role": role, "share": "50", "task": f"{CANARY} task"}
        for one, role in zip(members, ("lead", "co_applicant"), strict=True)
    ]
    told = {"title": f"{CANARY} consortium", "members": parts}
    consortium = await world.accepted(
        await members[0].done("/consortia", told), *members
    )
    application = await world.draft(call, consortium, members[0])
    text = {"title": f"{CANARY} title", "summary": CANARY, "amount": "12500.00"}
    await members[0].put(f"/applications/{application}", text | draft)
    await world.signed(application, *members)
    await members[0].done(f"/applications/{application}/submission")
    await world.scored(application)
    await world.ranked(call)
    return await world.awarded(application)


async def exported(world: World, path: str, agency: str = "unicef") -> Response:
    return await world.officer(agency).get(path)


async def test_an_award_is_published_in_both_standards(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    award = await awarded(world, *pair, priorities=[await priority(world)])
    giving, iati = await exported(world, GIVING), await exported(world, IATI)
    assert giving.headers["content-type"] == "application/json"
    assert iati.headers["content-type"].startswith("application/xml")
    assert (wrong_as_giving(giving.content), wrong_as_iati(iati.content)) == ([], [])
    [grant] = grants_in(giving.content)
    assert grant["id"] == f"XM-DAC-41122-grant-{award['id']}"
    assert b'"amountAwarded":12500.00' in giving.content  # a number, to the cent
    assert [one["name"] for one in grant["recipientOrganization"]] == ["Ura", "Мост"]
    assert grant["beneficiaryLocation"] == [{"id": "zvecan", "name": "Zvecan"}]
    assert "Treg i përbashkët" in grant["description"]
    [activity] = activities_in(iati.content)
    assert activity.find("sector").get("code") == "32130"
    assert activity.find("recipient-country").get("code") == "XK"
    names = [one.findtext("narrative") for one in activity.iter("participating-org")]
    assert names == ["UNICEF", "Ura", "Мост"]


async def test_nothing_that_applicants_write_and_no_community_is_published(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    await awarded(world, *pair)
    application = (await world.officer().read("/applications"))["items"][0]
    assert CANARY in application["title"]  # it is there, inside
    for path in (GIVING, IATI):
        told = (await exported(world, path)).text
        assert "Ura" in told
        for secret in (CANARY, *ACROSS, "mitrovica", "Mitrovica", "share", "score"):
            assert secret not in told


async def test_money_is_published_as_it_moved(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    award = await awarded(world, *pair)
    content = {
        "from_day": "2026-01-01",
        "to_day": "2026-02-01",
        "spent": "0.00",
        "summary": CANARY,
    }
    report = await pair[0].done(f"/awards/{award['id']}/reports", content)
    accepted = {"status": "accepted"}
    await world.officer().done(f"/reports/{report['id']}/decision", accepted)
    finance = world.officer(subject="finance")
    tranche = award["tranches"][0]["id"]
    paper = {"reference": CANARY}
    await finance.done(f"/tranches/{tranche}/disbursement", paper)
    back = paper | {"amount": "500.25"}
    await finance.done(f"/awards/{award['id']}/returns", back)
    [grant] = grants_in((await exported(world, GIVING)).content)
    assert f"{grant['amountDisbursed']}" == "11999.75"
    iati = await exported(world, IATI)
    [activity] = activities_in(iati.content)
    moved = [
        (one.find("transaction-type").get("code"), one.findtext("value"))
        for one in activity.iterfind("transaction")
    ]
    assert moved == [("2", "12500.00"), ("3", "12500.00"), ("3", "-500.25")]
    assert CANARY not in iati.text


async def test_an_award_with_somebody_in_it_who_is_withheld_is_left_out_whole(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    await awarded(world, *pair)
    other = await world.organisation(ACROSS[0], name="Shtegu")
    another = await world.organisation(ACROSS[1], name="Стаза")
    await awarded(world, other, another)
    at = f"/organisations/{pair[1].id}/withholding"
    await world.officer("who").put(at, None)
    for path in (GIVING, IATI):
        told = (await exported(world, path)).text
        assert "Shtegu" in told
        assert "Ura" not in told
        assert "Мост" not in told
    headers = world.officer("who").headers
    assert (await world.client.delete(at, headers=headers)).status_code == 204
    assert "Мост" in (await exported(world, GIVING)).text


async def test_a_second_record_of_a_body_is_withheld_with_the_first(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    await awarded(world, *pair)
    second = await world.organisation(name="Most")
    same = {"organisation": pair[1].id}
    answer = await world.officer().put(f"/organisations/{second.id}/same-as", same)
    assert answer.status_code == 200, answer.text
    await world.officer("who").put(f"/organisations/{second.id}/withholding", None)
    assert (await exported(world, GIVING)).status_code == 409


async def test_an_organisation_withholds_itself_and_no_other(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    await awarded(world, *pair)
    held = Grants.WITHHOLD_ORGANISATIONS
    headers = as_organisation(pair[0].id, held)
    own, others = (f"/organisations/{one.id}/withholding" for one in pair)
    assert (await world.client.put(others, headers=headers)).status_code == 403
    assert (await exported(world, GIVING)).status_code == 200
    said = [await world.client.put(own, headers=headers) for _ in range(2)]
    assert said[0].status_code == 200
    assert said[0].json() == said[1].json()
    assert (await exported(world, GIVING)).status_code == 409
    hidden = await world.officer().get(own)  # somebody else's word is nobody's to read
    assert hidden.status_code == 404


async def test_whoever_has_not_said_who_it_is_publishes_nothing(world: World) -> None:
    for path in (GIVING, IATI):
        answer = await exported(world, path)
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:uramost:problem:no-publisher"
    assert (await exported(world, "/standards/publisher")).status_code == 404
    await world.officer().put("/standards/publisher", UNICEF)
    await world.officer().put("/standards/publisher", UNICEF | {"name": "Unicef"})
    read = (await exported(world, "/standards/publisher")).json()
    assert (read["reference"], read["name"]) == ("XM-DAC-41122", "Unicef")
    wrong = await world.officer().put("/standards/publisher", {"reference": "UNICEF"})
    assert wrong.status_code == 422


async def test_an_export_goes_on_over_pages_and_is_on_record(
    world: World,
    pair: tuple[Organisation, Organisation],
    database: Fresh,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "ONCE", 1)
    await awarded(world, *pair)
    await awarded(world, *pair)
    giving, iati = await exported(world, GIVING), await exported(world, IATI)
    assert len(grants_in(giving.content)) == len(activities_in(iati.content)) == 2
    entries = """
    select string_agg(details ->> 'as', ' ' order by id) from audit_entry
    where act = 'award:export'
    """
    assert await ask(database.superuser, entries) == "360giving iati"


async def test_many_exports_at_once_do_not_wait_for_each_other_forever(
    world: World, pair: tuple[Organisation, Organisation]
) -> None:
    await awarded(world, *pair)
    await world.officer("who").put("/standards/publisher", UNICEF | {"name": "WHO"})
    answer = await exported(world, GIVING, "who")  # which has awarded nothing
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:uramost:problem:nothing-to-publish"
    answers = await asyncio.gather(*(exported(world, GIVING) for _ in range(24)))
    assert {answer.status_code for answer in answers} == {200}


async def test_whoever_applies_publishes_and_takes_in_nothing(world: World) -> None:
    headers = as_organisation(str(uuid4()))
    for method, path in (
        ("GET", GIVING),
        ("GET", IATI),
        ("PUT", "/standards/publisher"),
    ):
        answer = await world.client.request(method, path, headers=headers)
        assert answer.status_code == 403
    taking = await world.client.post("/standards/organisations", headers=headers)
    assert taking.status_code == 403


async def test_the_database_keeps_each_tenants_word_its_own(
    world: World, pair: tuple[Organisation, Organisation], database: Fresh
) -> None:
    at = f"/organisations/{pair[0].id}/withholding"
    await world.officer("who").put(at, None)
    taken_back = await world.client.delete(at, headers=as_agency("undp"))
    assert taken_back.status_code == 404
    connection = await asyncpg.connect(database.url)
    await connection.execute("select set_config('app.agency', 'undp', false)")
    assert await connection.execute("delete from withholding") == "DELETE 0"
    assert await connection.fetchval("select count(*) from publisher") == 0
    await connection.close()
