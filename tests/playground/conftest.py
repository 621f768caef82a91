"""The wire tests' fixtures, for the tests of the local Discord itself."""

from tests.wire.conftest import discord, start_client

__all__ = ["discord", "start_client"]
