"""What every test may ask for: fresh databases, and spans that are kept to be searched.

Rings: rules need nothing; slices and the gateway need Postgres, which the suite starts
itself; system tests need the whole house as real processes.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import httpx
import pytest

pytest_plugins = ["tests.databases", "tests.watch"]

# After how long an answer is given up. A machine that stands still for some seconds is
# no fault of what is tested, so the suite is more patient than an installation is.
PATIENT: Final[dict[str, object]] = {
    "gateway.audit.PATIENCE": 60.0,
    "gateway.forward.CONNECTING": 60.0,
    "gateway.revocations.BLIND": 60.0,
    "services.kit.exchange.PATIENCE": httpx.Timeout(60),
    "services.kit.exchange.LASTING": httpx.Timeout(60),
}


def _shipped(name: str) -> Any:  # noqa: ANN401 -- whatever it is
    module, _, constant = name.rpartition(".")
    return getattr(import_module(module), constant)


AS_SHIPPED: Final = {name: _shipped(name) for name in PATIENT}


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in PATIENT.items():
            patched.setattr(name, value)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.path.parent.name not in {"system", "contract"})
