"""The local Discord of the tests over the wire, for storms as well."""

from tests.wire.conftest import discord

__all__ = ["discord"]
