"""A folder for a server of the test's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import roomy_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = roomy_folder()
    yield folder
    shutil.rmtree(folder)
