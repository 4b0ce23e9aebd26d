"""Who may do what: the whole policy, on one screen."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from gateway.permissions import Access
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants
from services.kit.checkpoints import Audit
from services.programme.permissions import Programme


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


# Whoever takes part is a witness, and may check what is certified.
WITNESS = frozenset({Audit.READ_CHECKPOINTS, Employment.CHECK_CERTIFICATES})
MEMBER = WITNESS | {Access.READ_AGREEMENTS, Access.READ_PURPOSES}

POLICY: Mapping[Role, frozenset[str]] = {
    Role.REGISTRAR: MEMBER
    | {
        Beneficiaries.RECORD_REGISTRATIONS,
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.FIND_REGISTRATIONS,
        Beneficiaries.CORRECT_REGISTRATIONS,
        Beneficiaries.WITHDRAW_REGISTRATIONS,
        Beneficiaries.IMPORT_REGISTRATIONS,
        Beneficiaries.READ_IMPORTS,
        Beneficiaries.RELEASE_IMPORTS,
        Beneficiaries.READ_PLACES,
        Beneficiaries.RECORD_CONSENTS,
        Beneficiaries.READ_FEED,
        Access.MANAGE_WEBHOOKS,
    },
    Role.CASEWORKER: MEMBER
    | {
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.FIND_REGISTRATIONS,
        Beneficiaries.READ_LINKS,
        Beneficiaries.READ_PLACES,
        Employment.READ_PLACEMENTS,
        Grants.READ_ORGANISATIONS,
    },
    Role.PROTECTION_OFFICER: MEMBER
    | {
        Access.MAKE_AGREEMENTS,
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.READ_LINKS,
        Beneficiaries.RECORD_CONSENTS,
        Beneficiaries.ERASE_REGISTRATIONS,
        Beneficiaries.DISCLOSE_PROTECTED,
        Grants.WITHHOLD_ORGANISATIONS,
    },
    Role.PLACEMENT_OFFICER: MEMBER
    | (
        frozenset(Employment)
        - {
            Employment.READ_CANDIDATES,
            Employment.READ_INTRODUCTIONS,
            Employment.READ_FOLLOWING,
            Employment.FOLLOW_RESULTS,
        }
    )
    | {
        Access.MANAGE_WEBHOOKS,
        Beneficiaries.READ_REGISTRATIONS,
        Beneficiaries.READ_PLACES,
        Beneficiaries.RESOLVE_PERSONS,
        Beneficiaries.INTRODUCE_PERSONS,
        Grants.READ_ORGANISATIONS,
    },
    Role.GRANTS_OFFICER: MEMBER
    | {
        Grants.RECORD_ORGANISATIONS,
        Grants.READ_ORGANISATIONS,
        Grants.IMPORT_ORGANISATIONS,
        Grants.WITHHOLD_ORGANISATIONS,
        Grants.VERIFY_ORGANISATIONS,
        Grants.RECORD_FLAGS,
        Grants.READ_FLAGS,
        Grants.RECORD_CALLS,
        Grants.READ_CALLS,
        Grants.READ_CONSORTIA,
        Grants.READ_APPLICATIONS,
        Grants.DECIDE_APPLICATIONS,
        Grants.READ_ASSESSMENTS,
        Grants.READ_AWARDS,
        Grants.DECIDE_AWARDS,
        Grants.DECIDE_REPORTS,
        Grants.READ_LEDGER,
        Grants.RECORD_PLANS,
        Grants.READ_PLANS,
        Grants.RECORD_EVENTS,
        Grants.READ_EVENTS,
        Grants.RECORD_PUBLISHERS,
        Grants.EXPORT_AWARDS,
        Grants.READ_FEED,
        Access.MANAGE_WEBHOOKS,
    },
    Role.REVIEWER: MEMBER
    | {
        Beneficiaries.READ_REVIEWS,
        Beneficiaries.DECIDE_REVIEWS,
        Beneficiaries.READ_QUALITY,
    },
    Role.AUDITOR: WITNESS | {Programme.READ_RESULTS},
    Role.OPERATOR: WITNESS
    | {
        Employment.READ_FOLLOWING,
        Programme.READ_FOLLOWING,
        Beneficiaries.REKEY_LINKAGE,
        Beneficiaries.TRAIN_LINKAGE,
        Beneficiaries.EVALUATE_LINKAGE,
    },
    Role.ANALYST: WITNESS
    | {
        Beneficiaries.EVALUATE_LINKAGE,
        Beneficiaries.READ_QUALITY,
        Programme.READ_RESULTS,
    },
    Role.APPLICANT: WITNESS
    | {
        Grants.READ_ORGANISATIONS,
        Grants.READ_CALLS,
        Grants.FORM_CONSORTIA,
        Grants.READ_CONSORTIA,
        Grants.APPLY,
        Grants.READ_APPLICATIONS,
        Grants.DECLARE_COMMUNITIES,
        Grants.READ_AWARDS,
        Grants.SIGN_AMENDMENTS,
        Grants.SUBMIT_REPORTS,
        Grants.READ_FEED,
        Access.MANAGE_WEBHOOKS,
        Employment.READ_CANDIDATES,
        Employment.READ_INTRODUCTIONS,
        Beneficiaries.REDEEM_INTRODUCTIONS,
        Employment.READ_CLASSIFICATIONS,
        Grants.READ_PLANS,
        Grants.READ_EVENTS,
        Grants.WITHHOLD_ORGANISATIONS,
    },
    Role.ASSESSOR: WITNESS
    | {
        Grants.READ_ORGANISATIONS,
        Grants.READ_CALLS,
        Grants.READ_CONSORTIA,
        Grants.READ_APPLICATIONS,
        Grants.READ_ASSESSMENTS,
        Grants.SCORE_APPLICATIONS,
        Grants.READ_PLANS,
    },
    Role.FINANCE_OFFICER: WITNESS
    | {
        Grants.READ_ORGANISATIONS,
        Grants.READ_CALLS,
        Grants.READ_APPLICATIONS,
        Grants.READ_AWARDS,
        Grants.DISBURSE_TRANCHES,
        Grants.READ_LEDGER,
        Grants.RECONCILE_LEDGER,
    },
    Role.PROGRAMME_OFFICER: WITNESS
    | {
        Employment.READ_CLASSIFICATIONS,
        Employment.READ_RETENTION,
        Employment.READ_TRAININGS,
        Employment.READ_ENTERPRISE,
        Employment.READ_LINKS,
        Grants.RECORD_PLANS,
        Grants.READ_PLANS,
        Grants.RECORD_EVENTS,
        Grants.READ_EVENTS,
        Programme.RECORD_INDICATORS,
        Programme.RECORD_FACTS,
        Programme.RECORD_SURVEYS,
        Programme.ENTER_PUBLICATIONS,
        Programme.READ_RESULTS,
    },
}


def permissions(roles: Iterable[str]) -> frozenset[str]:
    """Add up what roles carry; a role that the policy does not know carries nothing."""
    known = (POLICY[Role(role)] for role in roles if role in set(Role))
    return frozenset[str]().union(*known)
