"""The rules of a call, as data: who may apply together, and why not.

A rule never names a community. What it says of a consortium is one bit, and even that
is a hint about its members: so attempts are capped (0030). A reason names the rule.
"""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.grants.organisations.rules import Kind
from services.kit.money import Percent
from services.kit.texts import PlaceCode


class Basis(StrEnum):
    """Which of an organisation's declared communities a rule counts."""

    LED_BY = "led_by"
    SERVES = "serves"


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation of a consortium, as the rules see it and nobody else does."""

    organisation: UUID
    kind: Kind
    municipality: str | None
    share: Decimal
    lead: bool
    led_by: frozenset[str] = field(default=frozenset(), repr=False)
    serves: frozenset[str] = field(default=frozenset(), repr=False)

    def communities(self, basis: Basis) -> frozenset[str]:
        return self.led_by if basis is Basis.LED_BY else self.serves


class Obstacle(StrEnum):
    """What one of the organisations has elsewhere; one bit each, for the consortium."""

    APPLIES = "applies"  # in another application to this call
    LEADS = "leads"  # and leads both
    AWARDED = "awarded"  # in another award of this call
    FUNDED = "funded"  # by another agency, for one of the same priorities


@dataclass(frozen=True, slots=True)
class Facts:
    """A consortium at the moment of a check."""

    parties: Sequence[Party]
    obstacles: frozenset[Obstacle] = frozenset()


class Condition(BaseModel):
    """A rule's docstring is the reason that the applicant reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @abstractmethod
    def holds(self, facts: Facts) -> bool:
        """Tell whether a consortium meets the rule."""

    def reason(self) -> str:
        return (type(self).__doc__ or "").splitlines()[0]


class MinimumOrganisations(Condition):
    """There are fewer organisations in the consortium than this call asks for."""

    kind: Literal["minimum_organisations"] = "minimum_organisations"
    count: Annotated[int, Field(ge=2, le=50)]

    def holds(self, facts: Facts) -> bool:
        return len(facts.parties) >= self.count


class MinimumCommunities(Condition):
    """Fewer communities than this call asks for have been declared by the members."""

    kind: Literal["minimum_communities"] = "minimum_communities"
    count: Annotated[int, Field(ge=2, le=10)]
    basis: Basis = Basis.LED_BY

    def holds(self, facts: Facts) -> bool:
        declared = (one.communities(self.basis) for one in facts.parties)
        return len(frozenset[str]().union(*declared)) >= self.count


class MaximumShareOfOrganisation(Condition):
    """One organisation has a larger share of the budget than this call allows."""

    kind: Literal["maximum_share_of_organisation"] = "maximum_share_of_organisation"
    percent: Percent

    def holds(self, facts: Facts) -> bool:
        return all(one.share <= self.percent for one in facts.parties)


class MaximumShareOfCommunity(Condition):
    """One community has, or could have, a larger share than this call allows.

    The share of an organisation of several communities counts in equal parts; that of
    one which has declared none could be any community's, and counts for each.
    """

    kind: Literal["maximum_share_of_community"] = "maximum_share_of_community"
    percent: Percent
    basis: Basis = Basis.LED_BY

    def holds(self, facts: Facts) -> bool:
        undeclared, shares = Fraction(), dict[str, Fraction]()
        for one in facts.parties:
            communities = one.communities(self.basis)
            if not communities:
                undeclared += Fraction(one.share)
            for community in communities:
                part = Fraction(one.share) / len(communities)
                shares[community] = shares.get(community, Fraction()) + part
        largest = max(shares.values(), default=Fraction())
        return largest + undeclared <= Fraction(self.percent)


class KindsOfOrganisation(Condition):
    """An organisation is of a kind that may not take part in this call."""

    kind: Literal["kinds_of_organisation"] = "kinds_of_organisation"
    kinds: Annotated[frozenset[Kind], Field(min_length=1)]

    def holds(self, facts: Facts) -> bool:
        return all(one.kind in self.kinds for one in facts.parties)


class KindsOfLead(Condition):
    """The lead is of a kind that may not lead in this call."""

    kind: Literal["kinds_of_lead"] = "kinds_of_lead"
    kinds: Annotated[frozenset[Kind], Field(min_length=1)]

    def holds(self, facts: Facts) -> bool:
        return all(one.kind in self.kinds for one in facts.parties if one.lead)


class MunicipalitiesCovered(Condition):
    """The organisations come from fewer of the call's municipalities than it asks."""

    kind: Literal["municipalities_covered"] = "municipalities_covered"
    among: Annotated[frozenset[PlaceCode], Field(min_length=1, max_length=50)]
    at_least: Annotated[int, Field(ge=1, le=50)] = 1

    def holds(self, facts: Facts) -> bool:
        there = {one.municipality for one in facts.parties}
        return len(there & self.among) >= self.at_least


class OneApplication(Condition):
    """One of the organisations already takes part in another application here.

    With `leads_only` it may be a co-applicant of others, and lead one.
    """

    kind: Literal["one_application"] = "one_application"
    leads_only: bool = False

    def holds(self, facts: Facts) -> bool:
        way = Obstacle.LEADS if self.leads_only else Obstacle.APPLIES
        return way not in facts.obstacles


class OneAward(Condition):
    """One of the organisations already takes part in an award of this call."""

    kind: Literal["one_award"] = "one_award"

    def holds(self, facts: Facts) -> bool:
        return Obstacle.AWARDED not in facts.obstacles


class NoDoubleFunding(Condition):
    """One of the organisations is already funded for one of these priorities.

    By whom, which one and for which is never told: it is the one bit that crosses
    agencies here.
    """

    kind: Literal["no_double_funding"] = "no_double_funding"

    def holds(self, facts: Facts) -> bool:
        return Obstacle.FUNDED not in facts.obstacles


Rule = Annotated[
    MinimumOrganisations
    | MinimumCommunities
    | MaximumShareOfOrganisation
    | MaximumShareOfCommunity
    | KindsOfOrganisation
    | KindsOfLead
    | MunicipalitiesCovered
    | OneApplication
    | OneAward
    | NoDoubleFunding,
    Field(discriminator="kind"),
]


def broken(rules: Iterable[Rule], facts: Facts) -> tuple[Rule, ...]:
    """Give the rules that a consortium does not meet, in the order of the call."""
    return tuple(rule for rule in rules if not rule.holds(facts))
