"""What an agency takes in of what others publish: organisations, all or none."""

from typing import Any

from tests.databases import Fresh, ask
from tests.grants.test_standards import CANARY
from tests.grants.world import World


def package(*organisations: dict[str, Any]) -> dict[str, Any]:
    """Write a package as a publisher would, with much in it that is not for us."""
    return {
        "version": "1.3",
        "grants": [
            {
                "id": "360G-x-1",
                "title": CANARY,
                "recipientOrganization": [one],
                "recipientIndividual": {"id": "1", "name": CANARY},
                "ourOwnField": CANARY,
            }
            for one in organisations
        ],
    }


COMPANY = {"id": "XK-CR-81102", "name": "Ndërtimi Sh.p.k.", "contactName": CANARY}
CHARITY = {"id": "GB-CHC-1", "name": "Bridge", "alternateName": "Ura", "email": CANARY}


async def test_organisations_are_taken_in_once_and_found_again(
    world: World, database: Fresh
) -> None:
    officer = world.officer()
    told = package(COMPANY, CHARITY, CHARITY)
    first = await officer.done("/standards/organisations", told)
    assert [one["outcome"] for one in first] == ["recorded", "recorded"]
    again = await officer.done("/standards/organisations", told)
    assert [one["outcome"] for one in again] == ["known", "known"]
    keys = [one["organisation"] for one in first]
    assert keys == [one["organisation"] for one in again]
    charity, company = [await officer.read(f"/organisations/{key}") for key in keys]
    assert {one["text"] for one in charity["names"]} == {"Bridge", "Ura"}
    assert (company["kind"], company["registration_number"]) == ("business", "81102")
    everything = "select string_agg(o::text, '') from organisation o"
    assert CANARY not in str(await ask(database.superuser, everything))


async def test_who_is_only_alike_is_pointed_out_and_left_to_decide(
    world: World,
) -> None:
    here = await world.organisation(name="Bridge")
    told = package(CHARITY)
    [taken] = await world.officer().done("/standards/organisations", told)
    assert taken["outcome"] == "recorded"
    assert taken["looks_like"] == [here.id]


WRONG = [
    {"id": "GB-CHC-2"},
    {"id": "GB-CHC-2", "name": "a\x00b"},
    {"id": "", "name": "Nobody"},
    {"id": "XK-CR-81102", "name": "Somebody else altogether"},
]


async def test_a_package_with_one_fault_is_refused_whole(
    world: World, database: Fresh
) -> None:
    await world.officer().done("/standards/organisations", package(COMPANY))
    other = {"id": "AA-BB-1", "name": "Another"}
    for wrong in WRONG:
        told = package(other, wrong)
        answer = await world.officer().post("/standards/organisations", told)
        assert answer.status_code in {409, 422}, wrong
    assert await ask(database.superuser, "select count(*) from organisation") == 1
