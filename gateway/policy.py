"""Who may do what: the whole policy, on one screen."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from gateway.permissions import Access
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants
from services.kit.checkpoints import Audit


class Role(StrEnum):
    """What a client is entrusted with; it may have several."""

    REGISTRAR = "registrar"
    CASEWORKER = "caseworker"
    PROTECTION_OFFICER = "protection-officer"
    PLACEMENT_OFFICER = "placement-officer"
    GRANTS_OFFICER = "grants-officer"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ANALYST = "analyst"
    APPLICANT = "applicant"
    ASSESSOR = "assessor"
    FINANCE_OFFICER = "finance-officer"
    PROGRAMME_OFFICER = "programme-officer"


WITNESS = frozenset({Audit.READ_CHECKPOINTS})  # whoever takes part is a witness
MEMBER = WITNESS | frozenset(Access)

POLICY: Mapping[Role, frozenset[str]] = {
    Role.REGISTRAR: MEMBER
    | {
        Beneficiaries.RECORD_REGISTRATIONS,
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.FIND_REGISTRATIONS,
        Beneficiaries.CORRECT_REGISTRATIONS,
        Beneficiaries.WITHDRAW_REGISTRATIONS,
        Beneficiaries.IMPORT_REGISTRATIONS,
        Beneficiaries.READ_PLACES,
        Beneficiaries.RECORD_CONSENTS,
    },
    Role.CASEWORKER: MEMBER
    | {
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.FIND_REGISTRATIONS,
        Beneficiaries.READ_PLACES,
        Employment.READ_PLACEMENTS,
        Grants.READ_ORGANISATIONS,
    },
    Role.PROTECTION_OFFICER: MEMBER
    | {
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.RECORD_CONSENTS,
        Beneficiaries.DISCLOSE_PROTECTED,
    },
    Role.PLACEMENT_OFFICER: MEMBER
    | frozenset(Employment)
    | {
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.READ_PLACES,
        Beneficiaries.RESOLVE_PERSONS,
    },
    Role.GRANTS_OFFICER: MEMBER | frozenset(Grants),
    Role.REVIEWER: MEMBER | {Beneficiaries.READ_REVIEWS, Beneficiaries.DECIDE_REVIEWS},
    Role.AUDITOR: WITNESS,
    Role.OPERATOR: WITNESS | {Beneficiaries.REKEY_LINKAGE},
    Role.ANALYST: WITNESS,
    Role.APPLICANT: WITNESS,
    Role.ASSESSOR: WITNESS,
    Role.FINANCE_OFFICER: WITNESS,
    Role.PROGRAMME_OFFICER: WITNESS,
}


def permissions(roles: Iterable[str]) -> frozenset[str]:
    """Add up what roles carry; a role that the policy does not know carries nothing."""
    known = (POLICY[Role(role)] for role in roles if role in set(Role))
    return frozenset[str]().union(*known)
