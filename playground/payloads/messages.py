"""Messages in the words of Discord's API, with their attachments and the interactions that they answer."""

from playground.payloads.objects import channel_payload, iso, user_payload
from playground.refused import Json
from playground.schema.callbacks import Kind
from playground.schema.commands import CommandKind
from playground.world.model import PIN_NOTICE, Attachment, Interaction, Message, Reaction
from playground.world.world import World

REPLY = 0  # the type of a reference that is not a forward
NO_CONTENT: Json = {"content": "", "embeds": [], "components": [], "attachments": []}
"""What a bot without the Message Content intent is told in place of what others say."""


def hides_content(world: World, message: Message) -> bool:
    """Tell whether a message's content is kept from a bot without the Message Content intent."""
    bot_id = world.bot.id
    return message.guild_id is not None and message.author_id != bot_id and bot_id not in message.mentions


def kept_back(world: World, message: Message, payload: Json) -> Json:
    """Return the fields that a bot without the Message Content intent gets in place of the payload's."""
    hidden = dict(NO_CONTENT) if hides_content(world, message) else {}
    answered = referenced(world, message)
    if answered is not None and hides_content(world, answered):
        hidden["referenced_message"] = payload["referenced_message"] | NO_CONTENT
    return hidden


def referenced(world: World, message: Message) -> Message | None:
    """Return the message that this one replies to, if it is still there."""
    if message.reference is None or message.reference["type"] != REPLY or message.kind == PIN_NOTICE:
        return None
    channel = world.channels.get(int(message.reference["channel_id"]))
    return None if channel is None else channel.messages.get(int(message.reference["message_id"]))


def attachment_payload(world: World, message: Message, attachment: Attachment) -> Json:
    """Return an attachment object."""
    payload = _file_payload(attachment, world.attachment_url(message, attachment))
    if message.for_user is not None:
        payload["ephemeral"] = True
    return payload


def upload_payload(world: World, upload: Attachment) -> Json:
    """Return the attachment object of a file that a person gave to a command."""
    return _file_payload(upload, world.upload_url(upload)) | {"ephemeral": True}


def _file_payload(attachment: Attachment, url: str) -> Json:
    payload: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": len(attachment.content),
        "url": url,
        "proxy_url": url,
        "content_type": attachment.content_type,
        "flags": 0,
    }
    if attachment.description is not None:
        payload["description"] = attachment.description
    if attachment.width is not None:
        payload |= {"width": attachment.width, "height": attachment.height}
    return payload


def reaction_payload(world: World, reaction: Reaction) -> Json:
    """Return how often a reaction stands under a message."""
    count = len(reaction.user_ids)
    return {
        "emoji": reaction.emoji,
        "count": count,
        "count_details": {"burst": 0, "normal": count},
        "burst_colors": [],
        "me": world.bot.id in reaction.user_ids,
        "me_burst": False,
    }


def message_payload(world: World, message: Message, *, nested: bool = False) -> Json:
    """Return a message object as REST gives it.

    One that is `nested` in a reply does not tell what it replies to itself.
    """
    payload: Json = {
        "id": str(message.id),
        "type": message.kind,
        "channel_id": str(message.channel_id),
        "content": message.content,
        "author": user_payload(message.webhook_author or world.users[message.author_id]),
        "embeds": message.embeds,
        "components": message.components,
        "attachments": [attachment_payload(world, message, one) for one in message.attachments],
        "flags": message.flags,
        "timestamp": iso(message.timestamp),
        "edited_timestamp": iso(message.edited),
        "mentions": [user_payload(world.users[user]) for user in message.mentions],
        "mention_roles": [str(role) for role in message.mention_roles],
        "mention_everyone": message.mention_everyone,
        "pinned": message.pinned_at is not None,
        "tts": False,
    }
    thread = world.channels.get(message.id)
    if thread is not None:
        payload["thread"] = channel_payload(world, thread)
    if message.reactions:
        payload["reactions"] = [reaction_payload(world, one) for one in message.reactions.values()]
    if message.nonce is not None:
        payload["nonce"] = message.nonce
    if message.answers is not None:
        payload |= {
            "interaction_metadata": interaction_metadata(world, message.answers),
            "application_id": str(world.application_id),
            "webhook_id": str(world.application_id),
        }
    if message.webhook_author is not None:
        payload["webhook_id"] = str(message.author_id)
    if message.reference is not None:
        payload["message_reference"] = message.reference
        if message.reference["type"] == REPLY and message.kind != PIN_NOTICE and not nested:
            answered = referenced(world, message)
            payload["referenced_message"] = (
                None if answered is None else message_payload(world, answered, nested=True)
            )
    return payload


def interaction_metadata(world: World, interaction: Interaction) -> Json:
    """Return what a message says about the interaction that it answers."""
    entry: Json = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": user_payload(world.users[interaction.user_id]),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.kind is Kind.COMMAND:
        kind = interaction.data.get("type", CommandKind.CHAT_INPUT)
        entry |= {"name": interaction.data["name"], "command_type": kind}
        if kind == CommandKind.USER:
            entry["target_user"] = user_payload(world.users[int(interaction.data["target_id"])])
        elif kind == CommandKind.MESSAGE:
            entry["target_message_id"] = interaction.data["target_id"]
    elif interaction.kind is Kind.COMPONENT and interaction.source is not None:
        entry["interacted_message_id"] = str(interaction.source.id)
    elif interaction.opened_by is not None:
        entry["triggering_interaction_metadata"] = interaction_metadata(world, interaction.opened_by)
    return entry
