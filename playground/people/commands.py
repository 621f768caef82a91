"""People use commands: those that are typed, those of context menus, and what completes as one types."""

from playground.payloads.interactions import IN_BOT_DM, IN_GUILD
from playground.payloads.messages import message_payload, upload_payload
from playground.people.acting import GUILD_INSTALL, USER_INSTALL, Acting, merge
from playground.people.client import not_offered
from playground.people.command_calls import (
    command_data,
    command_line,
    contexts_of,
    file_of,
    find_leaf,
    is_permitted,
    option_value,
)
from playground.refused import Json, Reason, Refused
from playground.schema.callbacks import Kind
from playground.schema.commands import CommandKind, OptionKind
from playground.world.model import Channel, Guild, Interaction
from playground.world.permissions import Permission

RESOLVED_AS = {
    OptionKind.USER: ("users",),
    OptionKind.ROLE: ("roles",),
    OptionKind.CHANNEL: ("channels",),
    OptionKind.MENTIONABLE: ("users", "roles"),
}


class Commands(Acting):
    """The bot's commands."""

    def run(
        self, user_id: int, channel_id: int, path: str, options: Json, *, force: bool = False
    ) -> Interaction:
        """Run a slash command by its full path, such as `game start`. Raises Refused with a sentence."""
        channel, guild = self._place(user_id, channel_id)
        command, leaf, names = self._slash_command(guild, path)
        owners = self._owners(user_id, guild, command, force=force)
        if not force:
            self._check_allowed(user_id, guild, channel, command)
        given, found = self._options(guild, leaf, options, focused=None, force=force)
        data = command_data(command, names, given) | ({"resolved": found} if found else {})
        shown = command_line(names, {option["name"]: option["value"] for option in given}, found)
        return self._interactions.create(Kind.COMMAND, user_id, channel, data, owners=owners, command=shown)

    def use_on_user(self, user_id: int, channel_id: int, name: str, target_id: int) -> Interaction:
        """Use a command of a person's context menu. Raises Refused with a sentence."""
        _, guild = self._place(user_id, channel_id)
        found = self._resolve(guild, ("users",), [str(target_id)])
        return self._use(user_id, channel_id, CommandKind.USER, name, target_id, found)

    def use_on_message(self, user_id: int, channel_id: int, name: str, message_id: int) -> Interaction:
        """Use a command of a message's context menu. Raises Refused with a sentence."""
        channel, _ = self._place(user_id, channel_id)
        message = self._messages.find(channel, message_id)
        found = {"messages": {str(message_id): message_payload(self._world, message)}}
        return self._use(user_id, channel_id, CommandKind.MESSAGE, name, message_id, found)

    def _use(
        self, user_id: int, channel_id: int, kind: CommandKind, name: str, target_id: int, found: Json
    ) -> Interaction:
        channel, guild = self._place(user_id, channel_id)
        command = self._command(guild, kind, name)
        owners = self._owners(user_id, guild, command, force=False)
        self._check_allowed(user_id, guild, channel, command)
        data: Json = {"id": command["id"], "name": name, "type": int(kind), "target_id": str(target_id)}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        data["resolved"] = found
        return self._interactions.create(Kind.COMMAND, user_id, channel, data, owners=owners, command=name)

    def complete(self, user_id: int, channel_id: int, path: str, options: Json, focused: str) -> Interaction:
        """Ask for completions of the option `focused`, whose text so far is among `options`."""
        channel, guild = self._place(user_id, channel_id)
        command, leaf, names = self._slash_command(guild, path)
        owners = self._owners(user_id, guild, command, force=False)
        given, _ = self._options(guild, leaf, {focused: ""} | options, focused=focused, force=False)
        data = command_data(command, names, given)
        return self._interactions.create(Kind.AUTOCOMPLETE, user_id, channel, data, owners=owners)

    def _slash_command(self, guild: Guild | None, path: str) -> tuple[Json, Json, list[str]]:
        root, *nested = path.removeprefix("/").split()
        command = self._command(guild, CommandKind.CHAT_INPUT, root)
        return command, find_leaf(command, nested), [root, *nested]

    def _command(self, guild: Guild | None, kind: CommandKind, name: str) -> Json:
        scopes = [None] if guild is None else [guild.id, None]
        for scope in scopes:
            for command in self._world.commands.get(scope, ()):
                if (command["name"], command["type"]) == (name, kind):
                    return command
        raise not_offered(f"There is no command {'/' if kind is CommandKind.CHAT_INPUT else ''}{name}.")

    def _owners(self, user_id: int, guild: Guild | None, command: Json, *, force: bool) -> dict[str, str]:
        context = IN_BOT_DM if guild is None else IN_GUILD
        if context not in contexts_of(command) and not force:
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

    def _check_allowed(self, user_id: int, guild: Guild | None, channel: Channel, command: Json) -> None:
        if guild is None:
            return
        permissions = self._permissions(user_id, channel, guild)
        if guild.members[user_id].is_timed_out(self._world.clock.now()):
            raise not_offered("You are timed out.")
        if not permissions & Permission.VIEW_CHANNEL:
            raise Refused(Reason.NO_ACCESS)
        if not permissions & Permission.USE_APPLICATION_COMMANDS:
            raise not_offered("You may not use commands in this channel.")
        if not is_permitted(command, permissions):
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
            elif option["type"] == OptionKind.ATTACHMENT:
                upload = self._messages.take_upload(*file_of(option, value))
                entry["value"] = str(upload.id)
                merge(found, {"attachments": {str(upload.id): upload_payload(self._world, upload)}})
            else:
                entry["value"] = value if force else option_value(option, value)
                if option["type"] in RESOLVED_AS:
                    merge(found, self._resolve(guild, RESOLVED_AS[option["type"]], [str(value)]))
            given.append(entry)
        return given, found
