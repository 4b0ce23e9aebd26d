"""Trainings: who was there, who has completed them, and certificates that hold."""

import asyncio
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.employment.certificates.rules import Mistyped, number, require_genuine
from services.employment.trainings.rules import completed
from tests.databases import Fresh, ask
from tests.employment.conftest import Agency

COURSE = {
    "title": "Inclusive classrooms",
    "subject": "inclusive_education",
    "required_percent": 75,
    "trainers": [{"institution": "Fakulteti i Edukimit", "role": "lead"}],
}
TEACHER = {
    "kind": "teacher",
    "institution": "Shkolla „Meto Bajraktari“",
    "function": "class teacher",
}


async def course(agency: Agency, sessions: int = 4) -> tuple[str, list[str]]:
    training = await agency.recorded("/trainings", **COURSE)
    path = f"/trainings/{training['id']}/sessions"
    held = [
        await agency.recorded(path, held_on=f"2026-04-{day:02}", hours=3)
        for day in range(1, sessions + 1)
    ]
    return training["id"], [one["id"] for one in held]


async def attending(agency: Agency, training: str, *sessions: str) -> str:
    """Let a teacher take part and be at some sessions, alone; give the participant."""
    path = f"/trainings/{training}/participants"
    key: str = (await agency.recorded(path, **TEACHER))["id"]
    for session in sessions:
        there = f"/training-sessions/{session}/attendance"
        assert (await agency.put(there, participants=[key])).status_code == 204
    return key


async def test_a_training_is_read_with_its_sessions_and_takers(
    north: Agency, south: Agency
) -> None:
    key, sessions = await course(north, 2)
    training = (await north.get(f"/trainings/{key}")).json()
    assert COURSE.items() <= training.items()
    assert await north.listed("/trainings", subject="inclusive_education") == [training]
    assert await north.listed("/trainings", subject="management") == []
    listed = await north.listed(f"/trainings/{key}/sessions")
    assert [one["id"] for one in listed] == sessions
    person = north.neighbours.register("unicef", uuid4())
    taking = {"kind": "person", "registration": str(person)}
    path = f"/trainings/{key}/participants"
    await north.recorded(path, **taking)
    twice = await north.post(path, **taking)
    assert twice.json()["type"] == "urn:uramost:problem:other-participant"
    await attending(north, key, sessions[0])
    shown = [
        (one["kind"], one["attended"], one["sessions"], one["completed"])
        for one in await north.listed(path)
    ]
    assert shown == [("person", 0, 2, False), ("teacher", 1, 2, False)]
    for hidden in (f"/trainings/{key}", path, f"/trainings/{key}/sessions"):
        assert (await south.get(hidden)).status_code == 404


async def test_attendance_is_written_anew_and_only_of_who_takes_part(
    north: Agency, south: Agency
) -> None:
    key, (session, _) = await course(north, 2)
    one, other = await attending(north, key, session), await attending(north, key)
    path = f"/training-sessions/{session}/attendance"
    assert (await north.put(path, participants=[other])).status_code == 204
    progress = await north.listed(f"/trainings/{key}/participants")
    assert {who["id"]: who["attended"] for who in progress} == {one: 0, other: 1}
    elsewhere = await attending(north, (await course(north, 1))[0])
    for wrong in (elsewhere, str(uuid4())):
        refused = await north.put(path, participants=[other, wrong])
        assert refused.json()["type"] == "urn:uramost:problem:not-of-this-training"
    assert (await south.put(path, participants=[])).status_code == 404


async def test_who_takes_part_is_a_registration_or_an_institution(
    north: Agency, database: Fresh
) -> None:
    key, _ = await course(north, 1)
    person = str(north.neighbours.register("unicef", uuid4()))
    for wrong in (
        {"kind": "person"},
        {"kind": "person", "registration": person, "institution": "X"},
        {"kind": "teacher", "registration": person},
        {"kind": "official"},
        TEACHER | {"name": "Kanarinjo"},
    ):
        answer = await north.post(f"/trainings/{key}/participants", **wrong)
        assert answer.status_code == 422, wrong
    assert await ask(database.superuser, "select count(*) from participant") == 0


async def test_a_certificate_is_due_after_enough_sessions_and_is_one(
    north: Agency,
) -> None:
    key, sessions = await course(north)
    most = await attending(north, key, *sessions[:3])
    few = await attending(north, key)
    early = await north.post(f"/participants/{few}/certificate")
    assert early.json()["type"] == "urn:uramost:problem:not-completed"
    path = f"/participants/{most}/certificate"
    answers = await asyncio.gather(*(north.post(path) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [200, 200, 201]
    [number] = {one.json()["number"] for one in answers}
    assert answers[0].json()["completed_on"] == "2026-04-03"
    assert (await north.get(f"/certificates/{number}")).json()["valid"] is True


async def test_anybody_can_check_a_number_and_learns_no_name(
    north: Agency, south: Agency
) -> None:
    key, sessions = await course(north, 1)
    taker = await attending(north, key, *sessions)
    issued = (await north.post(f"/participants/{taker}/certificate")).json()
    path = f"/certificates/{issued['number']}"
    checked = await south.get(path)
    assert checked.json() == issued
    assert TEACHER["institution"] not in checked.text
    assert taker not in checked.text
    digit = "0" if issued["number"][0] != "0" else "1"
    slip = await south.get(f"/certificates/{digit}{issued['number'][1:]}")
    assert slip.json()["type"] == "urn:uramost:problem:mistyped"
    absent = await south.get(f"/certificates/{number(bytes(range(16)))}")
    assert absent.status_code == 404
    reason = {"reason": "fraud"}
    assert (await south.post(f"{path}/revocation", **reason)).status_code == 404
    revoked = (await north.post(f"{path}/revocation", **reason)).json()
    assert (revoked["valid"], (await south.get(path)).json()) == (False, revoked)
    again = await north.post(f"{path}/revocation", **reason)
    assert again.json()["type"] == "urn:uramost:problem:already-revoked"


@given(st.binary(min_size=16, max_size=16), st.integers(0, 31), st.integers(1, 15))
def test_one_wrong_digit_is_always_found(chance: bytes, at: int, off: int) -> None:
    genuine = number(chance)
    require_genuine(genuine)
    assert (genuine.version, genuine.variant) == (8, "specified in RFC 4122")
    wrong = list(genuine.hex)
    wrong[at] = f"{int(wrong[at], 16) ^ off:x}"
    try:
        require_genuine(UUID(hex="".join(wrong)))
    except Mistyped:
        return
    raise AssertionError


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 100))
def test_one_session_more_never_takes_a_completion_away(
    attended: int, held: int, percent: int
) -> None:
    attended = min(attended, held)
    assert completed(held, held, percent) is (held > 0)
    if completed(attended, held, percent) and attended < held:
        assert completed(attended + 1, held, percent)
