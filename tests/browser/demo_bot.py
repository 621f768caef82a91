"""A bot that sends every kind of component, with texts that try to be more than text."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands
from PIL import Image

HOSTILE = (
    "<b>bold?</b> <img src=x onerror=window.pwned=1> [x](javascript:window.pwned=1) <script>pwned=1</script>"
)
COVERED = "They part, and meet again five years later."
FACT = f"""## The freeway
Two days on a *real* ramp. {HOSTILE}
||{COVERED}||
-# Asked <t:1700000000:R>"""
PICTURE = "podium.png"
FILE = "export.json"
TOPICS = ("Music (34)", "Cast (12)", "<b>Awards</b> (20)")
SILENT = "silent"
CHOICES = ("Emma Stone", "Emma Watson", "Amy Adams", "Greta Gerwig")


def picture() -> discord.File:
    """A small picture with alt text."""
    file = io.BytesIO()
    Image.new("RGB", (120, 60), (40, 90, 110)).save(file, "PNG")
    file.seek(0)
    return discord.File(file, PICTURE, description="Ada first, Ben second")


def row(*buttons: discord.ui.Item[Any]) -> discord.ui.ActionRow[Any]:
    """A row of components."""
    return discord.ui.ActionRow(*buttons)


def styled_buttons() -> discord.ui.ActionRow[Any]:
    """One button of each style."""
    styles = discord.ButtonStyle
    return row(
        discord.ui.Button(label="Count 0", custom_id="count:0", style=styles.primary, emoji="🎲"),
        discord.ui.Button(label="Quietly", custom_id="quietly", style=styles.secondary),
        discord.ui.Button(label="Form", custom_id="form", style=styles.success),
        discord.ui.Button(label="Silent", custom_id=SILENT, style=styles.danger),
        discord.ui.Button(label="Closed", custom_id="closed", disabled=True),
    )


def selects() -> list[discord.ui.ActionRow[Any]]:
    """One select menu of each kind."""
    options = [
        discord.SelectOption(label=f"Option {letter}", value=letter, description=HOSTILE[:40])
        for letter in "abc"
    ]
    return [
        row(discord.ui.Select(custom_id="one", placeholder="Choose one", options=options)),
        row(discord.ui.Select(custom_id="some", placeholder="Choose some", options=options, max_values=2)),
        row(discord.ui.UserSelect(custom_id="user", placeholder="Choose a person")),
        row(discord.ui.RoleSelect(custom_id="role", placeholder="Choose a role")),
        row(discord.ui.ChannelSelect(custom_id="channel", placeholder="Choose a channel")),
    ]


def card() -> discord.ui.LayoutView:
    """A message with every component that Components V2 has for messages."""
    site = discord.ui.Button[Any](label="Site", url="https://example.com/")
    view = discord.ui.LayoutView()
    view.add_item(
        discord.ui.Container(
            discord.ui.TextDisplay(FACT),
            discord.ui.Separator(),
            discord.ui.Section(
                "A thumbnail",
                accessory=discord.ui.Thumbnail(f"attachment://{PICTURE}", description="Small podium"),
            ),
            discord.ui.Section("A link", accessory=site),
            discord.ui.Separator(visible=False, spacing=discord.SeparatorSpacing.large),
            discord.ui.MediaGallery(
                discord.MediaGalleryItem(f"attachment://{PICTURE}", description="The podium")
            ),
            discord.ui.File(f"attachment://{FILE}"),
            styled_buttons(),
            *selects(),
            accent_color=0xE0A458,
        )
    )
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("Under the cover"), spoiler=True))
    view.stop()
    return view


def counted(count: int) -> discord.ui.LayoutView:
    """A message that counts the clicks on its button."""
    view = discord.ui.LayoutView()
    button = discord.ui.Button[Any](label=f"Count {count}", custom_id=f"count:{count}")
    view.add_item(discord.ui.Container(discord.ui.TextDisplay(f"Clicks: {count}"), row(button)))
    view.stop()
    return view


def question(answers: int, ends: int) -> discord.ui.LayoutView:
    """A question with four answers to press."""
    view = discord.ui.LayoutView()
    buttons = (
        discord.ui.Button[Any](label=f"{letter}  {name}", custom_id=f"answer:{place}:{ends}")
        for place, (letter, name) in enumerate(zip("ABCD", CHOICES, strict=True))
    )
    words = f"### Who plays Mia?\n▫️ {answers} answers. Time is up <t:{ends}:R>."
    view.add_item(discord.ui.Container(discord.ui.TextDisplay(words), row(*buttons)))
    view.stop()
    return view


class Form(discord.ui.Modal, title="Tell us more"):
    """A form that explains itself, with a text and a choice."""

    about: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("It is about **this card**.")
    note: discord.ui.Label[Any] = discord.ui.Label(
        text="What is wrong?",
        description="A few words are enough.",
        component=discord.ui.TextInput(
            custom_id="note", style=discord.TextStyle.paragraph, min_length=5, max_length=50
        ),
    )
    kind: discord.ui.Label[Any] = discord.ui.Label(
        text="Kind",
        component=discord.ui.Select(
            custom_id="kind",
            options=[
                discord.SelectOption(label="Wrong", value="wrong"),
                discord.SelectOption(label="Dated", value="dated"),
            ],
        ),
    )

    def __init__(self) -> None:
        super().__init__(custom_id="form")
        self.stop()


class HandIn(discord.ui.Modal, title="Hand it in"):
    """A form for a file."""

    file: discord.ui.Label[Any] = discord.ui.Label(
        text="Your script", component=discord.ui.FileUpload(custom_id="file")
    )

    def __init__(self) -> None:
        super().__init__(custom_id="hand in")
        self.stop()


class DemoBot(discord.AutoShardedClient):
    """The bot itself; `released` lets the /think command finish."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.released = asyncio.Event()
        self.answers = 0

    async def setup_hook(self) -> None:
        """Register the commands."""
        command: app_commands.Command[Any, ..., Any]
        for command in (card_command, private, silent, think, pick, count, form, ask, hand_in):
            self.tree.add_command(command)
        self.tree.add_command(app_commands.ContextMenu(name="Wave", callback=wave))
        self.tree.add_command(app_commands.ContextMenu(name="Quote", callback=quote))
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer clicks, choices and forms."""
        data: Any = interaction.data or {}
        if data.get("custom_id") == "hand in":
            (file,) = data["resolved"]["attachments"].values()
            await interaction.response.send_message(f"{file['filename']}: {file['size']} bytes")
            return
        if interaction.type is discord.InteractionType.modal_submit:
            note, kind = (part["component"] for part in data["components"] if "component" in part)
            await interaction.response.send_message(f"{note['value']} ({kind['values'][0]})", ephemeral=True)
        if interaction.type is not discord.InteractionType.component or data["custom_id"] == SILENT:
            return
        match data["custom_id"].split(":"):
            case ["count", number]:
                await interaction.response.edit_message(view=counted(int(number) + 1))
            case ["answer", _, ends]:
                self.answers += 1
                await interaction.response.edit_message(view=question(self.answers, int(ends)))
            case ["form"]:
                await interaction.response.send_modal(Form())
            case [name]:
                chosen = ", ".join(data.get("values", ()))
                await interaction.response.send_message(f"{name}: {chosen}", ephemeral=True)


@app_commands.command(name="card", description="Everything at once")
async def card_command(interaction: discord.Interaction) -> None:
    """Send the card with every component."""
    export = discord.File(io.BytesIO(b'{"answers": 3}'), FILE)
    await interaction.response.send_message(view=card(), files=[picture(), export])


@app_commands.command(description="An answer for you alone")
async def private(interaction: discord.Interaction) -> None:
    """Answer privately, with the asker's name."""
    await interaction.response.send_message(f"Just for you, {interaction.user.mention}", ephemeral=True)


@app_commands.command(description="No answer at all")
async def silent(_interaction: discord.Interaction) -> None:
    """Let three seconds pass."""


@app_commands.command(description="An answer after a while")
async def think(interaction: discord.Interaction) -> None:
    """Defer, and answer once released."""
    client: Any = interaction.client
    await interaction.response.defer(thinking=True)
    await client.released.wait()
    await interaction.followup.send("Thought of **it**")


@app_commands.command(description="Options of every kind")
@app_commands.describe(
    topic="What about", amount="How many", place="Where", sure="Really", who="Who", speed="How fast"
)
@app_commands.choices(
    speed=[app_commands.Choice(name="Slow <i>", value="slow"), app_commands.Choice(name="Fast", value="fast")]
)
async def pick(
    interaction: discord.Interaction,
    topic: str,
    amount: app_commands.Range[int, 1, 25],
    place: discord.TextChannel | None = None,
    sure: bool | None = None,
    who: discord.Member | None = None,
    speed: app_commands.Choice[str] | None = None,
) -> None:
    """Say back what was chosen."""
    chosen = [topic, amount, place and place.name, sure, who and who.display_name, speed and speed.value]
    await interaction.response.send_message(" / ".join(map(str, chosen)))


@pick.autocomplete("topic")
async def complete_topic(_interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offer the topics that contain what was typed."""
    found = [topic for topic in TOPICS if current.lower() in topic.lower()]
    return [app_commands.Choice(name=topic, value=topic.split(" (")[0]) for topic in found]


@app_commands.command(description="A count that everybody sees")
async def count(interaction: discord.Interaction) -> None:
    """Send the message with the counting button."""
    await interaction.response.send_message(view=counted(0))


@app_commands.command(description="A form right away")
async def form(interaction: discord.Interaction) -> None:
    """Open the form."""
    await interaction.response.send_modal(Form())


@app_commands.command(name="question", description="A question with four answers")
async def ask(interaction: discord.Interaction) -> None:
    """Ask, for half a minute."""
    client: Any = interaction.client
    client.answers = 0
    await interaction.response.send_message(view=question(0, int(interaction.created_at.timestamp()) + 30))


async def wave(interaction: discord.Interaction, member: discord.Member) -> None:
    """Greet somebody."""
    await interaction.response.send_message(f"{interaction.user.mention} waves at {member.mention}")


async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    """Say again what somebody said."""
    await interaction.response.send_message(f"“{message.content}”")


@app_commands.command(name="hand-in", description="A form for a file")
async def hand_in(interaction: discord.Interaction) -> None:
    """Open the form."""
    await interaction.response.send_modal(HandIn())
