"""What an agency may do with its registrations, and what nobody else can tell."""

import asyncio
from uuid import uuid4

from tests.beneficiaries.conftest import Agency, registration


async def test_what_was_recorded_is_read_back(north: Agency) -> None:
    sent = registration()
    recorded = await north.post("/registrations", sent)
    assert recorded.status_code == 201
    assert recorded.json()["outcome"] == "recorded"
    read = (await north.get(f"/registrations/{recorded.json()['id']}")).json()
    assert {name: read[name] for name in ("source_id", "sex", "place", "address")} == {
        name: sent[name] for name in ("source_id", "sex", "place", "address")
    }
    assert read["names"]["given"] == "Mërgim"
    assert read["version"] == 1
    assert "communities" not in read
