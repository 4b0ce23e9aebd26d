"""The trainings: teachers on inclusive education, officials on their own work."""

import asyncio
from typing import Any, Final

from deploy.replay.businesses import PROGRAMME
from deploy.replay.parties import Party
from deploy.replay.programme import INVENTED, MUNICIPALITIES
from deploy.replay.scale import FOR_OFFICIALS, Scale

ABSENT: Final = 9  # every ninth stayed away from the second session


def shares(whole: int, parts: int) -> list[int]:
    """Part so many among so many, as evenly as can be."""
    return [whole // parts + (number < whole % parts) for number in range(parts)]


async def train(teaching: Party, governing: Party, scale: Scale) -> None:
    """Hold every training; who was at all of its sessions is certified."""
    teachers = enumerate(shares(scale.teachers, scale.trainings))
    parts = shares(scale.officials, len(FOR_OFFICIALS))
    officials = zip(FOR_OFFICIALS, parts, strict=True)
    await asyncio.gather(
        *(
            _hold(teaching, "inclusive_education", number, "teacher", count)
            for number, count in teachers
        ),
        *(_hold(governing, subject, 0, "official", n) for subject, n in officials),
    )


async def _hold(party: Party, subject: str, number: int, kind: str, count: int) -> None:
    content = {
        "title": f"{subject.replace('_', ' ').capitalize()} {number + 1} {INVENTED}",
        "subject": subject,
        "municipality": MUNICIPALITIES[number % len(MUNICIPALITIES)],
        "programme": PROGRAMME,
        "required_percent": 100,
        "trainers": [{"institution": f"Training centre {INVENTED}", "role": "lead"}],
    }
    at = f"/trainings/{(await party.post('/trainings', content))['id']}"
    told = [_participant(kind, number, place) for place in range(count)]
    there = [(await party.post(f"{at}/participants", one))["id"] for one in told]
    stayed = [one for place, one in enumerate(there) if place % ABSENT != ABSENT - 1]
    for day, present in ((12, there), (13, stayed)):
        held_on = f"2009-{number % 12 + 1:02}-{day}"
        session = await party.post(f"{at}/sessions", {"held_on": held_on, "hours": 6})
        attendance = {"participants": present}
        await party.put(f"/training-sessions/{session['id']}/attendance", attendance)
    for one in stayed:
        await party.post(f"/participants/{one}/certificate")


def _participant(kind: str, number: int, place: int) -> dict[str, Any]:
    """Tell somebody by institution and function; nobody's name is kept."""
    office = "School" if kind == "teacher" else "Municipal office"
    # The place keeps two of one office apart, for whoever reads the list.
    function = f"{kind} {number + 1}/{place + 1}"
    return {"kind": kind, "institution": f"{office} {INVENTED}", "function": function}
