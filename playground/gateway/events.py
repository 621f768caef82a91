"""What happens in the world, told to the bot."""

from collections.abc import Sequence

from playground.gateway.gateway import Gateway
from playground.gateway.sessions import Intent
from playground.payloads.interactions import interaction_payload
from playground.payloads.messages import kept_back, message_payload
from playground.payloads.objects import iso, member_fields, member_payload
from playground.refused import Json
from playground.world.events import (
    BulkDeleteEvent,
    Event,
    Hub,
    InteractionEvent,
    MessageEvent,
    PinsEvent,
    ReactionEvent,
)
from playground.world.model import Channel, Interaction, Member, Message
from playground.world.world import World


class Announcer:
    """Turns messages and new interactions into events of the gateway."""

    def __init__(self, world: World, hub: Hub, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway
        hub.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        match event:
            case MessageEvent(what, message) if message.for_user is None:
                self._tell_message(what, message)
            case BulkDeleteEvent(channel, messages):
                self._tell_gone(channel, messages)
            case PinsEvent(channel):
                self._tell_pins(channel)
            case ReactionEvent() if event.message.for_user is None:
                self._tell_reaction(event)
            case InteractionEvent(interaction, "waiting"):
                self._tell_interaction(interaction)

    def _tell_message(self, what: str, message: Message) -> None:
        intent = Intent.DIRECT_MESSAGES if message.guild_id is None else Intent.GUILD_MESSAGES
        place = _place(message.channel_id, message.guild_id)
        if what == "delete":
            gone = {"id": str(message.id)} | place
            self._gateway.dispatch("MESSAGE_DELETE", gone, message.guild_id, intent)
            return
        data = message_payload(self._world, message) | place | self._beside(message, message.author_id)
        data["mentions"] = [user | self._beside(message, int(user["id"])) for user in data["mentions"]]
        hidden = kept_back(self._world, message, data)
        self._gateway.dispatch(
            f"MESSAGE_{what.upper()}",
            data,
            message.guild_id,
            intent,
            without_content=data | hidden if hidden else None,
        )

    def _tell_gone(self, channel: Channel, messages: Sequence[Message]) -> None:
        gone = {"ids": [str(message.id) for message in messages]} | _place(channel.id, channel.guild_id)
        self._gateway.dispatch("MESSAGE_DELETE_BULK", gone, channel.guild_id, Intent.GUILD_MESSAGES)

    def _tell_pins(self, channel: Channel) -> None:
        intent = Intent.DIRECT_MESSAGES if channel.guild_id is None else Intent.GUILDS
        data = {"last_pin_timestamp": iso(channel.last_pin)} | _place(channel.id, channel.guild_id)
        self._gateway.dispatch("CHANNEL_PINS_UPDATE", data, channel.guild_id, intent)

    def _tell_reaction(self, event: ReactionEvent) -> None:
        message = event.message
        in_server = message.guild_id is not None
        intent = Intent.GUILD_MESSAGE_REACTIONS if in_server else Intent.DIRECT_MESSAGE_REACTIONS
        data: Json = {"message_id": str(message.id)} | _place(message.channel_id, message.guild_id)
        if event.emoji is not None:
            data["emoji"] = event.emoji
        if event.user_id is not None:
            data |= {"user_id": str(event.user_id), "burst": False, "type": 0}
        if event.what == "add" and event.user_id is not None:
            data["message_author_id"] = str(message.author_id)
            if member := self._member(message, event.user_id):
                data["member"] = member_payload(member, self._world.users[event.user_id])
        self._gateway.dispatch(f"MESSAGE_REACTION_{event.what.upper()}", data, message.guild_id, intent)

    def _member(self, message: Message, user_id: int) -> Member | None:
        guild = None if message.guild_id is None else self._world.guilds.get(message.guild_id)
        return None if guild is None else guild.members.get(user_id)

    def _beside(self, message: Message, user_id: int) -> Json:
        """Return the member as it stands beside its user in a message, where it is one."""
        member = self._member(message, user_id)
        return {} if member is None else {"member": member_fields(member)}

    def _tell_interaction(self, interaction: Interaction) -> None:
        payload = interaction_payload(self._world, interaction)
        self._gateway.dispatch("INTERACTION_CREATE", payload, interaction.guild_id)


def _place(channel_id: int, guild_id: int | None) -> Json:
    server: Json = {} if guild_id is None else {"guild_id": str(guild_id)}
    return {"channel_id": str(channel_id)} | server
