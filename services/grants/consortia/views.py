"""What consortia show, to whom they concern."""

from datetime import datetime
from uuid import UUID

from services.grants.consortia.rules import Answer, Happening, Role, State
from services.kit.http import View
from services.kit.money import Percent


class MemberView(View):
    """A member of a consortium, its share in percent, and its answer."""

    organisation: UUID
    role: Role
    share: Percent
    task: str | None
    answer: Answer
    answered_at: datetime | None


class TermsView(View):
    """What members sign; `digest` is the SHA-256 of these terms in one writing."""

    id: UUID
    number: int
    state: State
    digest: str
    members: list[MemberView]
    recorded_at: datetime


class ConsortiumView(View):
    """A consortium, and of its terms those to which the reader was asked."""

    id: UUID
    title: str
    lead: UUID
    terms: list[TermsView]
    recorded_at: datetime


class SummaryView(View):
    """A consortium in a list."""

    id: UUID
    title: str
    lead: UUID
    recorded_at: datetime


class HappeningView(View):
    """What happened to terms; `organisation` is whom it is about, if about one."""

    id: UUID
    terms: UUID
    organisation: UUID | None
    what: Happening
    at: datetime
