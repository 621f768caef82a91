"""People use what is on a message or in a form: they click, choose and submit."""

from collections.abc import Sequence

from playground.payloads.messages import upload_payload
from playground.people.acting import GUILD_INSTALL, Acting, merge
from playground.people.client import not_offered, not_on_message
from playground.people.command_calls import file_of
from playground.refused import Json, Reason, Refused
from playground.schema.callbacks import Kind
from playground.schema.components import SELECTS, ComponentKind, walk
from playground.schema.message import MessageFlag
from playground.schema.modals import check_picks, filled_in
from playground.world.model import Guild, Interaction, Message

SELECT_RESOLVED_AS = {
    ComponentKind.USER_SELECT: ("users",),
    ComponentKind.ROLE_SELECT: ("roles",),
    ComponentKind.MENTIONABLE_SELECT: ("users", "roles"),
    ComponentKind.CHANNEL_SELECT: ("channels",),
}


class Components(Acting):
    """Buttons, selects and modals."""

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
        """Submit the modal that an interaction opened; a field for files takes pairs of a name and its bytes.

        Raises Refused with a sentence where the client would not.
        """
        opener = self._interactions.find(interaction_id)
        if opener.modal is None or opener.user_id != user_id:
            raise not_offered("This form is not open.")
        if opener.submitted and not force:
            raise not_offered("This form has been submitted already.")
        if custom_id is not None and custom_id != opener.modal["custom_id"]:
            raise not_on_message("The form has another id.")
        fields, found = self._handed_in(opener.modal, fields)
        try:
            components = filled_in(opener.modal, fields)
        except ValueError as error:
            raise not_offered(str(error)) from None
        channel, guild = self._place(user_id, opener.channel_id)
        data: Json = {"custom_id": opener.modal["custom_id"], "components": components}
        merge(found, self._resolve_modal(guild, components))
        if found:
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

    @staticmethod
    def _message_owners(guild: Guild | None, message: Message) -> dict[str, str]:
        """Return the installs that led to a message; whoever clicks on it acts under those."""
        if message.answers is None:
            return {GUILD_INSTALL: "0" if guild is None else str(guild.id)}
        return message.answers.owners

    def _handed_in(self, modal: Json, fields: Json) -> tuple[Json, Json]:
        """Return the fields with ids in place of files, and the files resolved.

        Raises Refused with a sentence.
        """
        given = dict(fields)
        found: Json = {}
        for _, part in walk(modal["components"]):
            if part["type"] != ComponentKind.FILE_UPLOAD or given.get(part["custom_id"]) is None:
                continue
            files = [file_of({"name": "This field"}, value) for value in given[part["custom_id"]]]
            uploads = [self._messages.take_upload(*file) for file in files]
            given[part["custom_id"]] = [str(upload.id) for upload in uploads]
            for upload in uploads:
                merge(found, {"attachments": {str(upload.id): upload_payload(self._world, upload)}})
        return given, found

    def _resolve_modal(self, guild: Guild | None, components: Sequence[Json]) -> Json:
        found: Json = {}
        for _, part in walk(components):
            if part["type"] in SELECT_RESOLVED_AS and "values" in part:
                kinds = SELECT_RESOLVED_AS[ComponentKind(part["type"])]
                merge(found, self._resolve(guild, kinds, part["values"]))
        return found


def _check_clickable(message: Message, part: Json | None, values: Sequence[str] | None) -> None:
    if part is None or message.flags & MessageFlag.LOADING:
        raise not_on_message("There is no such component on the message.")
    if part.get("disabled"):
        raise not_on_message("The component is disabled.")
    if (part["type"] in SELECTS) != (values is not None):
        raise not_on_message("A select takes values, a button none.")
    if values is not None:
        if not part["min_values"] <= len(values) <= part["max_values"]:
            raise not_on_message("The number of choices does not fit.")
        try:
            check_picks(part, list(values))
        except ValueError as error:
            raise not_on_message(str(error)) from None
