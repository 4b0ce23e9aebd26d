"""Whether the work lasted: when checks fall due, and what was found."""

from uuid import uuid4

from tests.employment.conftest import Agency

FOUND = {
    "result": "same_job",
    "verifier": "agency",
    "method": "payslip",
    "verified_on": "2026-06-02",
}


async def test_checks_are_due_three_and_six_months_after_the_start(
    north: Agency, south: Agency
) -> None:
    placed = (await north.place(await north.vacancy(), uuid4(), "2026-03-31")).json()
    assert await north.listed("/retention-checks") == []
    path = f"/placements/{placed['id']}"
    await north.post(f"{path}/steps", status="started")
    due = await north.listed("/retention-checks", verified="false")
    assert [(one["months"], one["due_on"]) for one in due] == [
        (3, "2026-06-30"),
        (6, "2026-09-30"),
    ]
    assert await north.listed("/retention-checks", due_by="2026-06-29") == []
    assert await north.listed("/retention-checks", due_by="2026-06-30") == due[:1]
    await north.put(f"{path}/dates", starts_on="2026-03-01")
    moved = await north.listed("/retention-checks", placement=placed["id"])
    assert [one["due_on"] for one in moved] == ["2026-06-01", "2026-09-01"]
    assert await south.listed("/retention-checks") == []


async def test_what_was_found_stays_and_who_was_not_reached_is_looked_for_again(
    north: Agency, south: Agency
) -> None:
    await north.place(await north.vacancy(), uuid4(), status="started")
    first, _ = await north.listed("/retention-checks")
    path = f"/retention-checks/{first['id']}/finding"
    assert (await south.post(path, **FOUND)).status_code == 404
    missed = await north.post(path, **(FOUND | {"result": "not_reached"}))
    assert missed.json()["result"] == "not_reached"
    found = await north.post(path, **FOUND)
    assert FOUND.items() <= found.json().items()
    again = await north.post(path, **FOUND)
    assert again.json()["type"] == "urn:uramost:problem:already-verified"
    assert await north.listed("/retention-checks", verified="true") == [found.json()]
    assert (await north.post(path, **(FOUND | {"by": "X"}))).status_code == 422
