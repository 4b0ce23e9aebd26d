"""The timeline of a person, as one agency may know of it."""

from tests.beneficiaries.conftest import Agency, registration


async def test_a_timeline_tells_of_the_own_registrations_of_one_person(
    north: Agency, south: Agency
) -> None:
    body = registration()
    first = (await north.record(**body))["id"]
    twin = (await north.record(**body | {"source_id": "twin"}))["id"]
    other = (await south.record(**body))["id"]
    given = {"purpose": "employment", "until": "2999-01-01T00:00:00Z"}
    await north.post(f"/registrations/{twin}/consents", given)
    await north.post(f"/registrations/{first}/withdrawal")
    path = f"/registrations/{first}/timeline"
    alone = (await north.get(path)).json()
    assert [one["what"] for one in alone] == [
        "registration.recorded",
        "registration.withdrawn",
    ]
    joined = (await north.get(f"/registrations/{twin}/timeline")).json()
    whats = ["registration.recorded", "consent.recorded"]
    assert [one["what"] for one in joined] == whats
    assert (await south.get(path)).status_code == 404
    assert other not in str(alone + joined)


async def test_a_timeline_joins_twins_while_they_are_one(north: Agency) -> None:
    body = registration()
    keys = [(await north.record(**body))["id"]]
    keys.append((await north.record(**body | {"source_id": "again"}))["id"])
    for key in keys:
        told = (await north.get(f"/registrations/{key}/timeline")).json()
        assert [one["registration"] for one in told] == keys
