"""A migrated database for the campaigns, once a test run."""

from pathlib import Path

import pytest

from tests import migrated


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("races")


@pytest.fixture(scope="session")
def template() -> str:
    return migrated.template()
