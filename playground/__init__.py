"""A local Discord for a bot: real HTTP, a real gateway, a web page, and people to act as.

    discord = LocalDiscord()
    await discord.start()
    driver = Driver(discord)
    await driver.start_process(BotProcess(discord, ["python", "my_bot.py"]))
    reply = await driver.member("Ada").run("ping")

What is named here is for everybody; what lies below may change from one day to the next. A name is imported
when it is first asked for, because a bot's own process needs none of the server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.api.log import RequestRecord
    from playground.child import end_with_parent
    from playground.clock import SharedClock, SharedTime, parents_time
    from playground.faults import Hold
    from playground.launch import CannotServe, Launcher
    from playground.process import BotProcess
    from playground.redirect import point_discord_at
    from playground.refused import Json, Refused
    from playground.schema.components import refuse_components
    from playground.schema.modals import refuse_modal
    from playground.server import LocalDiscord
    from playground.testing.client import RunningClient
    from playground.testing.driver import PATIENCE, Actor, Driver
    from playground.testing.shown import Reply, Shown
    from playground.web.page import Page
    from playground.world.model import Channel, ChannelKind, Guild, Interaction, Message
    from playground.world.permissions import Permission
    from playground.world.scene import Scene

__all__ = [
    "PATIENCE",
    "Actor",
    "BotProcess",
    "CannotServe",
    "Channel",
    "ChannelKind",
    "Driver",
    "Guild",
    "Hold",
    "Interaction",
    "Json",
    "Launcher",
    "LocalDiscord",
    "Message",
    "Page",
    "Permission",
    "Refused",
    "Reply",
    "RequestRecord",
    "RunningClient",
    "Scene",
    "SharedClock",
    "SharedTime",
    "Shown",
    "end_with_parent",
    "parents_time",
    "point_discord_at",
    "refuse_components",
    "refuse_modal",
]

_HOMES = {
    "playground.api.log": ("RequestRecord",),
    "playground.child": ("end_with_parent",),
    "playground.clock": ("SharedClock", "SharedTime", "parents_time"),
    "playground.faults": ("Hold",),
    "playground.launch": ("CannotServe", "Launcher"),
    "playground.process": ("BotProcess",),
    "playground.redirect": ("point_discord_at",),
    "playground.refused": ("Json", "Refused"),
    "playground.schema.components": ("refuse_components",),
    "playground.schema.modals": ("refuse_modal",),
    "playground.server": ("LocalDiscord",),
    "playground.testing.client": ("RunningClient",),
    "playground.testing.driver": ("PATIENCE", "Actor", "Driver"),
    "playground.testing.shown": ("Reply", "Shown"),
    "playground.web.page": ("Page",),
    "playground.world.model": ("Channel", "ChannelKind", "Guild", "Interaction", "Message"),
    "playground.world.permissions": ("Permission",),
    "playground.world.scene": ("Scene",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
