"""What a caller can be permitted to do with employment."""

from enum import StrEnum


class Employment(StrEnum):
    """Permissions as `noun:verb`; the gateway gives them to roles."""

    RECORD_EMPLOYERS = "employment.employer:record"
    READ_EMPLOYERS = "employment.employer:read"
    RECORD_VACANCIES = "employment.vacancy:record"
    READ_VACANCIES = "employment.vacancy:read"
    RECORD_PLACEMENTS = "employment.placement:record"
    READ_PLACEMENTS = "employment.placement:read"
