"""What an agency sees of its own registrations."""

from datetime import datetime
from uuid import UUID

from services.beneficiaries.linkage.rules import Verdict
from services.beneficiaries.particulars import Particulars
from services.beneficiaries.registry.actions import Opened
from services.beneficiaries.registry.drafts import Receipt
from services.beneficiaries.registry.rules import Outcome
from services.kit.http import View


class FindingView(View):
    """Another of your own registrations that is, or may be, the same person."""

    registration: UUID
    verdict: Verdict


class ReceiptView(View):
    """`person` is your own id of the person; no other agency has the same one."""

    id: UUID
    version: int
    outcome: Outcome
    person: UUID
    findings: list[FindingView]


class RegistrationView(Particulars):
    """What you recorded about somebody, in one version."""

    id: UUID
    source_id: str
    person: UUID
    version: int
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None


class PlaceView(View):
    """A municipality with its Albanian, Serbian and English names."""

    code: str
    sq: str
    sr_latn: str
    sr_cyrl: str
    en: str


def receipt_view(receipt: Receipt) -> ReceiptView:
    return ReceiptView(
        id=receipt.registration,
        version=receipt.version,
        outcome=receipt.outcome,
        person=receipt.person,
        findings=[
            FindingView(registration=other, verdict=verdict)
            for other, verdict in receipt.findings
        ],
    )


def view(opened: Opened) -> RegistrationView:
    registration, version = opened.shown.registration, opened.shown.version
    return RegistrationView(
        **opened.content.model_dump(exclude={"communities"}),
        id=registration.id,
        person=opened.person,
        version=version.number,
        recorded_at=version.recorded_at,
        recorded_by=version.recorded_by,
        withdrawn_at=registration.withdrawn_at,
    )
