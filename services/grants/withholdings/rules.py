"""Who may say that an organisation is not to be published."""

from http import HTTPStatus
from uuid import UUID

from services.kit.refusals import Refusal


class NotForOthers(Refusal):
    """An organisation says this of itself only."""

    status = HTTPStatus.FORBIDDEN


def may_speak(acting_for: str | None, organisation: UUID) -> None:
    """Let an agency speak of any organisation, and an organisation of itself."""
    if acting_for not in {None, str(organisation)}:
        raise NotForOthers
