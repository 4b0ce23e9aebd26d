"""Passports of those who speak to grants: agencies, and organisations themselves."""

from services.grants.permissions import Grants
from services.kit.checkpoints import Audit
from tests.passports import shown

# What the policy gives to the role of applicants; written out, to be independent of it.
APPLICANT = (
    Grants.READ_ORGANISATIONS,
    Grants.DECLARE_COMMUNITIES,
    Grants.READ_CALLS,
    Grants.FORM_CONSORTIA,
    Grants.READ_CONSORTIA,
    Grants.APPLY,
    Grants.READ_APPLICATIONS,
    Grants.READ_AWARDS,
    Grants.SIGN_AMENDMENTS,
    Grants.SUBMIT_REPORTS,
    Grants.READ_FEED,
    Grants.READ_PLANS,
)


def as_agency(
    agency: str, *permissions: str, subject: str = "officer"
) -> dict[str, str]:
    """Speak for an agency, with every permission unless some are named."""
    held = permissions or (*Grants, *Audit)
    return shown("grants", agency, held, subject=subject)


def as_organisation(
    organisation: str, *permissions: str, subject: str = "director"
) -> dict[str, str]:
    """Speak for an organisation through its own tenant, with an applicant's rights."""
    return shown(
        "grants",
        f"org-{organisation}",
        permissions or APPLICANT,
        subject=subject,
        organisation=organisation,
    )
