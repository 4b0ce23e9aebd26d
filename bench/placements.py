"""What becomes of two agencies that place one person full-time at the same instant.

    python -m bench.placements

Through the real house, 500 times: one stands, the other hears the one bit. The bar is
500 of 500. Prints what stood, what was refused, and how long the placing took.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from bench.clients import Answer, Client, Json
from bench.slips import pairs
from gateway.policy import Role
from tests.house import House, house

TIMES = 500
AGENCIES = ("unicef", "who")
ROLES = (Role.REGISTRAR, Role.PLACEMENT_OFFICER, Role.GRANTS_OFFICER)
OFFER: Json = {
    "title": "Builder",
    "occupation": "7112",
    "weekly_hours": 40,
    "starts_on": "2026-03-01",
    "places": TIMES,
}
BIT = "urn:uramost:problem:overlapping"


async def made(client: Client, path: str, body: Json) -> Json:
    answer = await client.request("POST", path, body)
    answer.raise_for_status()
    told: Json = answer.json()
    return told


async def offered(client: Client) -> str:
    """Publish a vacancy with places enough, and give its id."""
    name = {"name": f"Builders of {client.name}", "kind": "business"}
    organisation = (await made(client, "/grants/organisations", name))["organisation"]
    employer = await made(
        client, "/employment/employers", {"organisation": organisation["id"]}
    )
    vacancy = await made(
        client, "/employment/vacancies", OFFER | {"employer": employer["id"]}
    )
    key: str = vacancy["id"]
    await made(client, f"/employment/vacancies/{key}/publication", {})
    return key


async def registered(client: Client, people: Sequence[Json]) -> list[str]:
    async def one(number: int, person: Json) -> str:
        body = person | {"source_id": f"bench-{number}"}
        key: str = (await made(client, "/beneficiaries/registrations", body))["id"]
        return key

    return list(await asyncio.gather(*(one(*it) for it in enumerate(people))))


async def place(client: Client, vacancy: str, registration: str) -> Answer:
    body = {
        "vacancy": vacancy,
        "registration": registration,
        "starts_on": "2026-03-01",
        "status": "accepted",
        "overlap_check_consented": True,
    }
    return await client.request("POST", "/employment/placements", body)


def outcome(pair: Sequence[Answer]) -> str:
    """Say how the two ended: each by its status, or the bit where that was told."""
    told = (
        "the bit"
        if answer.status_code == 409 and answer.json()["type"] == BIT
        else str(answer.status_code)
        for answer in pair
    )
    return " and ".join(sorted(told))


async def measure(here: House) -> None:
    clients = [await here.enrol(name, f"{name}-bench", ROLES) for name in AGENCIES]
    people = [one for one, _ in pairs(TIMES)]
    vacancies = [await offered(client) for client in clients]
    theirs = [await registered(client, people) for client in clients]
    began = time.perf_counter()
    answers = [
        await asyncio.gather(
            *(
                place(client, vacancy, registrations[number])
                for client, vacancy, registrations in zip(
                    clients, vacancies, theirs, strict=True
                )
            )
        )
        for number in range(TIMES)
    ]
    seconds = time.perf_counter() - began
    ended = Counter(outcome(pair) for pair in answers)
    stood = ended["201 and the bit"]
    print(f"{TIMES} people, each placed by two agencies at one instant")
    for how, many in ended.most_common():
        print(f"  {how:<20} {many}")
    print(f"  exactly one stood    {stood} of {TIMES} (bar {TIMES})")
    print(
        f"  took                 {seconds:.1f} s, {2 * TIMES / seconds:.0f} requests/s"
    )
    for client in here.clients:
        await client.close()
    assert stood == TIMES


def main() -> None:
    with house() as here:
        asyncio.run(measure(here))


if __name__ == "__main__":
    main()
