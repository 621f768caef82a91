"""Discord's limits, each with the page of Discord's documentation that states it.

"Documentation" stands for Discord's developer documentation; where only Discord's OpenAPI file or
observation gives a number, it says so.
"""

from datetime import timedelta
from typing import Final

# Documentation, Resources / Message / Create Message
CONTENT_LENGTH: Final = 2_000
EMBEDS: Final = 10
ATTACHMENTS: Final = 10
NONCE_LENGTH: Final = 25
ALLOWED_MENTION_IDS: Final = 100  # Documentation, Resources / Message / Allowed Mentions Object
EMOJI_LENGTH: Final = 32  # Documentation, Resources / Emoji: names have 2 to 32 characters
EMOJIS: Final = 50  # of a server without boosts, and as many animated ones: errors 30008 and 30018
EMOJI_BYTES: Final = 256 * 1024  # Documentation, Resources / Emoji
REACTIONS: Final = 20  # different ones under a message: error 30010
REACTIONS_A_PAGE: Final = 100  # Documentation, Resources / Message / Get Reactions
ALT_TEXT_LENGTH: Final = 1_024  # Documentation, Resources / Message / Attachment Object
FILE_NAME_LENGTH: Final = 1_024  # OpenAPI: MessageAttachmentRequest
FILE_BYTES: Final = 10 * 1024 * 1024  # Documentation, Reference / Uploading Files

# Documentation, Resources / Message / Embed Limits
EMBED_TITLE_LENGTH: Final = 256
EMBED_DESCRIPTION_LENGTH: Final = 4_096
EMBED_FIELDS: Final = 25
EMBED_FIELD_NAME_LENGTH: Final = 256
EMBED_FIELD_VALUE_LENGTH: Final = 1_024
EMBED_FOOTER_LENGTH: Final = 2_048
EMBED_AUTHOR_LENGTH: Final = 256
EMBED_TEXT_IN_ALL: Final = 6_000
URL_LENGTH: Final = 2_048  # OpenAPI: RichEmbed

# Documentation, Components / Reference
COMPONENTS_IN_ALL: Final = 40
TEXT_IN_ALL: Final = 4_000
LEGACY_ROWS: Final = 5
ROW_BUTTONS: Final = 5
CUSTOM_ID_LENGTH: Final = 100
BUTTON_LABEL_LENGTH: Final = 80
BUTTON_URL_LENGTH: Final = 512
SELECT_OPTIONS: Final = 25
SELECT_PART_LENGTH: Final = 100
SELECT_PLACEHOLDER_LENGTH: Final = 150
SECTION_TEXTS: Final = 3
GALLERY_ITEMS: Final = 10
COLOR: Final = 0xFFFFFF
MODAL_TITLE_LENGTH: Final = 45  # Documentation, Interactions / Receiving and Responding / Modal
MODAL_PARTS: Final = 5
LABEL_LENGTH: Final = 45
LABEL_DESCRIPTION_LENGTH: Final = 100
TEXT_INPUT_LENGTH: Final = 4_000
TEXT_INPUT_PLACEHOLDER_LENGTH: Final = 100
CHOICE_GROUP_OPTIONS: Final = 10  # radio and checkbox groups
UPLOADS_IN_MODAL: Final = 10

# Documentation, Interactions / Application Commands
COMMAND_NAME_LENGTH: Final = 32
COMMAND_DESCRIPTION_LENGTH: Final = 100
COMMAND_OPTIONS: Final = 25
COMMAND_CHOICES: Final = 25
CHOICE_LENGTH: Final = 100
COMMAND_TEXT_IN_ALL: Final = 8_000
GLOBAL_COMMANDS: Final = 100
CONTEXT_MENU_COMMANDS: Final = 15  # of each kind; it was 5 until 2025
COMMAND_STRING_LENGTH: Final = 6_000

# Documentation, Interactions / Receiving and Responding
FIRST_RESPONSE: Final = timedelta(seconds=3)
TOKEN_LIFE: Final = timedelta(minutes=15)
COMPLETIONS: Final = 25
USER_INSTALL_FOLLOW_UPS: Final = 5

# Documentation, "checked for uniqueness in the past few minutes"; three is what has been observed.
NONCE_LIFE: Final = timedelta(minutes=3)
# The documentation lists error 30046 without saying how many edits; thirty is a generous guess.
OLD_MESSAGE: Final = timedelta(hours=1)
OLD_MESSAGE_EDITS: Final = 30

# Documentation, Events / Gateway
HEARTBEAT_INTERVAL: Final = timedelta(milliseconds=41_250)
GATEWAY_PAYLOAD_BYTES: Final = 4_096
GATEWAY_EVENTS_A_MINUTE: Final = 120
IDENTIFIES_A_DAY: Final = 1_000
MEMBERS_A_CHUNK: Final = 1_000
MEMBERS_BY_NAME: Final = 100  # by `query`; a `limit` of 0 means as many as allowed
GUILDS_A_SHARD: Final = 2_500
GUILDS_A_SHARD_ADVISED: Final = 2_000  # ours: Discord recommends more shards well before the limit
EVENTS_KEPT_FOR_RESUME: Final = 10_000  # our own bound on memory; Discord names none

REQUESTS_A_SECOND: Final = 50  # Documentation, Topics / Rate Limits / Global Rate Limit
# Observed in the answers' headers; the documentation says to read them there and gives no number.
CHANNEL_MESSAGES: Final = 5
CHANNEL_MESSAGES_SECONDS: Final = 5.0

# Documentation, Resources / Channel
THREAD_NAME_LENGTH: Final = 100
OVERWRITES: Final = 1_000  # of a channel: error 30060
ARCHIVED_A_PAGE: Final = (2, 100)  # OpenAPI: GET /channels/{channel_id}/threads/archived/public
MESSAGES_A_PAGE: Final = 100
GUILDS_A_PAGE: Final = 200  # Documentation, Resources / User / Get Current User Guilds
MEMBERS_A_PAGE: Final = 1_000  # Documentation, Resources / Guild / List and Search Guild Members
WEBHOOKS: Final = 15  # in a channel: error 30007
WEBHOOK_NAME_LENGTH: Final = 80  # Documentation, Resources / Webhook / Create Webhook
PINS: Final = 250  # in a channel; it was 50 until 2025
PINS_A_PAGE: Final = 50  # Documentation, Resources / Message / Get Channel Pins
BULK_DELETE: Final = (2, 100)  # Documentation, Resources / Message / Bulk Delete Messages
BULK_DELETE_AGE: Final = timedelta(days=14)
NICKNAME_LENGTH: Final = 32  # Documentation, Resources / User / Usernames and Nicknames
TIMEOUT: Final = timedelta(days=28)  # Documentation, Resources / Guild / Modify Guild Member
MEMBER_ROLES: Final = 350  # OpenAPI: PATCH /guilds/{guild_id}/members/{user_id}
BANS_A_PAGE: Final = 1_000  # Documentation, Resources / Guild / Get Guild Bans
BULK_BANS: Final = 200  # Documentation, Resources / Guild / Bulk Guild Ban
BAN_DELETES: Final = timedelta(days=7)  # how far back a ban can delete messages
ROLES: Final = 250  # of a server: error 30005
ROLE_NAME_LENGTH: Final = 100  # OpenAPI: CreateRoleRequest
AUTO_ARCHIVE_MINUTES: Final = (60, 1_440, 4_320, 10_080)
