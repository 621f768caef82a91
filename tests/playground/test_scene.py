"""What the bot keeps about the playground's server has to mean the same after a restart of the playground."""

from playground.clock import SharedClock
from playground.world.scene import Scene


def test_every_restart_finds_the_same_server_channels_threads_and_roles() -> None:
    later = SharedClock()
    later.advance(3_600)
    first, second = (Scene().new_world(clock, "a token") for clock in (SharedClock(), later))
    assert first.guilds.keys() == second.guilds.keys()
    for guild_id, guild in first.guilds.items():
        again = second.guilds[guild_id]
        assert guild.channels.keys() == again.channels.keys()
        assert guild.roles.keys() == again.roles.keys()
        assert guild.members.keys() == again.members.keys()
