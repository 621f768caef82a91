"""The playground's CDN: attachments as they were uploaded, and drawn avatars.

What was uploaded comes from the playground's own origin, so nothing in it may run there.
"""

import io
from functools import lru_cache

from aiohttp import web
from PIL import Image, ImageDraw, ImageFont

from playground.schema.forms import is_snowflake
from playground.world.model import Attachment
from playground.world.world import World

AVATAR_PIXELS = 256
CACHED = {"Cache-Control": "private, max-age=3600"}
UPLOADED = CACHED | {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
PICTURES = ("image/gif", "image/jpeg", "image/png", "image/webp")
"""These may open in a tab of their own: they were decoded as pictures on upload, and cannot hold a script."""


class Cdn:
    """Serves files below /cdn."""

    def __init__(self, world: World) -> None:
        self._world = world

    def register(self, app: web.Application) -> None:
        """Add the CDN's routes."""
        app.router.add_get("/cdn/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        app.router.add_get("/cdn/ephemeral-attachments/{application_id}/{upload_id}/{filename}", self._upload)
        app.router.add_get("/cdn/avatars/{user_id}/{name}", self._avatar)
        app.router.add_get(r"/cdn/emojis/{emoji_id:\d{1,20}}.{extension}", self._emoji)
        app.router.add_get("/cdn/embed/avatars/{name}", self._default_avatar)

    async def _attachment(self, request: web.Request) -> web.Response:
        channel_id, attachment_id = request.match_info["channel_id"], request.match_info["attachment_id"]
        if is_snowflake(channel_id) and is_snowflake(attachment_id):
            channel = self._world.channels.get(int(channel_id))
            for message in channel.messages.values() if channel is not None else ():
                for attachment in message.attachments:
                    if (
                        attachment.id == int(attachment_id)
                        and attachment.filename == request.match_info["filename"]
                    ):
                        return _uploaded(attachment)
        raise web.HTTPNotFound

    async def _upload(self, request: web.Request) -> web.Response:
        upload_id = request.match_info["upload_id"]
        upload = self._world.uploads.get(int(upload_id)) if is_snowflake(upload_id) else None
        if upload is None or upload.filename != request.match_info["filename"]:
            raise web.HTTPNotFound
        return _uploaded(upload)

    async def _avatar(self, request: web.Request) -> web.Response:
        user_id = request.match_info["user_id"]
        if is_snowflake(user_id) and int(user_id) in self._world.webhooks:
            return await self._default_avatar(request)
        user = self._world.users.get(int(user_id)) if is_snowflake(user_id) else None
        if user is None:
            raise web.HTTPNotFound
        return web.Response(
            body=avatar(user.shown_name[:1].upper(), user.color), content_type="image/png", headers=CACHED
        )

    async def _emoji(self, request: web.Request) -> web.Response:
        emoji_id = int(request.match_info["emoji_id"])
        for guild in self._world.guilds.values():
            if emoji := guild.emojis.get(emoji_id):
                return web.Response(body=emoji.picture, content_type=emoji.content_type, headers=UPLOADED)
        raise web.HTTPNotFound

    async def _default_avatar(self, _request: web.Request) -> web.Response:
        return web.Response(body=avatar("?", 0x5865F2), content_type="image/png", headers=CACHED)


def _uploaded(attachment: Attachment) -> web.Response:
    headers = dict(UPLOADED)
    if attachment.content_type not in PICTURES:
        headers["Content-Disposition"] = f'attachment; filename="{attachment.filename}"'
    return web.Response(body=attachment.content, content_type=attachment.content_type, headers=headers)


@lru_cache(maxsize=64)
def avatar(letter: str, color: int) -> bytes:
    """Return a PNG with one letter on a colour (0xRRGGBB)."""
    image = Image.new(
        "RGB", (AVATAR_PIXELS, AVATAR_PIXELS), ((color >> 16) & 0xFF, (color >> 8) & 0xFF, color & 0xFF)
    )
    font = ImageFont.load_default(size=AVATAR_PIXELS // 2)
    middle = AVATAR_PIXELS // 2
    ImageDraw.Draw(image).text((middle, middle), letter, fill="white", font=font, anchor="mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
