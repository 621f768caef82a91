import pytest

from tests.wire.daily.acts import Daily
from tests.wire.harness import Driver


@pytest.fixture
def daily(discord: Driver) -> Daily:
    return Daily(discord)
