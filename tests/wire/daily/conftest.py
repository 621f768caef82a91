import pytest

from playground import Driver
from tests.wire.daily.acts import Daily


@pytest.fixture
def daily(discord: Driver) -> Daily:
    return Daily(discord)
