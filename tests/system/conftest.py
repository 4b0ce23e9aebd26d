"""The house that a module's tests share: real processes on a durable server."""

from collections.abc import Iterator

import pytest

from tests.house import House, house


@pytest.fixture(scope="module")
def here() -> Iterator[House]:
    with house() as here:
        yield here
