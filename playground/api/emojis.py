"""Routes of a server's own emojis. Source: Discord's documentation, Resources / Emoji."""

import base64
import binascii
import io
import re

from PIL import Image, UnidentifiedImageError

from playground.api.errors import ApiError, missing_permissions
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, require
from playground.payloads.objects import emoji_payload, user_payload
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import Form, Path, both, check, invalid_form, listing, record, snowflake, text
from playground.world.model import Emoji, Guild
from playground.world.permissions import Permission
from playground.world.world import World

EMOJIS = "/guilds/{guild_id}/emojis"
ONE = f"{EMOJIS}/{{emoji_id}}"
PICTURE = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,(.+)", re.DOTALL)
MANAGE, CREATE = Permission.MANAGE_GUILD_EXPRESSIONS, Permission.CREATE_GUILD_EXPRESSIONS


def _word(form: Form, path: Path, value: object) -> None:
    if isinstance(value, str) and not re.fullmatch(r"\w*", value, re.ASCII):
        form.fault(path, "STRING_TYPE_REGEX", "String value did not match validation regex.")


NAME = both(text(2, limits.EMOJI_LENGTH), _word)
ROLES = listing(snowflake, 0, limits.ROLES)
NEW = record({"name": NAME, "image": text(1, 2 * limits.EMOJI_BYTES)}, {"roles": ROLES})
EDIT = record({}, {"name": NAME, "roles": ROLES})


class EmojiRoutes:
    """Emojis that a server has of its own."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("GET", EMOJIS, self._list),
            Route("POST", EMOJIS, self._create),
            Route("GET", ONE, self._get),
            Route("PATCH", ONE, self._edit),
            Route("DELETE", ONE, self._delete),
        ]

    def _shown(self, guild: Guild, emoji: Emoji) -> Json:
        """Return an emoji; who made it is told to whoever may change it."""
        told = own_guild_permissions(self._world, guild) & (MANAGE | CREATE)
        maker = {"user": user_payload(self._world.users[emoji.user_id])} if told else {}
        return emoji_payload(emoji) | maker

    def _find(self, call: Call) -> tuple[Guild, Emoji]:
        guild = self._world.guild(call.id("guild_id"))
        emoji = guild.emojis.get(call.id("emoji_id"))
        if emoji is None:
            raise ApiError(404, 10014, "Unknown Emoji")
        return guild, emoji

    def _find_to_change(self, call: Call) -> tuple[Guild, Emoji]:
        guild, emoji = self._find(call)
        own = CREATE if emoji.user_id == self._world.bot.id else Permission(0)
        if not own_guild_permissions(self._world, guild) & (MANAGE | own):
            raise missing_permissions()
        return guild, emoji

    async def _list(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return 200, [self._shown(guild, emoji) for emoji in guild.emojis.values()]

    async def _get(self, call: Call) -> Answer:
        return 200, self._shown(*self._find(call))

    async def _create(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = as_object(call.body)
        check(NEW, body)
        require(own_guild_permissions(self._world, guild), CREATE)
        picture, content_type, animated = _read_picture(body["image"])
        if sum(one.animated is animated for one in guild.emojis.values()) >= limits.EMOJIS:
            kind, code = ("animated emojis", 30018) if animated else ("emojis", 30008)
            raise ApiError(400, code, f"Maximum number of {kind} reached ({limits.EMOJIS})")
        roles = [int(role) for role in body.get("roles") or ()]
        emoji = Emoji(
            self._world.snowflakes.next(),
            body["name"],
            self._world.bot.id,
            picture,
            content_type,
            animated,
            roles,
        )
        guild.emojis[emoji.id] = emoji
        self._controls.emojis_changed(guild)
        return 201, self._shown(guild, emoji)

    async def _edit(self, call: Call) -> Answer:
        guild, emoji = self._find_to_change(call)
        body = as_object(call.body)
        check(EDIT, body)
        emoji.name = body.get("name") or emoji.name
        if "roles" in body:
            emoji.roles = [int(role) for role in body["roles"] or ()]
        self._controls.emojis_changed(guild)
        return 200, self._shown(guild, emoji)

    async def _delete(self, call: Call) -> Answer:
        guild, emoji = self._find_to_change(call)
        del guild.emojis[emoji.id]
        self._controls.emojis_changed(guild)
        return 204, None


def _read_picture(address: str) -> tuple[bytes, str, bool]:
    """Return a picture that came as a data address, its type, and whether it moves; raises Refused."""
    found = PICTURE.fullmatch(address)
    try:
        picture = base64.b64decode(found[2], validate=True) if found else b""
        with Image.open(io.BytesIO(picture)) as image:
            moves, content_type = bool(getattr(image, "is_animated", False)), Image.MIME[image.format or ""]
    except (binascii.Error, UnidentifiedImageError, KeyError):
        raise invalid_form(("image",), "IMAGE_INVALID", "Invalid image data") from None
    if len(picture) > limits.EMOJI_BYTES:
        raise invalid_form(("image",), "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 256.0 kb.")
    return picture, content_type, moves
