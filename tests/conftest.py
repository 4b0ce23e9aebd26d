"""What every test may ask for: fresh databases, and spans that are kept to be searched.

Rings: rules need nothing; slices and the gateway need Postgres, which the suite starts
itself; system tests need the whole house as real processes.
"""

import pytest

pytest_plugins = ["tests.databases", "tests.watch"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.path.parent.name not in {"system", "contract"})
