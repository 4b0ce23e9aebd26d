"""What a caller can be permitted to do with the programme's results."""

from enum import StrEnum


class Programme(StrEnum):
    """Permissions as `noun:verb`; the gateway gives them to roles."""

    RECORD_INDICATORS = "programme.indicator:record"
    RECORD_FACTS = "programme.fact:record"
    RECORD_SURVEYS = "programme.survey:record"
    ENTER_PUBLICATIONS = "programme.publication:enter"
    READ_RESULTS = "programme.result:read"
    READ_FOLLOWING = "programme.following:read"
