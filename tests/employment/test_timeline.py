"""A person's timeline joins what is known of all of an agency's own registrations."""

from uuid import uuid4

from tests.employment.conftest import Agency
from tests.employment.test_following import placed


async def test_a_timeline_joins_what_is_known_of_all_own_registrations(
    north: Agency, south: Agency
) -> None:
    somebody = uuid4()
    first = await placed(north, somebody)
    second = await placed(north, somebody, ("2026-06-01", "2026-08-31"))
    elsewhere = await placed(south, somebody, ("2026-09-01", "2026-11-30"))
    path = f"/registrations/{first['registration']}/timeline"
    told = (await north.get(path)).json()
    assert [(one["service"], one["what"]) for one in told] == [
        ("beneficiaries", "registration.recorded"),
        ("beneficiaries", "registration.recorded"),
        ("employment", "placement.accepted"),
        ("employment", "placement.accepted"),
    ]
    assert {one["record"] for one in told[2:]} == {first["id"], second["id"]}
    assert elsewhere["registration"] not in str(told)
    assert (await south.get(path)).status_code == 404
