"""One is many of one: however the same rows are cut into batches, the same is found."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import hypothesis.strategies as st
from httpx import AsyncClient
from hypothesis import HealthCheck, example, given, settings

from tests.beneficiaries.conftest import EVERYTHING, Agency, registration
from tests.databases import Fresh, execute

Json = dict[str, Any]
BARE: Json = {"documents": [], "phones": [], "address": None}
PAPER = [{"kind": "passport", "number": "P7654321", "country": "XK"}]
TWIN = {"given": "Mërgime", "family": "Prekazi"}
# One man in two scripts, his twin, a bride under two names, somebody with a slip in the
# date, and one who is to be matched with nobody.
FORMS: tuple[Json, ...] = (
    {},
    {"names": {"given": "Мергим", "family": "Прекази"}},
    {"names": {"given": "Mergim", "family": "Prekazi"}, **BARE},
    {"names": TWIN, "sex": "female", **BARE},
    {"names": TWIN, "sex": "female", **BARE, "documents": PAPER},
    {"names": TWIN | {"family": "Hoxha"}, "sex": "female", **BARE, "documents": PAPER},
    {"birth": {"value": "1990-05-02", "precision": "day"}, **BARE},
    {"never_match": True},
)
EMPTY = "truncate registration cascade"
Batch = tuple[str, list[Json]]
BATCHES = st.lists(
    st.tuples(
        st.sampled_from(("unicef", "who")),
        st.lists(st.sampled_from(FORMS), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=4,
)

MORE_THAN_ARE_COMPARED: list[Batch] = [("unicef", [{}] * 5)] * 3


async def recorded(client: AsyncClient, batches: Iterable[Batch]) -> list[str]:
    """Send batch after batch; give the id of each row, in the order of the rows."""
    ids: list[str] = []
    for agency, rows in batches:
        sender = Agency(client, agency, EVERYTHING)
        answer = await sender.post("/imports/rows", {"rows": rows})
        assert {one["outcome"] for one in answer.json()} == {"recorded"}
        ids += [one["registration"] for one in answer.json()]
    return ids


async def found(database: Fresh, ids: Sequence[str]) -> dict[str, set[Any]]:
    """Tell by the numbers of the rows who is whom, what was judged, and what waits."""
    number = {id_: at for at, id_ in enumerate(ids)}
    owner = await asyncpg.connect(database.superuser)
    places = await owner.fetch("select registration, person, own from membership")
    judged = await owner.fetch("select low, high, verdict, audience from judgement")
    waits = await owner.fetch("select low, high, kind, audience from review")
    await owner.close()
    return {
        "persons": {tuple(number[str(one)] for one in row) for row in places},
        **{
            name: {
                (frozenset(number[str(end)] for end in row[:2]), *row[2:])
                for row in rows
            }
            for name, rows in (("judged", judged), ("waits", waits))
        },
    }


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=BATCHES)
@example(batches=MORE_THAN_ARE_COMPARED)
async def test_however_rows_are_cut_into_batches_the_same_is_found(
    client: AsyncClient,
    databases: dict[str, Fresh],
    batches: list[Batch],
) -> None:
    database = databases["beneficiaries"]
    whole = [(agency, [registration(**f) for f in forms]) for agency, forms in batches]
    single = [(agency, [row]) for agency, rows in whole for row in rows]
    outcomes = []
    for cut in (whole, single):
        await execute(database.superuser, EMPTY)
        outcomes.append(await found(database, await recorded(client, cut)))
    assert outcomes[0] == outcomes[1]
