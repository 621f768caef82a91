"""What people do: write, run a command, complete an option, click, choose, submit.

What Discord's client would not let them do is refused with a sentence; `force=True` skips those checks, for
tests that forge.
"""

from collections.abc import Sequence

from playground.payloads.interactions import IN_BOT_DM, IN_GUILD, IN_PRIVATE, resolved
from playground.people.client import not_offered, not_on_message
from playground.people.command_calls import command_data, command_line, find_leaf, option_value
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.callbacks import Kind
from playground.schema.commands import OptionKind
from playground.schema.components import SELECTS, ComponentKind, walk
from playground.schema.message import MessageFlag
from playground.schema.modals import check_picks, filled_in
from playground.world.interactions import Interactions
from playground.world.messages import Messages, Origin
from playground.world.model import NO_TEXT, Channel, Guild, Interaction, Message
from playground.world.permissions import ALL, IN_DIRECT_MESSAGES, Permission, channel_permissions, may_send
from playground.world.world import World

GUILD_INSTALL, USER_INSTALL = "0", "1"
RESOLVED_AS = {
    OptionKind.USER: ("users",),
    OptionKind.ROLE: ("roles",),
    OptionKind.CHANNEL: ("channels",),
    OptionKind.MENTIONABLE: ("users", "roles"),
}
SELECT_RESOLVED_AS = {
    ComponentKind.USER_SELECT: ("users",),
    ComponentKind.ROLE_SELECT: ("roles",),
    ComponentKind.MENTIONABLE_SELECT: ("users", "roles"),
    ComponentKind.CHANNEL_SELECT: ("channels",),
}


class People:
    """Everything that a person can do to the bot."""

    def __init__(self, world: World, messages: Messages, interactions: Interactions) -> None:
        self._world = world
        self._messages = messages
        self._interactions = interactions

    def say(self, user_id: int, channel_id: int, content: str) -> Message:
        """Write a plain message. Raises Refused with a sentence."""
        channel, guild = self._place(user_id, channel_id)
        permissions = IN_DIRECT_MESSAGES
        if guild is not None:
            now = self._world.clock.now()
            permissions = channel_permissions(guild, guild.members[user_id], channel, now)
        if channel.kind in NO_TEXT or not may_send(permissions, channel):
            raise not_offered("You cannot write in this channel.")
        if not 0 < len(content.strip()) <= limits.CONTENT_LENGTH:
            raise not_offered(f"A message has 1 to {limits.CONTENT_LENGTH} characters.")
        self._messages.open_thread(channel, permissions)
        origin = Origin(user_id, may_ping=bool(permissions & Permission.MENTION_EVERYONE))
        return self._messages.create(channel, {"content": content}, (), origin)

    def run(
        self, user_id: int, channel_id: int, path: str, options: Json, *, force: bool = False
    ) -> Interaction:
        """Run a slash command by its full path, such as `game start`. Raises Refused with a sentence."""
        channel, guild = self._place(user_id, channel_id)
        command, leaf, names = self._command(guild, path)
        owners = self._owners(user_id, guild, command, force=force)
        if not force:
            self._check_allowed(user_id, guild, channel, command)
        given, found = self._options(guild, leaf, options, focused=None, force=force)
        data = command_data(command, names, given) | ({"resolved": found} if found else {})
        shown = command_line(names, options, found)
        return self._interactions.create(Kind.COMMAND, user_id, channel, data, owners=owners, command=shown)

    def complete(self, user_id: int, channel_id: int, path: str, options: Json, focused: str) -> Interaction:
        """Ask for completions of the option `focused`, whose text so far is among `options`."""
        channel, guild = self._place(user_id, channel_id)
        command, leaf, names = self._command(guild, path)
        owners = self._owners(user_id, guild, command, force=False)
        given, _ = self._options(guild, leaf, {focused: ""} | options, focused=focused, force=False)
        data = command_data(command, names, given)
        return self._interactions.create(Kind.AUTOCOMPLETE, user_id, channel, data, owners=owners)

    def click(
        self,
        user_id: int,
        channel_id: int,
        message_id: int,
        custom_id: str,
        values: Sequence[str] | None = None,
        *,
        force: bool = False,
    ) -> Interaction:
        """Click a button or choose in a select.

        Raises Refused when it is not on the message or disabled.
        """
        channel, guild = self._place(user_id, channel_id)
        message = channel.messages.get(message_id)
        if message is None or (message.for_user not in (None, user_id)):
            raise Refused(Reason.UNKNOWN_MESSAGE)
        part = next((one for _, one in walk(message.components) if one.get("custom_id") == custom_id), None)
        if not force:
            _check_clickable(message, part, values)
        kind = ComponentKind.BUTTON if part is None else ComponentKind(part["type"])
        data: Json = {
            "component_type": int(kind),
            "custom_id": custom_id,
            "id": 0 if part is None else part["id"],
        }
        if values is not None:
            data["values"] = list(values)
            if kind in SELECT_RESOLVED_AS:
                data["resolved"] = self._resolve(guild, SELECT_RESOLVED_AS[kind], values)
        owners = self._message_owners(guild, message)
        return self._interactions.create(
            Kind.COMPONENT, user_id, channel, data, owners=owners, source=message
        )

    def submit(
        self,
        user_id: int,
        interaction_id: int,
        fields: Json,
        *,
        custom_id: str | None = None,
        force: bool = False,
    ) -> Interaction:
        """Submit the modal that an interaction opened.

        Raises Refused with a sentence where the client would not.
        """
        opener = self._interactions.find(interaction_id)
        if opener.modal is None or opener.user_id != user_id:
            raise not_offered("This form is not open.")
        if opener.submitted and not force:
            raise not_offered("This form has been submitted already.")
        if custom_id is not None and custom_id != opener.modal["custom_id"]:
            raise not_on_message("The form has another id.")
        try:
            components = filled_in(opener.modal, fields)
        except ValueError as error:
            raise not_offered(str(error)) from None
        channel, guild = self._place(user_id, opener.channel_id)
        data: Json = {"custom_id": opener.modal["custom_id"], "components": components}
        if found := self._resolve_modal(guild, components):
            data["resolved"] = found
        return self._interactions.create(
            Kind.MODAL_SUBMIT,
            user_id,
            channel,
            data,
            owners=opener.owners,
            command=opener.command,
            source=opener.source,
            opened_by=opener,
        )

    def _place(self, user_id: int, channel_id: int) -> tuple[Channel, Guild | None]:
        channel = self._world.channel(channel_id)
        guild = self._world.guild_of(channel)
        inside = user_id == channel.recipient_id if guild is None else user_id in guild.members
        if not inside or user_id not in self._world.users:
            raise Refused(Reason.NO_ACCESS)
        return channel, guild

    def _command(self, guild: Guild | None, path: str) -> tuple[Json, Json, list[str]]:
        root, *nested = path.removeprefix("/").split()
        scopes = [None] if guild is None else [guild.id, None]
        for scope in scopes:
            for command in self._world.commands.get(scope, ()):
                if command["name"] == root and command["type"] == 1:
                    return command, find_leaf(command, nested), [root, *nested]
        raise not_offered(f"There is no command /{root}.")

    def _owners(self, user_id: int, guild: Guild | None, command: Json, *, force: bool) -> dict[str, str]:
        context = IN_BOT_DM if guild is None else IN_GUILD
        allowed = command.get("contexts")
        if allowed is None:
            allowed = [IN_GUILD, IN_BOT_DM, IN_PRIVATE] if command.get("dm_permission", True) else [IN_GUILD]
        if context not in allowed and not force:
            raise not_offered("This command is not available here.")
        installs = command.get("integration_types") or [0]
        owners = {}
        if 0 in installs and (guild is None or self._world.bot.id in guild.members):
            owners[GUILD_INSTALL] = "0" if guild is None else str(guild.id)
        if 1 in installs and user_id in self._world.user_installs:
            owners[USER_INSTALL] = str(user_id)
        if not owners:
            raise not_offered("The app is not installed here.")
        return owners

    @staticmethod
    def _message_owners(guild: Guild | None, message: Message) -> dict[str, str]:
        """Return the installs that a message came of; whoever clicks on it acts under those."""
        if message.answers is None:
            return {GUILD_INSTALL: "0" if guild is None else str(guild.id)}
        return message.answers.owners

    def _check_allowed(self, user_id: int, guild: Guild | None, channel: Channel, command: Json) -> None:
        if guild is None:
            return
        member = guild.members[user_id]
        now = self._world.clock.now()
        permissions = channel_permissions(guild, member, channel, now)
        if member.timed_out_until is not None and member.timed_out_until > now:
            raise not_offered("You are timed out.")
        if not permissions & Permission.VIEW_CHANNEL:
            raise Refused(Reason.NO_ACCESS)
        if not permissions & Permission.USE_APPLICATION_COMMANDS:
            raise not_offered("You may not use commands in this channel.")
        needed = command.get("default_member_permissions")
        if needed is not None and permissions != ALL:
            missing = int(needed) & ~int(permissions)
            if missing or int(needed) == 0:
                raise not_offered("You do not have permission to use this command.")

    def _options(
        self, guild: Guild | None, leaf: Json, options: Json, *, focused: str | None, force: bool
    ) -> tuple[list[Json], Json]:
        described = {option["name"]: option for option in leaf.get("options") or ()}
        if unknown := options.keys() - described.keys():
            raise not_offered(f"This command has no option {min(unknown)}.")
        for name, option in described.items():
            if option.get("required") and name not in options and focused is None and not force:
                raise not_offered(f"The option {name} is required.")
        given: list[Json] = []
        found: Json = {}
        for name, value in options.items():
            option = described[name]
            entry: Json = {"name": name, "type": option["type"]}
            if name == focused:
                if not option.get("autocomplete"):
                    raise not_offered(f"The option {name} does not complete.")
                entry |= {"value": str(value), "focused": True}
            else:
                entry["value"] = value if force else option_value(option, value)
                if option["type"] in RESOLVED_AS:
                    _merge(found, self._resolve(guild, RESOLVED_AS[option["type"]], [str(value)]))
            given.append(entry)
        return given, found

    def _resolve(self, guild: Guild | None, kinds: Sequence[str], values: Sequence[str]) -> Json:
        found: Json = {}
        for value in values:
            for kind in kinds:
                try:
                    _merge(found, resolved(self._world, guild, kind, int(value)))
                    break
                except ValueError:
                    continue
            else:
                raise not_offered("There is no such thing here.")
        return found

    def _resolve_modal(self, guild: Guild | None, components: Sequence[Json]) -> Json:
        found: Json = {}
        for _, part in walk(components):
            if part["type"] in SELECT_RESOLVED_AS and "values" in part:
                kinds = SELECT_RESOLVED_AS[ComponentKind(part["type"])]
                _merge(found, self._resolve(guild, kinds, part["values"]))
        return found


def _check_clickable(message: Message, part: Json | None, values: Sequence[str] | None) -> None:
    if part is None or message.flags & MessageFlag.LOADING:
        raise not_on_message("There is no such component on the message.")
    if part.get("disabled"):
        raise not_on_message("The component is disabled.")
    if (part["type"] in SELECTS) != (values is not None):
        raise not_on_message("A select takes values, a button none.")
    if values is not None:
        low, high = part.get("min_values"), part.get("max_values")
        if not (1 if low is None else low) <= len(values) <= (1 if high is None else high):
            raise not_on_message("The number of choices does not fit.")
        try:
            check_picks(part, list(values))
        except ValueError as error:
            raise not_on_message(str(error)) from None


def _merge(found: Json, more: Json) -> None:
    for kind, entries in more.items():
        found.setdefault(kind, {}).update(entries)
