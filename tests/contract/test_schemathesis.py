"""What each service's document promises is what it does, whatever it is sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup

from services.beneficiaries.app import create_app as beneficiaries_app
from services.beneficiaries.permissions import Beneficiaries
from services.beneficiaries.settings import Settings as BeneficiariesSettings
from services.employment.app import create_app as employment_app
from services.employment.permissions import Employment
from services.employment.settings import Settings as EmploymentSettings
from services.grants.app import create_app as grants_app
from services.grants.permissions import Grants
from services.grants.settings import Settings as GrantsSettings
from services.kit.callers import REQUEST_ID
from services.kit.checkpoints import Audit
from services.programme.app import create_app as programme_app
from services.programme.permissions import Programme
from services.programme.settings import Settings as ProgrammeSettings
from tests.beneficiaries.conftest import MASTER
from tests.databases import Freshly
from tests.passports import PRIVATE, PUBLIC, shown

# The service's spans draw their ids at random, in a thread beside the strategies.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module"
    ":hypothesis.errors.HypothesisDeprecationWarning"
)
BOUNDED = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CONFIG = {
    "checks": {
        # Dates and pairs of fields have rules that a JSON schema cannot say.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "403", "404", "409", "422", "503"]
        },
        # A neighbour that does not answer is a documented refusal, and no fault.
        "not_a_server_error": {"expected-statuses": ["2xx", "4xx", "503"]},
    }
}
NOBODY = "http://127.0.0.1:9"  # the port of discard, where nobody listens
KEYS = {"passport_key": PUBLIC, "audit_key": PRIVATE}
Schema = Any  # schemathesis types it by the version of OpenAPI


def promised(
    service: str,
    app: Any,  # noqa: ANN401 -- any ASGI application
    *permissions: str,
) -> Schema:
    """Read a service's document, as a caller who holds every permission."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)

    @schema.auth(refresh_interval=None)
    class Passport:
        def get(self, _case: Case[Any], _context: object) -> str:
            held = (*permissions, *Audit)
            return shown(service, "unicef", held, "assistance")["authorization"]

        def set(self, case: Case[Any], data: str, _context: object) -> None:
            case.headers["authorization"] = data

    return schema


@pytest.fixture
async def beneficiaries(fresh: Freshly) -> Schema:
    given = BeneficiariesSettings.load(
        database=(await fresh("beneficiaries")).url,
        keys=(await fresh("keys")).url,
        master_key=MASTER,
        **KEYS,
    )
    return promised("beneficiaries", beneficiaries_app(given), *Beneficiaries)


@pytest.fixture
async def grants(fresh: Freshly, tmp_path: Path) -> Schema:
    given = GrantsSettings.load(
        database=(await fresh("grants")).url,
        master_key=MASTER,
        documents=tmp_path.as_uri(),
        **KEYS,
    )
    return promised("grants", grants_app(given), *Grants)


@pytest.fixture
async def employment(fresh: Freshly) -> Schema:
    given = EmploymentSettings.load(
        database=(await fresh("employment")).url,
        gateway=NOBODY,
        beneficiaries=NOBODY,
        grants=NOBODY,
        exchange_secret="x" * 32,
        **KEYS,
    )
    return promised("employment", employment_app(given), *Employment)


@pytest.fixture
async def programme(fresh: Freshly) -> Schema:
    given = ProgrammeSettings.load(
        database=(await fresh("programme")).url,
        **dict.fromkeys(("gateway", "beneficiaries", "grants", "employment"), NOBODY),
        exchange_secret="x" * 32,
        **KEYS,
    )
    return promised("programme", programme_app(given), *Programme)


def broken_promises(schema: Schema) -> str:
    """Try every operation with what its document allows and with what it does not."""
    broken = []
    for described in schema.get_all_operations():
        operation = described.ok()
        for mode in GenerationMode:
            try:
                trying(operation, mode, schema.auth)()
            except (Failure, FailureGroup) as failure:
                broken.append(f"{operation.label} ({mode.value}): {failure}")
    return "\n\n".join(broken)


def trying(
    operation: Any,  # noqa: ANN401 -- schemathesis types it by the version of OpenAPI
    mode: GenerationMode,
    auth: Any,  # noqa: ANN401 -- schemathesis's own
) -> Callable[[], None]:
    cases = operation.as_strategy(generation_mode=mode, auth_storage=auth)

    @BOUNDED
    @given(case=cases)
    def holds(case: Case[Any]) -> None:
        if case.query and case.query.get("wait") in range(1, 21):
            case.query["wait"] = 0  # nothing ever happens here that could be heard
        case.call_and_validate(headers={REQUEST_ID: str(uuid4())})

    return holds


def test_beneficiaries_keeps_its_promises(beneficiaries: Schema) -> None:
    assert broken_promises(beneficiaries) == ""


def test_grants_keeps_its_promises(grants: Schema) -> None:
    assert broken_promises(grants) == ""


def test_employment_keeps_its_promises(employment: Schema) -> None:
    assert broken_promises(employment) == ""


def test_programme_keeps_its_promises(programme: Schema) -> None:
    assert broken_promises(programme) == ""


def test_a_broken_promise_is_found(grants: Schema) -> None:
    """The control: a document that does not own up to its refusals is caught."""
    grants.raw_schema["paths"]["/organisations"]["get"]["responses"].pop("422")
    assert "Undocumented status code" in broken_promises(grants)
