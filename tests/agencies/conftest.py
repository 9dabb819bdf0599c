import pytest

from tests.agencies.world import Province


@pytest.fixture
def province(db: None) -> Province:
    return Province()
