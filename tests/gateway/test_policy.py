"""The policy as it was agreed, in a form that a lawyer can read."""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from gateway.permissions import Access
from gateway.policy import POLICY, Role, permissions
from gateway.routes import EXCHANGES, ITSELF, OPERATIONS
from services.beneficiaries.permissions import Beneficiaries
from services.employment.permissions import Employment
from services.grants.permissions import Grants
from services.kit.checkpoints import Audit
from services.programme.permissions import Programme

# Registrar, Caseworker, Protection officer, placement officer (Jobs), Grants officer,
# reViewer, Auditor, Operator, aNalyst, appLicant, aSsessor, Finance officer,
# prograMme officer
# fmt: off
MATRIX: Mapping[StrEnum, str] = {
    #                                       R  C  P  J  G  V  A  O  N  L  S  F  M
    Audit.READ_CHECKPOINTS:                "x  x  x  x  x  x  x  x  x  x  x  x  x",
    Access.READ_AGREEMENTS:                "x  x  x  x  x  x  -  -  -  -  -  -  -",
    Access.MAKE_AGREEMENTS:                "-  -  x  -  -  -  -  -  -  -  -  -  -",
    Access.READ_PURPOSES:                  "x  x  x  x  x  x  -  -  -  -  -  -  -",
    Access.MANAGE_WEBHOOKS:                "x  -  -  x  x  -  -  -  -  x  -  -  -",
    Beneficiaries.RECORD_REGISTRATIONS:    "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.READ_REGISTRATIONS:      "x  x  x  x  -  -  -  -  -  -  -  -  -",
    Beneficiaries.FIND_REGISTRATIONS:      "x  x  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.CORRECT_REGISTRATIONS:   "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.WITHDRAW_REGISTRATIONS:  "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.ERASE_REGISTRATIONS:     "-  -  x  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.IMPORT_REGISTRATIONS:    "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.READ_IMPORTS:            "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.RELEASE_IMPORTS:         "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.READ_PLACES:             "x  x  -  x  -  -  -  -  -  -  -  -  -",
    Beneficiaries.RECORD_CONSENTS:         "x  -  x  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.DISCLOSE_PROTECTED:      "-  -  x  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.READ_REVIEWS:            "-  -  -  -  -  x  -  -  -  -  -  -  -",
    Beneficiaries.DECIDE_REVIEWS:          "-  -  -  -  -  x  -  -  -  -  -  -  -",
    Beneficiaries.READ_LINKS:              "-  x  x  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.REKEY_LINKAGE:           "-  -  -  -  -  -  -  x  -  -  -  -  -",
    Beneficiaries.TRAIN_LINKAGE:           "-  -  -  -  -  -  -  x  -  -  -  -  -",
    Beneficiaries.EVALUATE_LINKAGE:        "-  -  -  -  -  -  -  x  x  -  -  -  -",
    Beneficiaries.READ_QUALITY:            "-  -  -  -  -  x  -  -  x  -  -  -  -",
    Beneficiaries.INTRODUCE_PERSONS:       "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Beneficiaries.REDEEM_INTRODUCTIONS:    "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Beneficiaries.RESOLVE_PERSONS:         "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Beneficiaries.FOLLOW_PERSONS:          "-  -  -  -  -  -  -  -  -  -  -  -  -",
    Beneficiaries.READ_FEED:               "x  -  -  -  -  -  -  -  -  -  -  -  -",
    Grants.RECORD_ORGANISATIONS:           "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.READ_ORGANISATIONS:             "-  x  -  x  x  -  -  -  -  x  x  x  -",
    Grants.RECORD_CALLS:                   "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.READ_CALLS:                     "-  -  -  -  x  -  -  -  -  x  x  x  -",
    Grants.FORM_CONSORTIA:                 "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Grants.READ_CONSORTIA:                 "-  -  -  -  x  -  -  -  -  x  x  -  -",
    Grants.APPLY:                          "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Grants.READ_APPLICATIONS:              "-  -  -  -  x  -  -  -  -  x  x  x  -",
    Grants.DECIDE_APPLICATIONS:            "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.READ_ASSESSMENTS:               "-  -  -  -  x  -  -  -  -  -  x  -  -",
    Grants.SCORE_APPLICATIONS:             "-  -  -  -  -  -  -  -  -  -  x  -  -",
    Grants.VERIFY_ORGANISATIONS:           "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.RECORD_FLAGS:                   "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.READ_FLAGS:                     "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.DECLARE_COMMUNITIES:            "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Grants.READ_AWARDS:                    "-  -  -  -  x  -  -  -  -  x  -  x  -",
    Grants.DECIDE_AWARDS:                  "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.SIGN_AMENDMENTS:                "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Grants.SUBMIT_REPORTS:                 "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Grants.DECIDE_REPORTS:                 "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.DISBURSE_TRANCHES:              "-  -  -  -  -  -  -  -  -  -  -  x  -",
    Grants.READ_LEDGER:                    "-  -  -  -  x  -  -  -  -  -  -  x  -",
    Grants.RECONCILE_LEDGER:               "-  -  -  -  -  -  -  -  -  -  -  x  -",
    Grants.IMPORT_ORGANISATIONS:           "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.WITHHOLD_ORGANISATIONS:         "-  -  x  -  x  -  -  -  -  x  -  -  -",
    Grants.RECORD_PLANS:                   "-  -  -  -  x  -  -  -  -  -  -  -  x",
    Grants.READ_PLANS:                     "-  -  -  -  x  -  -  -  -  x  x  -  x",
    Grants.RECORD_EVENTS:                  "-  -  -  -  x  -  -  -  -  -  -  -  x",
    Grants.READ_EVENTS:                    "-  -  -  -  x  -  -  -  -  x  -  -  x",
    Grants.RECORD_PUBLISHERS:              "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.EXPORT_AWARDS:                  "-  -  -  -  x  -  -  -  -  -  -  -  -",
    Grants.READ_FEED:                      "-  -  -  -  x  -  -  -  -  x  -  -  -",
    Grants.FOLLOW_RESULTS:                 "-  -  -  -  -  -  -  -  -  -  -  -  -",
    Employment.READ_CLASSIFICATIONS:       "-  -  -  x  -  -  -  -  -  x  -  -  x",
    Employment.RECORD_EMPLOYERS:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_EMPLOYERS:             "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.RECORD_VACANCIES:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_VACANCIES:             "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.RECORD_PLACEMENTS:          "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_PLACEMENTS:            "-  x  -  x  -  -  -  -  -  -  -  -  -",
    Employment.INTRODUCE_CANDIDATES:       "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_CANDIDATES:            "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Employment.READ_INTRODUCTIONS:         "-  -  -  -  -  -  -  -  -  x  -  -  -",
    Employment.VERIFY_RETENTION:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_RETENTION:             "-  -  -  x  -  -  -  -  -  -  -  -  x",
    Employment.RECORD_SUBSIDIES:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_SUBSIDIES:             "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.RECORD_SEEKERS:             "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_SEEKERS:               "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.MATCH_SEEKERS:              "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.RECORD_TRAININGS:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_TRAININGS:             "-  -  -  x  -  -  -  -  -  -  -  -  x",
    Employment.ISSUE_CERTIFICATES:         "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.CHECK_CERTIFICATES:         "x  x  x  x  x  x  x  x  x  x  x  x  x",
    Employment.RECORD_ENTERPRISE:          "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_ENTERPRISE:            "-  -  -  x  -  -  -  -  -  -  -  -  x",
    Employment.RECORD_LINKS:               "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_LINKS:                 "-  -  -  x  -  -  -  -  -  -  -  -  x",
    Employment.READ_OVERLAPS:              "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.RESOLVE_OVERLAPS:           "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.READ_FOLLOWING:             "-  -  -  -  -  -  -  x  -  -  -  -  -",
    Employment.READ_FEED:                  "-  -  -  x  -  -  -  -  -  -  -  -  -",
    Employment.FOLLOW_RESULTS:             "-  -  -  -  -  -  -  -  -  -  -  -  -",
    Programme.RECORD_INDICATORS:           "-  -  -  -  -  -  -  -  -  -  -  -  x",
    Programme.RECORD_FACTS:                "-  -  -  -  -  -  -  -  -  -  -  -  x",
    Programme.RECORD_SURVEYS:              "-  -  -  -  -  -  -  -  -  -  -  -  x",
    Programme.ENTER_PUBLICATIONS:          "-  -  -  -  -  -  -  -  -  -  -  -  x",
    Programme.READ_RESULTS:                "-  -  -  -  -  -  x  -  x  -  -  -  x",
    Programme.READ_FOLLOWING:              "-  -  -  -  -  -  -  x  -  -  -  -  -",
}
# fmt: on
ALL: set[StrEnum] = {*Audit, *Access, *Beneficiaries, *Grants, *Employment, *Programme}


@pytest.mark.parametrize("permission", sorted(ALL))
def test_policy_matches_the_matrix_we_agreed(permission: StrEnum) -> None:
    held = {role: permission in POLICY[role] for role in Role}
    cells = (cell == "x" for cell in MATRIX[permission].split())
    assert held == dict(zip(Role, cells, strict=True))


def test_the_matrix_has_a_row_for_every_permission_there_is() -> None:
    assert set(MATRIX) == ALL


def test_every_permission_is_asked_for_by_an_operation_or_an_exchange() -> None:
    asked = {operation.permission for operation in OPERATIONS} - {None}
    assert asked.union(*EXCHANGES.values(), *ITSELF.values()) == ALL


def test_a_role_that_the_policy_does_not_know_carries_nothing() -> None:
    assert permissions(["superuser"]) == frozenset()


def test_roles_add_up() -> None:
    both = permissions([Role.AUDITOR, Role.REVIEWER])
    assert both == POLICY[Role.AUDITOR] | POLICY[Role.REVIEWER]
