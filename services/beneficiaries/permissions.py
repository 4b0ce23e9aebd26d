"""What a caller can be permitted to do with beneficiaries."""

from enum import StrEnum


class Beneficiaries(StrEnum):
    """Permissions as `noun:verb`; the gateway gives them to roles."""

    RECORD_REGISTRATIONS = "beneficiaries.registration:record"
    READ_REGISTRATIONS = "beneficiaries.registration:read"
    FIND_REGISTRATIONS = "beneficiaries.registration:find"
    CORRECT_REGISTRATIONS = "beneficiaries.registration:correct"
    WITHDRAW_REGISTRATIONS = "beneficiaries.registration:withdraw"
    ERASE_REGISTRATIONS = "beneficiaries.registration:erase"
    IMPORT_REGISTRATIONS = "beneficiaries.registration:import"
    READ_IMPORTS = "beneficiaries.import:read"
    RELEASE_IMPORTS = "beneficiaries.import:release"
    READ_PLACES = "beneficiaries.place:read"
    RECORD_CONSENTS = "beneficiaries.consent:record"
    DISCLOSE_PROTECTED = "beneficiaries.protected:disclose"
    READ_REVIEWS = "beneficiaries.review:read"
    DECIDE_REVIEWS = "beneficiaries.review:decide"
    READ_LINKS = "beneficiaries.link:read"
    REKEY_LINKAGE = "beneficiaries.linkage:rekey"
    TRAIN_LINKAGE = "beneficiaries.linkage:train"
    EVALUATE_LINKAGE = "beneficiaries.linkage:evaluate"
    READ_QUALITY = "beneficiaries.quality:read"
    INTRODUCE_PERSONS = "beneficiaries.person:introduce"
    REDEEM_INTRODUCTIONS = "beneficiaries.introduction:redeem"
    RESOLVE_PERSONS = "beneficiaries.person:resolve"
    FOLLOW_PERSONS = "beneficiaries.person:follow"
    READ_FEED = "beneficiaries.feed:read"
