"""What happens in the world, told to the bot."""

from playground.gateway.gateway import Gateway
from playground.gateway.sessions import Intent
from playground.payloads.interactions import interaction_payload
from playground.payloads.messages import NO_CONTENT, hides_content, message_payload
from playground.payloads.objects import member_fields
from playground.refused import Json
from playground.world.events import Event, Hub, InteractionEvent, MessageEvent
from playground.world.model import Interaction, Message
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
            case InteractionEvent(interaction, "waiting"):
                self._tell_interaction(interaction)

    def _tell_message(self, what: str, message: Message) -> None:
        intent = Intent.DIRECT_MESSAGES if message.guild_id is None else Intent.GUILD_MESSAGES
        if what == "delete":
            data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        else:
            data = message_payload(self._world, message)
        if message.guild_id is not None:
            data["guild_id"] = str(message.guild_id)
            guild = self._world.guilds.get(message.guild_id)
            author = guild.members.get(message.author_id) if guild is not None else None
            if author is not None and what != "delete":
                data["member"] = member_fields(author)
        bare = data | NO_CONTENT if what != "delete" and hides_content(self._world, message) else None
        self._gateway.dispatch(
            f"MESSAGE_{what.upper()}", data, message.guild_id, intent, without_content=bare
        )

    def _tell_interaction(self, interaction: Interaction) -> None:
        payload = interaction_payload(self._world, interaction)
        self._gateway.dispatch("INTERACTION_CREATE", payload, interaction.guild_id)
