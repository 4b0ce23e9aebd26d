"""When a placement is looked at again, and what may be found then."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.employment.contracts import Day, months_after
from services.kit.refusals import Refusal

AFTER: Final = (3, 6)  # months from the first day


class Result(StrEnum):
    """Where somebody is when the check is made."""

    SAME_JOB = "same_job"
    OTHER_JOB = "other_job"
    NOT_WORKING = "not_working"
    NOT_REACHED = "not_reached"


class Verifier(StrEnum):
    """Who found it out; no name is kept."""

    AGENCY = "agency"
    PARTNER = "partner"
    ADVISORY_CENTRE = "advisory_centre"
    INDEPENDENT = "independent"


class Method(StrEnum):
    """How it was found out."""

    VISIT = "visit"
    CALL = "call"
    PAYSLIP = "payslip"
    EMPLOYER_STATEMENT = "employer_statement"
    TAX_RECORD = "tax_record"


class AlreadyVerified(Refusal):
    """The check has been made, and what was found then is kept."""

    status = HTTPStatus.CONFLICT


class Finding(BaseModel):
    """What was found, by whom and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: Result
    verifier: Verifier
    method: Method
    verified_on: Day


def due(starts_on: date) -> Mapping[int, date]:
    """Give the day on which each check falls due."""
    return {months: months_after(starts_on, months) for months in AFTER}
