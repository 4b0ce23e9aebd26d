"""What the programme refuses, of an indicator and of a survey alike."""

from http import HTTPStatus

from services.kit.refusals import Refusal


class CodeTaken(Refusal):
    """There is something else under this code already."""

    status = HTTPStatus.CONFLICT


class AlreadyCorrected(Refusal):
    """This has been corrected already; correct what stands in its place."""

    status = HTTPStatus.CONFLICT
