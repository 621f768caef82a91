"""The bodies with which a message is made or edited. Source: Discord's documentation, Resources / Message."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.components import ATTACHMENT_SCHEME, check_components, media_of, walk
from playground.schema.forms import (
    Check,
    Form,
    Path,
    address,
    anything,
    boolean,
    choice,
    listing,
    moment,
    number,
    record,
    snowflake,
    text,
    whole,
)


class MessageFlag(IntFlag):
    """The message flags that this playground knows."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


SENDABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.IS_COMPONENTS_V2
RESPONDABLE = SENDABLE | MessageFlag.EPHEMERAL
EDITABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2

URL = address(0, limits.URL_LENGTH)
MEDIA_URL = address(0, limits.URL_LENGTH, "attachment")
ICON_FIELDS: dict[str, Check] = {"icon_url": MEDIA_URL, "proxy_icon_url": anything}
IMAGE = record(
    {},
    {
        "url": MEDIA_URL,
        "proxy_url": anything,
        "height": number,
        "width": number,
    },
)
EMBED = record(
    {},
    {
        "type": choice(("rich",)),
        "url": URL,
        "title": text(0, limits.EMBED_TITLE_LENGTH),
        "description": text(0, limits.EMBED_DESCRIPTION_LENGTH),
        "color": whole(0, limits.COLOR),
        "timestamp": moment,
        "flags": anything,
        "image": IMAGE,
        "thumbnail": IMAGE,
        "footer": record({"text": text(1, limits.EMBED_FOOTER_LENGTH)}, ICON_FIELDS),
        "author": record(
            {"name": text(1, limits.EMBED_AUTHOR_LENGTH)},
            ICON_FIELDS | {"url": URL},
        ),
        "fields": listing(
            record(
                {
                    "name": text(1, limits.EMBED_FIELD_NAME_LENGTH),
                    "value": text(1, limits.EMBED_FIELD_VALUE_LENGTH),
                },
                {"inline": boolean},
            ),
            0,
            limits.EMBED_FIELDS,
        ),
    },
)
ALLOWED_MENTIONS = record(
    {},
    {
        "parse": listing(choice(("users", "roles", "everyone")), 0, 3),
        "users": listing(snowflake, 0, limits.ALLOWED_MENTION_IDS),
        "roles": listing(snowflake, 0, limits.ALLOWED_MENTION_IDS),
        "replied_user": boolean,
    },
)
# An attachment that stays is sent back as Discord described it, so those fields are allowed too.
ATTACHMENT = record(
    {"id": snowflake},
    {
        "filename": text(1, limits.FILE_NAME_LENGTH),
        "description": text(0, limits.ALT_TEXT_LENGTH),
        "title": text(0, limits.FILE_NAME_LENGTH),
        "is_spoiler": boolean,
        "spoiler": boolean,
    }
    | dict.fromkeys(("url", "proxy_url", "content_type", "size", "width", "height"), anything),
)


def _nonce(form: Form, path: Path, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        text(0, limits.NONCE_LENGTH)(form, path, value)


CONTENT_FIELDS: dict[str, Check] = {
    "content": text(0, limits.CONTENT_LENGTH),
    "embeds": listing(EMBED, 0, limits.EMBEDS),
    "components": anything,  # checked separately: their form depends on the flags
    "attachments": listing(ATTACHMENT, 0, limits.ATTACHMENTS),
    "allowed_mentions": ALLOWED_MENTIONS,
    "flags": whole(0, 2**53),
    "tts": boolean,
}
REFERENCE = record(
    {"message_id": snowflake},
    {"type": whole(0, 1), "channel_id": snowflake, "guild_id": snowflake, "fail_if_not_exists": boolean},
)
CREATE = record(
    {}, CONTENT_FIELDS | {"nonce": _nonce, "enforce_nonce": boolean, "message_reference": REFERENCE}
)
RESPONSE = record({}, CONTENT_FIELDS)
BY_WEBHOOK = record(
    {},
    CONTENT_FIELDS
    | {
        "username": text(1, limits.WEBHOOK_NAME_LENGTH),
        "avatar_url": URL,
        "thread_name": text(0, limits.THREAD_NAME_LENGTH),
    },
)
EDIT = record({}, CONTENT_FIELDS)


@dataclass(frozen=True, slots=True)
class Before:
    """What an edited message has already: whether it uses Components V2, and the files that may stay."""

    v2: bool = False
    files: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request; `index` is the number in its field's name."""

    index: int
    filename: str
    content: bytes


def check_message(
    form_of: Check,
    body: Any,
    uploads: Sequence[Upload],
    allowed_flags: int,
    *,
    before: Before = Before(),
    path: Path = (),
) -> None:
    """Check a body that makes a message, or edits what was there `before`.

    Raises Refused, with all faults below `path`.
    """
    form = Form()
    form_of(form, (), body)
    if isinstance(body, dict):
        flags = body.get("flags") or 0
        if isinstance(flags, int):
            _check_flags(form, flags, allowed_flags)
        v2 = before.v2 or bool(isinstance(flags, int) and flags & MessageFlag.IS_COMPONENTS_V2)
        if v2:
            _check_no_legacy_fields(form, body)
        if body.get("components") is not None:
            check_components(form, body["components"], v2=v2)
        _check_embed_sum(form, body.get("embeds"))
        _check_mentions(form, body.get("allowed_mentions"))
    _raise_below(form, path)
    _check_files(form, body, uploads, before.files)
    _raise_below(form, path)


def _raise_below(form: Form, path: Path) -> None:
    try:
        form.raise_if_faulty()
    except Refused as refused:
        for part in reversed(path):
            refused.errors = {str(part): refused.errors}
        raise


def _check_flags(form: Form, flags: int, allowed: int) -> None:
    if flags & ~allowed:
        form.fault(("flags",), "MESSAGE_FLAGS_NOT_ALLOWED", f"Flags {flags & ~allowed} cannot be set here")


def _check_no_legacy_fields(form: Form, body: Json) -> None:
    for name in ("content", "embeds"):
        if body.get(name):
            form.fault(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_embed_sum(form: Form, embeds: Any) -> None:
    if not isinstance(embeds, list):
        return
    length = 0
    for embed in embeds:
        if isinstance(embed, dict):
            texts = [embed.get("title"), embed.get("description")]
            texts += [part.get(name) for part, name in _embed_parts(embed)]
            length += sum(len(part) for part in texts if isinstance(part, str))
    if length > limits.EMBED_TEXT_IN_ALL:
        form.fault(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {limits.EMBED_TEXT_IN_ALL}",
        )


def _embed_parts(embed: Json) -> list[tuple[Json, str]]:
    parts = [(embed.get("footer"), "text"), (embed.get("author"), "name")]
    for field in embed.get("fields") or ():
        parts += [(field, "name"), (field, "value")]
    return [(part, name) for part, name in parts if isinstance(part, dict)]


def _check_mentions(form: Form, allowed: Any) -> None:
    if isinstance(allowed, dict) and isinstance(allowed.get("parse"), list):
        for name in ("users", "roles"):
            if name in allowed["parse"] and allowed.get(name):
                form.fault(
                    ("allowed_mentions",),
                    "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                    f"parse:[{name!r}] and {name}: [ids...] are mutually exclusive.",
                )


def _check_files(form: Form, body: Json, uploads: Sequence[Upload], kept_files: Sequence[str]) -> None:
    if len(uploads) > limits.ATTACHMENTS:
        raise Refused(Reason.TOO_MANY_FILES)
    if any(len(upload.content) > limits.FILE_BYTES for upload in uploads):
        raise Refused(Reason.FILE_TOO_LARGE)
    names = {stored_name(upload.filename) for upload in uploads} | set(kept_files)
    for where, component in walk(body.get("components") or ()):
        for inner, media in media_of(component):
            url = str(media["url"])
            if url.startswith(ATTACHMENT_SCHEME) and url.removeprefix(ATTACHMENT_SCHEME) not in names:
                form.fault(
                    (*where, *inner, "url"),
                    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                    f"The attachment {url} is not in this message",
                )


def stored_name(filename: str) -> str:
    """Return the name under which Discord keeps an uploaded file.

    Letters, digits, dot, dash and underscore.
    """
    return "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in filename)
