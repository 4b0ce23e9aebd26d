"""Who looks for work, and that a vacancy is matched by nothing but the work."""

from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.employment.seekers.models import Seeker
from services.employment.seekers.rules import (
    POINTS,
    Content,
    Offered,
    Reason,
    Sought,
    reasons,
)
from services.employment.vacancies.models import Vacancy
from tests.databases import Fresh, ask
from tests.employment.conftest import Agency
from tests.employment.neighbours import Neighbours

SOUGHT = {
    "occupations": ["7411"],
    "skills": ["S1.1"],
    "municipalities": ["zvecan"],
    "available_from": "2026-02-01",
    "weekly_hours": 40,
    "consented": True,
}


def body(agency: Agency, **changed: object) -> dict[str, object]:
    mine = agency.neighbours.register(agency.name, uuid4())
    return SOUGHT | {"registration": str(mine)} | changed


async def test_a_seeker_is_recorded_corrected_and_forgotten(
    north: Agency, south: Agency, database: Fresh
) -> None:
    sent = body(north)
    seeker = await north.recorded("/seekers", **sent)
    told = {name: seeker[name] for name in sent if name != "consented"}
    assert told | {"consented": True} == sent
    path = f"/seekers/{seeker['id']}"
    again = await north.post("/seekers", **sent)
    assert again.json()["type"] == "urn:uramost:problem:other-seeker"
    assert (await south.get(path)).status_code == 404
    assert (await south.put(path, **SOUGHT)).status_code == 404
    corrected = await north.put(path, **(SOUGHT | {"occupations": ["5120", "5120"]}))
    assert corrected.json()["occupations"] == ["5120"]
    assert await north.listed("/seekers") == [corrected.json()]
    assert (await north.post(f"{path}/withdrawal")).status_code == 204
    assert await ask(database.superuser, "select count(*) from seeker") == 0
    assert (await north.get(path)).status_code == 404


async def test_nobody_is_a_seeker_without_consent(
    north: Agency, neighbours: Neighbours
) -> None:
    refused = await north.post("/seekers", **body(north, consented=False))
    assert refused.json()["type"] == "urn:uramost:problem:consent-needed"
    assert neighbours.seen == []
    seeker = await north.recorded("/seekers", **body(north))
    withdrawn = SOUGHT | {"consented": False}
    answer = await north.put(f"/seekers/{seeker['id']}", **withdrawn)
    assert answer.status_code == 422


async def test_only_an_agency_s_own_registrations_are_its_seekers(
    north: Agency, south: Agency
) -> None:
    theirs = body(south)
    assert (await north.post("/seekers", **theirs)).status_code == 404


async def test_your_own_seekers_are_ranked_with_the_reasons_shown(
    north: Agency, south: Agency
) -> None:
    wanted = {"occupations": ["7421"], "municipalities": [], "skills": []}
    related = await north.recorded("/seekers", **body(north, **wanted))
    same = await north.recorded("/seekers", **body(north, available_from="2026-03-20"))
    await north.recorded("/seekers", **body(north, occupations=["5120"], skills=[]))
    await south.recorded("/seekers", **body(south))
    vacancy = await north.vacancy(municipality="zvecan", skills=["S1.1", "S2.2"])
    answer = await north.post(f"/vacancies/{vacancy}/matches", limit=5)
    first, second = answer.json()
    assert (first["seeker"], second["seeker"]) == (same["id"], related["id"])
    assert first["reasons"] == [
        {"reason": "same_occupation", "points": 40},
        {"reason": "skills", "points": 15},
        {"reason": "reachable", "points": 15},
        {"reason": "available_soon", "points": 5},
        {"reason": "hours", "points": 5},
    ]
    assert (first["points"], second["points"]) == (80, 25)
    shortest = await north.post(f"/vacancies/{vacancy}/matches", limit=1)
    assert shortest.json() == [first]


# Whatever somebody is, and is not for a match to look at, in the words of the field.
PROTECTED = {
    *"age birth born sex gender name names community communities ethnicity".split(),
    *"nationality race language languages religion belief disability health".split(),
    *"family marital children pregnancy politics union orientation photo".split(),
}


def test_no_protected_attribute_is_in_any_model_that_matching_sees() -> None:
    seen = {
        *Seeker.model_fields,
        *Content.model_fields,
        *Sought.__dataclass_fields__,
        *Offered.__dataclass_fields__,
    }
    assert [one for one in seen if not PROTECTED.isdisjoint(one.split("_"))] == []
    assert set(Offered.__dataclass_fields__) <= set(Vacancy.model_fields)
    assert POINTS.keys() == set(Reason)


codes = st.sampled_from(["7411", "7412", "7421", "5120", "9112"])
skills = st.lists(st.sampled_from(["S1.1", "S2.2", "T3"]), max_size=3)
places = st.sampled_from(["zvecan", "mitrovica-north"])
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
sought = st.builds(
    Sought, st.lists(codes, min_size=1), skills, st.lists(places), days, st.just(30)
)
offered = st.builds(Offered, codes, skills, places, days, st.integers(1, 60))


@given(sought, offered)
def test_no_reason_brings_more_than_its_points(one: Sought, vacancy: Offered) -> None:
    found = reasons(one, vacancy)
    assert all(0 <= points <= POINTS[reason] for reason, points in found.items())


@given(sought, offered, st.integers(0, 200))
def test_who_can_begin_earlier_never_ranks_lower(
    one: Sought, vacancy: Offered, earlier: int
) -> None:
    since = one.available_from - timedelta(days=earlier)
    sooner = Sought(
        one.occupations, one.skills, one.municipalities, since, one.weekly_hours
    )
    before, after = reasons(one, vacancy), reasons(sooner, vacancy)
    assert sum(after.values()) >= sum(before.values())
