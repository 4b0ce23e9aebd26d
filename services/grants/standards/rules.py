"""What of an award is published, and what is left out so that nobody is endangered.

Published is what an agency wrote itself or what is public already: its call, adopted
plans, amounts and dates, and the names of organisations. What applicants wrote stays
inside: a title can name a person. An award is published whole or not at all, because
of a consortium with a gap in it one can tell who is missing.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from services.grants.organisations.rules import Kind, Registry, bare
from services.grants.plans.rules import Language, Sector
from services.kit.orthography import fold
from services.kit.refusals import Refusal

# A prefix of org-id.guide, then the number in that register: XM-DAC-41114 is UNDP.
Reference = Annotated[
    str, Field(pattern=r"^[A-Z]{2,3}-[A-Z0-9_]{2,20}-[A-Za-z0-9._-]{1,50}$")
]
# Of the registries that give numbers here, these have a list in org-id.guide.
LISTS: Final[Mapping[Registry, str]] = {
    Registry.KOSOVO_BUSINESSES: "XK-CR",
    Registry.SERBIA_BUSINESSES: "RS-APR",
}
# Others are named after the one who trades: "N.T.P. Fatmir", "STR Dragana".
COMPANIES: Final = frozenset(
    word for form in "shpk sha doo ad llc ltd jsc".split() for word in fold(form)
)
DOTS: Final = re.compile(r"\.(?=\w)|(?<=\w)\.")
WHOLE: Final = Decimal(100)
CENT: Final = Decimal("0.01")


class NoPublisher(Refusal):
    """Your agency has not said under which identifier it publishes."""

    status = HTTPStatus.CONFLICT


class NothingToPublish(Refusal):
    """There is no award of yours that can be published."""

    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: an agency, as the registers of publishers know it."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """An organisation that takes part in an award, as far as it is public."""

    id: UUID
    name: str
    kind: Kind
    registry: Registry | None = None
    number: str | None = None


class Flow(StrEnum):
    """Money promised, money paid out, money given back."""

    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement of money; what is taken back or cut is below zero."""

    flow: Flow
    on: date
    amount: Decimal


class Stage(StrEnum):
    """How far a grant has come."""

    ONGOING = "ongoing"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Priority:
    """What a public plan puts first, and where."""

    titles: Mapping[Language, str]
    sector: Sector
    municipalities: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """An award, with nothing in it that may not leave; the lead comes first."""

    id: UUID
    call: UUID
    call_title: str
    currency: str
    amount: Decimal
    stage: Stage
    awarded_on: date
    starts_on: date
    ends_on: date
    closed_on: date | None
    recipients: Sequence[Recipient]
    movements: Sequence[Movement] = ()
    priorities: Sequence[Priority] = ()

    @property
    def municipalities(self) -> list[str]:
        """Where the plans are that the grant serves: never where a member is."""
        return sorted(
            {place for one in self.priorities for place in one.municipalities}
        )

    @property
    def sectors(self) -> list[Sector]:
        found = {one.sector for one in self.priorities} or {Sector.PEACEBUILDING}
        return sorted(found)

    @property
    def disbursed(self) -> Decimal:
        paid = (one.amount for one in self.movements if one.flow is not Flow.COMMITMENT)
        return sum(paid, Decimal(0))


def may_be_named(recipient: Recipient) -> bool:
    """Tell whether a name is surely no person's: a trader's may be, a company's not."""
    if recipient.kind is not Kind.BUSINESS:
        return True
    return not COMPANIES.isdisjoint(fold(DOTS.sub("", recipient.name)))


def may_be_published(
    recipients: Collection[Recipient], withheld: Collection[UUID]
) -> bool:
    """Tell whether every organisation that was ever asked to take part may be named."""
    return all(one.id not in withheld and may_be_named(one) for one in recipients)


def reference(of: Recipient, publisher: Publisher) -> str:
    """Identify an organisation: by its register's number, or as the publisher's own."""
    if of.registry is not None and of.registry in LISTS and of.number is not None:
        return f"{LISTS[of.registry]}-{bare(of.number)}"
    return f"{publisher.reference}-organisation-{of.id}"


def identifier(grant: Grant, publisher: Publisher) -> str:
    return f"{publisher.reference}-grant-{grant.id}"


def place_name(code: str) -> str:
    """Write out the code of a municipality: mitrovica-north is Mitrovica North."""
    return " ".join(word.capitalize() for word in code.split("-"))


def said_in(language: Language, grant: Grant) -> str:
    """Join the priorities' titles that there are in one language."""
    told = (one.titles.get(language) for one in grant.priorities)
    return "; ".join(title for title in told if title)


def shares(count: int) -> list[Decimal]:
    """Divide a hundred into equal parts, to the hundredth; the first takes the rest."""
    part = (WHOLE / count).quantize(CENT, rounding="ROUND_DOWN")
    return [WHOLE - part * (count - 1), *[part] * (count - 1)]
