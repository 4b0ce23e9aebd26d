import asyncio
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from services.grants.assessments.rules import (
    NEXT,
    AssessmentNotReady,
    State,
    complete,
    mean,
    move,
    weighed,
)
from services.grants.calls.rules import Criterion
from services.kit.refusals import Invalid
from tests.grants.world import World, problem

POINTS = {"points": {"bridge": 90, "cost": 50}}
CRITERIA = [
    Criterion(key="bridge", title="What it joins", weight=Decimal("66.6667")),
    Criterion(key="cost", title="What it costs", weight=Decimal("33.3333")),
]


@pytest.fixture
async def path(world: World) -> str:
    two = await world.organisation("albanian"), await world.organisation("serb")
    application = await world.submitted(await world.call(), *two)
    await world.officer().done(f"/applications/{application}/eligibility")
    return f"/applications/{application}"


async def appointed(world: World, path: str, *names: str) -> None:
    for name in names:
        await world.officer().done(f"{path}/assessors", {"assessor": name})


async def scoring(world: World, path: str, name: str) -> Any:  # noqa: ANN401 -- JSON
    assessor = world.officer(subject=name)
    await assessor.done(f"{path}/declaration", {"conflicted": False})
    return await assessor.done(f"{path}/score", POINTS)


async def test_nobody_sees_another_s_score_until_all_have_scored(
    world: World, path: str
) -> None:
    await appointed(world, path, "ana", "besa")
    own = await scoring(world, path, "ana")
    assert [one["weighed"] for one in own] == ["74.0000", None]
    for name in ("besa", "officer"):
        seen = await world.officer(subject=name).read(f"{path}/assessments")
        assert [one["state"] for one in seen] == ["scored", "appointed"]
        assert {one["points"] and one["weighed"] for one in seen} == {None}
    await scoring(world, path, "besa")
    seen = await world.officer(subject="ana").read(f"{path}/assessments")
    assert [one["weighed"] for one in seen] == ["74.0000"] * 2
    assert (await world.officer().read(path))["status"] == "scored"


async def test_who_has_a_conflict_cannot_score_and_another_does(
    world: World, path: str
) -> None:
    await appointed(world, path, "ana", "besa")
    await scoring(world, path, "ana")
    besa = world.officer(subject="besa")
    await besa.done(f"{path}/declaration", {"conflicted": True})
    assert problem(await besa.post(f"{path}/score", POINTS)) == "assessment-not-ready"
    assert (await world.officer().read(path))["status"] == "eligible"
    await appointed(world, path, "cica")
    await scoring(world, path, "cica")
    assert (await world.officer().read(path))["status"] == "scored"


async def test_a_score_needs_a_declaration_an_appointment_and_is_final(
    world: World, path: str
) -> None:
    await appointed(world, path, "ana", "besa")
    ana, stranger = world.officer(subject="ana"), world.officer(subject="dritan")
    assert problem(await ana.post(f"{path}/score", POINTS)) == "assessment-not-ready"
    assert (await stranger.post(f"{path}/score", POINTS)).status_code == 404
    await scoring(world, path, "ana")
    assert problem(await ana.post(f"{path}/score", POINTS)) == "assessment-not-ready"
    other = {"conflicted": True}
    late = await ana.post(f"{path}/declaration", other)
    assert problem(late) == "assessment-not-ready"
    twice = await world.officer().post(f"{path}/assessors", {"assessor": "ana"})
    assert problem(twice) == "already-appointed"
    listed = (await ana.read("/assessments"))["items"]
    assert [one["application"] for one in listed] == [path.rpartition("/")[2]]


async def test_applicants_and_other_agencies_see_no_assessment(
    world: World, path: str
) -> None:
    await appointed(world, path, "ana", "besa")
    other = world.officer("who")
    assert (await other.get(f"{path}/assessments")).status_code == 404
    assert (await other.post(f"{path}/score", POINTS)).status_code == 404
    lead = await world.organisation()
    assert (await lead.get(f"{path}/assessments")).status_code == 403


async def test_two_last_scores_at_one_instant_are_both_counted(
    world: World, path: str
) -> None:
    await appointed(world, path, "ana", "besa")
    for name in ("ana", "besa"):
        assessor = world.officer(subject=name)
        await assessor.done(f"{path}/declaration", {"conflicted": False})
    given = (
        world.officer(subject=name).post(
            f"{path}/score", {"points": {"bridge": points, "cost": points}}
        )
        for name, points in (("ana", 50), ("besa", 75))
    )
    answers = await asyncio.gather(*given)
    assert {one.status_code for one in answers} == {200}
    body = await world.officer().read(path)
    assert (body["status"], body["score"]) == ("scored", "62.5000")


def test_points_are_given_for_each_criterion_and_nothing_else() -> None:
    assert weighed({"bridge": 100, "cost": 100}, CRITERIA) == 100
    assert weighed({"bridge": 1, "cost": 0}, CRITERIA) == Decimal("0.6667")
    for wrong in ({"bridge": 1}, {"bridge": 1, "cost": 1, "more": 1}):
        with pytest.raises(Invalid):
            weighed(wrong, CRITERIA)


@given(scores=st.lists(st.decimals(0, 100, places=4), min_size=1, max_size=5))
def test_a_mean_lies_between_and_is_no_float(scores: list[Decimal]) -> None:
    assert min(scores) <= mean(scores) <= max(scores)
    assert mean(scores) == mean(scores[::-1])
    assert mean(scores).as_tuple().exponent == -4


@given(states=st.lists(st.sampled_from(State), max_size=5), needed=st.integers(2, 4))
def test_scores_are_told_only_when_enough_have_scored_and_nobody_still_may(
    states: list[State], needed: int
) -> None:
    told = complete(states, needed)
    waiting = {State.APPOINTED, State.FREE} & set(states)
    assert told == (not waiting and states.count(State.SCORED) >= needed)


@pytest.mark.parametrize("current", State)
def test_an_assessment_goes_where_the_table_says_alone(current: State) -> None:
    assert NEXT.keys() == set(State)
    for wanted in set(State) - NEXT[current]:
        with pytest.raises(AssessmentNotReady):
            move(current, wanted)
