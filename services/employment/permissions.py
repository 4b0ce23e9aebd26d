"""What a caller can be permitted to do with employment."""

from enum import StrEnum


class Employment(StrEnum):
    """Permissions as `noun:verb`; the gateway gives them to roles."""

    READ_CLASSIFICATIONS = "employment.classification:read"
    RECORD_EMPLOYERS = "employment.employer:record"
    READ_EMPLOYERS = "employment.employer:read"
    RECORD_VACANCIES = "employment.vacancy:record"
    READ_VACANCIES = "employment.vacancy:read"
    RECORD_PLACEMENTS = "employment.placement:record"
    READ_PLACEMENTS = "employment.placement:read"
    INTRODUCE_CANDIDATES = "employment.candidate:introduce"
    READ_CANDIDATES = "employment.candidate:read"
    VERIFY_RETENTION = "employment.retention:verify"
    READ_RETENTION = "employment.retention:read"
    RECORD_SUBSIDIES = "employment.subsidy:record"
    READ_SUBSIDIES = "employment.subsidy:read"
    RECORD_SEEKERS = "employment.seeker:record"
    READ_SEEKERS = "employment.seeker:read"
    MATCH_SEEKERS = "employment.seeker:match"
    RECORD_TRAININGS = "employment.training:record"
    READ_TRAININGS = "employment.training:read"
    ISSUE_CERTIFICATES = "employment.certificate:issue"
    CHECK_CERTIFICATES = "employment.certificate:check"
    RECORD_ENTERPRISE = "employment.enterprise:record"
    READ_ENTERPRISE = "employment.enterprise:read"
    RECORD_LINKS = "employment.link:record"
    READ_LINKS = "employment.link:read"
