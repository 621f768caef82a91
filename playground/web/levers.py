"""The page's levers for misbehaviour: each field of the request pulls one."""

from collections.abc import Callable
from typing import Any

from playground.refused import Json, Reason, Refused
from playground.schema.forms import is_snowflake
from playground.server import LocalDiscord
from playground.world.events import StatusEvent
from playground.world.permissions import Permission, permission_named


class Levers:
    """Does what `POST /playground/faults` asks for."""

    def __init__(self, discord: LocalDiscord, restart_bot: Callable[[], None] | None) -> None:
        self._discord = discord
        self._restart_bot = restart_bot
        self._levers: dict[str, Callable[[Any], None]] = {
            "drop_gateway": lambda seconds: discord.controls.drop_gateway(
                0 if seconds is True else float(seconds)
            ),
            "fail_next": self._fail_next,
            "slow": lambda seconds: discord.faults.slow(float(seconds)),
            "revoke": lambda where: discord.controls.deny(*self._permission(where)),
            "grant": lambda where: discord.controls.allow(*self._permission(where)),
            "restart_bot": lambda _: self._restart(),
            "kick": lambda _: discord.controls.kick(discord.world.guild(discord.world.first_guild.id)),
            "invite": lambda _: self._invite(),
            "delete_message": self._delete_message,
            "clear": lambda _: self._end_all(),
        }

    def pull(self, body: Json) -> None:
        """Pull every lever that the body names. Raises Refused with a sentence."""
        for name, value in body.items():
            if name not in self._levers:
                raise Refused(Reason.NOT_OFFERED, f"There is no fault {name}.")
            self._levers[name](value)
        self._discord.hub.publish(StatusEvent("faults"))

    def _fail_next(self, value: Json) -> None:
        self._discord.faults.fail_next(int(value["status"]), int(value.get("count", 1)), value.get("route"))

    def _permission(self, where: Json) -> tuple[Any, Permission]:
        try:
            permission = permission_named(str(where["permission"]))
        except KeyError:
            raise Refused(Reason.NOT_OFFERED, "There is no such permission.") from None
        return self._discord.world.channel(id_in(where, "channel")), permission

    def _delete_message(self, where: Json) -> None:
        channel = self._discord.world.channel(id_in(where, "channel"))
        self._discord.controls.delete_message(self._discord.messages.find(channel, id_in(where, "message")))

    def _end_all(self) -> None:
        self._discord.faults.clear()
        if self._discord.world.bot.id not in self._discord.world.first_guild.members:
            self._invite()
        self._discord.controls.give_back()

    def _restart(self) -> None:
        if self._restart_bot is None:
            raise Refused(Reason.NOT_OFFERED, "Only the playground that started the bot can restart it.")
        self._restart_bot()

    def _invite(self) -> None:
        guild = self._discord.world.first_guild
        if self._discord.world.bot.id in guild.members:
            raise Refused(Reason.NOT_OFFERED, "The bot is here already.")
        self._discord.controls.invite(guild, self._discord.scene.bot_permissions)


def id_in(source: Any, name: str) -> int:
    """Return the id that a request carries under a name. Raises Refused with a sentence."""
    value = source.get(name)
    if not is_snowflake(value):
        raise Refused(Reason.NOT_OFFERED, f"{name} has to be an id.")
    return int(value)


def place_in(source: Any) -> tuple[int, int]:
    """Return the ids of who acts and of the channel where. Raises Refused with a sentence."""
    return id_in(source, "user"), id_in(source, "channel")
