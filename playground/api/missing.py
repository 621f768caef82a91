"""Discord's routes that the playground does not have. Source: Discord's OpenAPI file.

Each answers 501 with its name, so that nobody looks for the fault in their bot.
"""

import logging

from playground.api.errors import not_built
from playground.api.http import Answer, Call, Route

log = logging.getLogger(__name__)

# One a line: its methods, then its template.
MISSING = """
PATCH /applications/@me
GET PATCH /applications/{application_id}
GET /applications/{application_id}/activity-instances/{instance_id}
POST /applications/{application_id}/attachment
GET POST /applications/{application_id}/emojis
GET DELETE PATCH /applications/{application_id}/emojis/{emoji_id}
GET POST /applications/{application_id}/entitlements
GET DELETE /applications/{application_id}/entitlements/{entitlement_id}
POST /applications/{application_id}/entitlements/{entitlement_id}/consume
GET /applications/{application_id}/guilds/{guild_id}/commands/permissions
GET PUT /applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions
GET PUT /applications/{application_id}/role-connections/metadata
POST /channels/{channel_id}/followers
GET POST /channels/{channel_id}/invites
GET /channels/{channel_id}/polls/{message_id}/answers/{answer_id}
POST /channels/{channel_id}/polls/{message_id}/expire
PUT DELETE /channels/{channel_id}/recipients/{user_id}
POST /channels/{channel_id}/send-soundboard-sound
GET PUT DELETE /channels/{channel_id}/thread-members/{user_id}
GET /channels/{channel_id}/threads/search
PUT /channels/{channel_id}/voice-status
GET /guilds/templates/{code}
PATCH /guilds/{guild_id}
GET /guilds/{guild_id}/audit-logs
GET POST /guilds/{guild_id}/auto-moderation/rules
GET DELETE PATCH /guilds/{guild_id}/auto-moderation/rules/{rule_id}
POST PATCH /guilds/{guild_id}/channels
PUT /guilds/{guild_id}/incident-actions
GET /guilds/{guild_id}/integrations
DELETE /guilds/{guild_id}/integrations/{integration_id}
GET /guilds/{guild_id}/invites
PUT /guilds/{guild_id}/members/{user_id}
GET /guilds/{guild_id}/messages/search
GET /guilds/{guild_id}/new-member-welcome
GET PUT /guilds/{guild_id}/onboarding
GET /guilds/{guild_id}/preview
GET POST /guilds/{guild_id}/prune
GET /guilds/{guild_id}/regions
GET /guilds/{guild_id}/requests
PATCH /guilds/{guild_id}/requests/{request_id}
GET /guilds/{guild_id}/roles/member-counts
GET POST /guilds/{guild_id}/scheduled-events
GET DELETE PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}
POST /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions
DELETE PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/exceptions/{exception_id}
GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users
GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/users/counts
GET /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}/{guild_scheduled_event_exception_id}/users
GET POST /guilds/{guild_id}/soundboard-sounds
GET DELETE PATCH /guilds/{guild_id}/soundboard-sounds/{sound_id}
GET POST /guilds/{guild_id}/stickers
GET DELETE PATCH /guilds/{guild_id}/stickers/{sticker_id}
GET POST /guilds/{guild_id}/templates
PUT DELETE PATCH /guilds/{guild_id}/templates/{code}
GET /guilds/{guild_id}/vanity-url
GET PATCH /guilds/{guild_id}/voice-states/@me
GET PATCH /guilds/{guild_id}/voice-states/{user_id}
GET PATCH /guilds/{guild_id}/welcome-screen
GET PATCH /guilds/{guild_id}/widget
GET /guilds/{guild_id}/widget.json
GET /guilds/{guild_id}/widget.png
GET DELETE /invites/{code}
GET PUT /invites/{code}/target-users
GET /invites/{code}/target-users/job-status
PUT POST /lobbies
GET DELETE PATCH /lobbies/{lobby_id}
PATCH /lobbies/{lobby_id}/channel-linking
DELETE /lobbies/{lobby_id}/members/@me
POST /lobbies/{lobby_id}/members/@me/invites
POST /lobbies/{lobby_id}/members/bulk
PUT DELETE /lobbies/{lobby_id}/members/{user_id}
POST /lobbies/{lobby_id}/members/{user_id}/invites
GET POST /lobbies/{lobby_id}/messages
PUT /lobbies/{lobby_id}/messages/{message_id}/moderation-metadata
GET /oauth2/@me
GET /oauth2/keys
GET /oauth2/userinfo
PUT /partner-sdk/dms/{user_id_1}/{user_id_2}/messages/{message_id}/moderation-metadata
POST /partner-sdk/provisional-accounts/unmerge
POST /partner-sdk/provisional-accounts/unmerge/bot
POST /partner-sdk/token
POST /partner-sdk/token/bot
GET /skus/{sku_id}/subscriptions
GET /skus/{sku_id}/subscriptions/{subscription_id}
GET /soundboard-default-sounds
POST /stage-instances
GET DELETE PATCH /stage-instances/{channel_id}
GET /sticker-packs
GET /sticker-packs/{pack_id}
GET /stickers/{sticker_id}
PATCH /users/@me
GET /users/@me/applications/{application_id}/entitlements
GET PUT DELETE /users/@me/applications/{application_id}/role-connection
GET /users/@me/connections
GET /users/@me/guilds/{guild_id}/member
GET /voice/regions
POST /webhooks/{webhook_id}/{webhook_token}/github
POST /webhooks/{webhook_id}/{webhook_token}/slack
"""


def missing_routes() -> list[Route]:
    """Return a route for each that is missing."""
    return [
        _missing(method, template)
        for *methods, template in map(str.split, MISSING.split("\n")[1:-1])
        for method in methods
    ]


def _missing(method: str, template: str) -> Route:
    async def refuse(_call: Call) -> Answer:
        log.warning("The playground does not have Discord's route %s %s", method, template)
        raise not_built(f"{method} {template}")

    return Route(method, template, refuse, open=True)
