"""A registry filled with many people, by COPY: what recording them one by one leaves.

Sealed, keyed and folded by the service's own code; each registration is its own person,
as before any link. Done by processes of their own, one part of the people each.
"""

import asyncio
import sys
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Self
from uuid import UUID

import asyncpg

from bench.population import Record, population
from services.beneficiaries.linkage.actions import Matcher
from services.beneficiaries.linkage.keys import SCHEME
from services.beneficiaries.protection.keyring import Keyring
from services.beneficiaries.registry.drafts import Draft
from services.beneficiaries.registry.rules import Content
from services.kit.callers import Caller
from services.kit.ids import new_id
from services.kit.sealing import DataKey, Key, new_key
from tests.house import House

PARTS = 2  # processes: one a core
BATCH = 2_000
HELD_OUT = 5_000  # registrations, all over the population, that arrive later
AGENCIES = {
    "north": "unicef",
    "river": "unfpa",
    "south": "who",
    "mission": "ohchr",
    "bridge": "undp",
}
COLUMNS = {
    "registration": ("id", "agency", "source_digest"),
    "registration_version": (
        "id", "registration", "agency", "number", "digest", "personal", "recorded_by",
    ),
    "protected_attribute": ("registration", "agency", "communities"),
    "trait": ("registration", "agency", "scheme", "traits"),
    "membership": ("registration", "agency", "component", "person", "own"),
    "match_key": ("key", "registration", "agency"),
}  # fmt: skip
# Indexes are built once at the end, and references need no check.
BEFORE = """
alter table match_key drop constraint match_key_pkey;
drop index match_key_registration_idx;
"""
AFTER = """
set maintenance_work_mem = '1GB';
alter table match_key add primary key (key, registration);
create index match_key_registration_idx on match_key (registration);
"""
PER_PERSON = 1.83  # registrations, at which the generated region arrives


@dataclass(frozen=True)
class Target:
    """The registry to fill, as its superuser reaches it, and what seals it."""

    registry: str
    keys: str
    master: bytes

    @classmethod
    def of(cls, at: House) -> Self:
        place = at.state.secrets / "beneficiaries/beneficiaries_master_key"
        registry, keys = (
            superuser_of(at.server.superuser, name)
            for name in ("beneficiaries", "keys")
        )
        return cls(registry, keys, b64decode(place.read_text()))


def superuser_of(url: str, database: str) -> str:
    before, _, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{database}" + (f"?{after}" if after else "")


def people(registrations: int, part: int) -> Iterator[tuple[bool, Record]]:
    """Give one part of the registrations, and whether each is held out for later."""
    drawn = registrations + HELD_OUT
    every = drawn // HELD_OUT
    part_of_them = population(round(drawn / PER_PERSON / PARTS), seed=100 + part)
    for number, record in enumerate(part_of_them):
        yield number % every == 0, record


def content(record: Record, part: int) -> Content:
    written = record.particulars.model_dump()
    return Content(**written, source_id=f"{part}-{record.source_id}")


def held_out(registrations: int, most: int) -> list[tuple[str, Content]]:
    """Give registrations that arrive later: half the people are known already."""
    today = datetime.now(UTC).date()
    left = (
        (AGENCIES[record.agency], told)
        for part in range(PARTS)
        for later, record in people(registrations, part)
        if later and not (told := content(record, part)).wrong_on(today)
    )
    return list(islice(left, most))


async def fill(target: Target, registrations: int) -> None:
    owner = await asyncpg.connect(target.registry)
    await owner.execute(BEFORE)
    told = [target.registry, target.keys, target.master.hex(), str(registrations)]
    command = [sys.executable, "-m", "bench.filling", *told]
    children = [
        await asyncio.create_subprocess_exec(*command, str(part))
        for part in range(PARTS)
    ]
    codes = [await child.wait() for child in children]
    assert codes == [0] * PARTS
    await owner.execute(AFTER, timeout=3600)
    await owner.execute("vacuum analyze", timeout=3600)
    await owner.close()


async def fill_part(target: Target, registrations: int, part: int) -> None:
    registry = await asyncpg.connect(target.registry)
    keys = await asyncpg.connect(target.keys)
    await registry.execute("set session_replication_role = replica")
    pool = await asyncpg.create_pool(target.keys, min_size=1, max_size=1)
    office = Office(target.master, Keyring(pool, target.master))
    stay = (record for later, record in people(registrations, part) if not later)
    while batch := list(islice(stay, BATCH)):
        await office.enter(registry, keys, batch, part)
    await pool.close()
    await keys.close()
    await registry.close()


class Office:
    """Writes rows as the registrar does, many at a time."""

    def __init__(self, master: bytes, keyring: Keyring) -> None:
        self.master, self.keyring = master, keyring
        self.matcher = Matcher.of(keyring, master)
        self.above: dict[str, Key] = {}

    async def enter(
        self,
        registry: asyncpg.Connection,
        keys: asyncpg.Connection,
        batch: Sequence[Record],
        part: int,
    ) -> None:
        rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
        wrapped = []
        for record in batch:
            agency, id_, raw = AGENCIES[record.agency], new_id(), new_key()
            wrapped.append(
                (id_, agency, (await self._above(agency)).wrap(raw, id_.bytes))
            )
            self._add(rows, agency, id_, DataKey.of(raw), content(record, part))
        await keys.copy_records_to_table(
            "registration_key",
            records=wrapped,
            columns=("registration", "agency", "wrapped"),
        )
        for table, columns in COLUMNS.items():
            await registry.copy_records_to_table(
                table, records=rows[table], columns=columns
            )

    async def _above(self, agency: str) -> Key:
        if agency not in self.above:
            await self.keyring.reserve(agency, 1)  # makes the agency's key
            self.above[agency] = await self.keyring._agency(agency)  # noqa: SLF001
        return self.above[agency]

    def _add(
        self,
        rows: dict[str, list[tuple[object, ...]]],
        agency: str,
        id_: UUID,
        key: DataKey,
        told: Content,
    ) -> None:
        caller = Caller("bench", "bench", agency, frozenset())
        draft = Draft.of(told, caller, self.master, self.matcher)
        written = draft.written(id_, key)
        entered = written.entered
        rows["registration"].append((id_, agency, written.source_digest))
        rows["registration_version"].append(
            (written.version, id_, agency, 1, written.digest, written.personal, "bench")
        )
        rows["protected_attribute"].append((id_, agency, written.communities))
        rows["trait"].append((id_, agency, SCHEME, entered.traits))
        rows["membership"].append((id_, agency, id_, id_, id_))
        rows["match_key"] += [(one, id_, agency) for one in entered.keys]


def main(told: Iterable[str]) -> None:
    registry, keys, master, registrations, part = told
    target = Target(registry, keys, bytes.fromhex(master))
    asyncio.run(fill_part(target, int(registrations), int(part)))


if __name__ == "__main__":
    main(sys.argv[1:])
