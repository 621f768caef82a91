"""The daily challenge over the wire: private, once, and never lost."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.app import TriviaBot
from bot.storage.database import Location
from playground import Actor, BotProcess, Driver, Interaction, Reply
from tests.engines import query
from tests.wire.challenge import begin, choices, finish, ids, right_choices
from tests.wire.conftest import StartBot
from tests.wire.daily.acts import eventually

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
STORED = "SELECT user_id, position, choice, correct FROM challenge_answers ORDER BY user_id, position"
TABLES = (
    "challenges",
    "challenge_questions",
    "challenge_plays",
    "challenge_answers",
    "scores",
    "totals",
    "decks",
)
SQUARES = "🟩🟥"


def rows(trivia: TriviaBot) -> list[list[Any]]:
    """Return everything that is stored of the challenge."""
    return [query(trivia.tools.database.location, f"SELECT * FROM {table}") for table in TABLES]


@pytest.mark.both_engines
async def test_a_whole_challenge_in_one_private_message(discord: Driver, trivia: TriviaBot) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    location = trivia.tools.database.location
    opened = await dev.run("challenge")
    assert opened.ephemeral
    assert "Today's five" in opened.text
    assert "the same for everybody in this server" in opened.text
    reply = await dev.click(opened.message, "Begin")
    assert "question 1 of 5 · easy" in reply.text
    discord.advance(7)
    result = await finish(dev, reply, location, (True, False, True, True, True))
    assert result.message.id == opened.message.id
    assert "🟩🟥🟩🟩🟩 4 of 5 · 7 s" in result.text
    assert "Right, wrong, right, right, right." in result.text
    assert "in a row" not in result.text
    assert f"🥇 <@{dev.id}> · 4 right · 7 s" in result.text
    assert "1 player so far" in result.text
    assert "The next five come <t:" in result.text
    best = await finish(eli, await begin(eli), location, [True] * 5)
    assert f"🥇 <@{eli.id}> · 5 right · 0 s\n🥈 <@{dev.id}> · 4 right · 7 s" in best.text
    again = await dev.run("challenge")
    assert f"🥈 <@{dev.id}>" in again.text
    assert set(again.buttons) == {"Share"}
    for _ in range(5):
        discord.advance(86_400)
        again = await finish(dev, await begin(dev), location, [True] * 5)
    assert "🟩🟩🟩🟩🟩 5 of 5 · 0 s · 6 days in a row" in again.text
    asked = query(location, "SELECT question FROM challenge_questions")
    assert len(set(asked)) == len(asked) == 30


async def test_it_is_shared_once_and_gives_no_answer_away(discord: Driver, trivia: TriviaBot) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    result = await finish(
        dev, await begin(dev), trivia.tools.database.location, (True, False, True, True, False)
    )
    shared = await dev.click(result.message, "Share")
    assert not shared.ephemeral
    assert f"<@{dev.id}> · Today's five" in shared.text
    assert "🟩🟥🟩🟩🟥 3 of 5" in shared.text
    assert shared.message.raw.mentions == []
    for (text,) in query(trivia.tools.database.location, "SELECT prompt FROM challenge_questions"):
        assert text not in shared.text
    assert "shared that already" in (await dev.click(result.message, "Share")).text
    opened = await eli.click(shared.message, "Today's five")
    assert opened.ephemeral
    assert set(opened.buttons) == {"Begin"}


async def test_where_one_of_them_may_not_write_nothing_is_shared(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    result = await finish(dev, await begin(dev), trivia.tools.database.location, [True] * 5)
    before = rows(trivia)
    discord.deny("trivia", "send_messages", dev)
    assert "You may not write in this channel" in (await dev.click(result.message, "Share")).text
    discord.allow("trivia", "send_messages", dev)
    discord.deny("trivia", "send_messages")
    assert "I may not write in this channel" in (await dev.click(result.message, "Share")).text
    assert rows(trivia) == before
    discord.allow("trivia", "send_messages")
    discord.faults.fail_next(404, route=CALLBACK, code=10062)
    lost = dev.begin_click(result.message, "Share")
    await eventually(lambda: rows(trivia) == before and not discord.faults.summary()["fail_next"])
    discord.advance(4)
    await lost.settled.wait()
    assert not (await dev.click(result.message, "Share")).ephemeral


async def both(first: Interaction, second: Interaction) -> tuple[Reply, Reply]:
    """Wait for the answers to two clicks."""
    await asyncio.gather(first.settled.wait(), second.settled.wait())
    return Reply(first), Reply(second)


async def test_a_phone_and_a_desk_at_once_have_one_try(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    phone, desk = (await dev.run("challenge")).message, (await dev.run("challenge")).message
    one, other = await both(dev.begin_click(phone, "Begin"), dev.begin_click(desk, "Begin"))
    assert one.text == other.text
    assert len(query(trivia.tools.database.location, "SELECT * FROM challenge_plays")) == 1
    for position in range(1, 6):
        options = choices(phone)
        clicks = dev.begin_click(phone, options[0]), dev.begin_click(desk, options[1])
        one, other = await both(*clicks)
        stored = query(trivia.tools.database.location, STORED)
        assert [(row[1], row[2]) for row in stored] == [(number, 0) for number in range(1, position + 1)]
        assert other.ephemeral
        assert "the first answer counts" in other.text
        # The desk still has the question; its other buttons change nothing either.
        for choice in options:
            assert "the first answer counts" in (await dev.forge(desk, choice)).text
        assert query(trivia.tools.database.location, STORED) == stored
        if position < 5:
            button = next(one for one in ids(phone) if ":next:" in one)
            one, other = await both(dev.begin_click(phone, button), dev.begin_click(phone, button))
            assert one.text == other.text == phone.text
            desk = (await dev.run("challenge")).message
            assert desk.text == phone.text
            discord.advance(20)


async def test_yesterdays_card_is_over_at_midnight_where_the_server_is(
    discord: Driver, trivia: TriviaBot
) -> None:
    await trivia.tools.settings.change(discord.guild.id, time_zone="Asia/Kathmandu")
    dev, eli = discord.member("Dev"), discord.member("Eli")
    opened, asked = await eli.run("challenge"), await begin(dev)
    carmen = discord.member("Carmen")
    result = await finish(carmen, await begin(carmen), trivia.tools.database.location, [True] * 5)
    local = discord.clock.now() + timedelta(hours=5, minutes=45)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) - local
    before = rows(trivia)
    discord.advance(midnight.total_seconds() - 60)
    assert choices(await dev.run("challenge")) == choices(asked)
    discord.advance(61)
    for member, shown, button in (
        (dev, asked, choices(asked)[0]),
        (eli, opened, "Begin"),
        (carmen, result, "Share"),
    ):
        late = await member.click(shown.message, button)
        assert late.ephemeral
        assert late.message.id != shown.message.id
        assert late.text.startswith("That challenge is over. Today's five are behind </challenge:")
    gone = await dev.forge(asked.message, "challenge1:next:1")
    assert "is over" in gone.text
    assert rows(trivia) == before
    assert set((await dev.run("challenge")).buttons) == {"Begin"}


async def test_what_was_forged_is_refused_and_changes_nothing(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    there = discord.add_guild("Elsewhere", channels=["trivia"])
    discord.world.add_member(there, dev.user)
    elsewhere = discord.member("Dev", there)
    theirs = await begin(elsewhere, "trivia")
    asked = await begin(dev)
    before = rows(trivia)
    today = discord.clock.now().date()
    for custom_id, words in (
        (f"challenge1:begin:{today + timedelta(days=1)}", "not come yet"),
        (f"challenge1:begin:{today - timedelta(days=1)}", "is over"),
        ("challenge1:begin:tomorrow", "another version"),
        (choices(theirs)[0], "not from here"),
        (ids(theirs)[0].replace("challenge1:1:", "challenge1:99:"), "not from here"),
        ("challenge1:next:99", "not from here"),
        ("challenge1:share:2", "Play all of today's five first"),
        ("challenge1:2:2:0", "not open"),
        ("challenge1:2:1:4", "not open"),
        ("challenge1:2:1:-1", "another version"),
    ):
        reply = await dev.forge(asked.message, custom_id)
        assert reply.ephemeral
        assert reply.message.id != asked.message.id
        assert words in reply.text, custom_id
    assert rows(trivia) == before


async def test_outside_of_servers_it_is_the_same_for_everybody(discord: Driver, trivia: TriviaBot) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    alone = discord.add_guild("Without the bot", with_bot=False, channels=["trivia"])
    discord.world.add_member(alone, eli.user)
    await trivia.tools.settings.change(discord.guild.id, time_zone="Pacific/Kiritimati", spoilers=2)
    of_dev = await begin(dev, "DM")
    of_eli = await begin(discord.member("Eli", alone), "trivia")
    assert of_dev.text == of_eli.text
    assert ids(of_dev) == ids(of_eli)
    here = await begin(eli)
    assert ids(here) != ids(of_eli)
    result = await finish(dev, of_dev, trivia.tools.database.location, [True] * 5)
    assert "5 of 5" in result.text
    assert "The best here" not in result.text
    shared = await dev.click(result.message, "Share")
    assert "5 of 5" in shared.text
    assert query(trivia.tools.database.location, "SELECT * FROM scores") == []


async def test_a_blocked_player_is_told_and_a_server_can_have_none(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    asked = await begin(dev)
    panel = await ada.run("settings")
    blocked = await ada.click(panel.message, "Blocked players")
    blocked = await ada.choose(blocked.message, str(dev.id))
    for reply in (await dev.run("challenge"), await dev.click(asked.message, choices(asked)[0])):
        assert "taken you out of its games" in reply.text
    await ada.click(blocked.message, "Unblock")
    await ada.choose(panel.message, "0", select="settings1:challenge")
    before = rows(trivia)
    for reply in (await dev.run("challenge"), await dev.click(asked.message, choices(asked)[0])):
        assert reply.ephemeral
        assert "turned it off" in reply.text
    assert rows(trivia) == before
    await ada.choose(panel.message, "1", select="settings1:challenge")
    answered = (await dev.click(asked.message, choices(asked)[0])).text
    assert "is right" in answered or "The answer is" in answered


@pytest.mark.both_engines
async def test_it_has_a_board_and_statistics_of_its_own(discord: Driver, trivia: TriviaBot) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    location = trivia.tools.database.location
    assert "not played in this server yet" in (await dev.run("stats")).text
    await finish(dev, await begin(dev), location, [True] * 5)
    await finish(eli, await begin(eli), location, (False, False, True))
    for period in ("day", "week", "month", "all"):
        board = await dev.run("leaderboard", period=period, board="challenge")
        assert "### Daily challenge: " in board.text
        assert f"🥇 <@{dev.id}> · 5 right\n🥈 <@{eli.id}> · 1 right" in board.text
        assert "5 points" in board.message.alt_texts[0]
        discord.advance(10)
    rounds = await dev.click(board.message, "Rounds")
    assert "### Leaderboard: All time" in rounds.text
    assert "Nobody has points yet." in rounds.text
    back = await dev.click(rounds.message, "Daily challenge")
    assert f"🥇 <@{dev.id}> · 5 right" in back.text
    discord.advance(86_400)
    await finish(dev, await begin(dev), location, [False] * 5)
    stats = (await dev.run("stats")).text
    assert "2 days · 1 day with everything right\n2 in a row now, 2 at best" in stats
    assert "not played in this server yet" in (await eli.run("stats")).text
    discord.advance(40 * 86_400)
    hall = await dev.run("leaderboard", period="hall", board="challenge")
    assert f"🥇 <@{dev.id}> · 5 right\n🥈 <@{eli.id}> · 1 right" in hall.text
    assert "Nobody is here yet" in (await dev.click(hall.message, "Rounds")).text
    assert "0 in a row now, 2 at best" in (await dev.run("stats")).text


class Party:
    """Forty members who play in step, each with the card that they have, and the bot's process."""

    def __init__(self, discord: Driver, bot: BotProcess, location: Location) -> None:
        self.discord = discord
        self.bot = bot
        self.location = location
        self.members = discord.add_members(40)
        self.cards: dict[int, Reply] = {}
        self.acknowledged: dict[tuple[int, int], int] = {}
        self.unheard = 0

    def choice(self, member: Actor, options: list[str]) -> int:
        """Return what a member chooses: not everybody the same."""
        return member.id % len(options)

    def button(self, member: Actor) -> str | None:
        """Return what a member presses next, None if they see their result."""
        options = choices(self.cards[member.id])
        if options:
            return options[self.choice(member, options)]
        return next((one for one in ids(self.cards[member.id]) if ":begin:" in one or ":next:" in one), None)

    async def step(self, *, kill: str | None = None) -> None:
        """Have everybody press a button; the bot may be killed once it has committed some, or after all."""
        presses = [(member, button) for member in self.members if (button := self.button(member))]
        if kill == "committed":
            with self.discord.faults.hold(CALLBACK) as held:
                pressed = [self.press(*one) for one in presses]
                await eventually(lambda: held.waiting >= len(self.members) // 2)
                await self.bot.kill()
                # Nobody hears of what was committed: to them it failed.
                self.discord.advance(4)
        else:
            pressed = [self.press(*one) for one in presses]
            await asyncio.gather(*(interaction.settled.wait() for interaction in pressed))
        if kill is not None:
            await self.restart()
        await asyncio.gather(*(self.take(*one, done) for one, done in zip(presses, pressed, strict=True)))

    def press(self, member: Actor, button: str) -> Interaction:
        place, shown = self.discord.channel(), self.cards[member.id].message
        return self.discord.server.people.click(member.id, place.id, shown.id, button)

    async def restart(self) -> None:
        await self.bot.kill()
        # Whoever has had no answer by then sees that it failed, and may open the challenge anew.
        self.discord.advance(21)
        await self.discord.start_process(self.bot)

    async def take(self, member: Actor, button: str, interaction: Interaction) -> None:
        """Take the card that came of a press, or ask for it anew where none came."""
        await interaction.settled.wait()
        if interaction.state == "done":
            self.cards[member.id] = Reply(interaction)
        else:
            self.cards[member.id] = await member.run("challenge")
            if button not in ids(self.cards[member.id]):
                self.unheard += 1
            else:
                self.cards[member.id] = await member.click(self.cards[member.id].message, button)
        words = button.split(":")
        if words[1].isdigit():
            self.acknowledged[member.id, int(words[2])] = int(words[3])


@pytest.mark.timeout(400)
async def test_forty_members_lose_nothing_and_have_one_try_through_kills(
    discord: Driver, start_bot: StartBot, location: Location
) -> None:
    party = Party(discord, await start_bot(), location)
    for member, reply in zip(
        party.members,
        await asyncio.gather(*(member.run("challenge") for member in party.members)),
        strict=True,
    ):
        party.cards[member.id] = reply
    kills = {
        "begin": "committed",
        "answer 1": "committed",
        "see 2": "shown",
        "answer 3": "shown",
        "see 4": "committed",
        "answer 5": "committed",
    }
    for position in range(1, 6):
        await party.step(kill=kills.get("begin" if position == 1 else f"see {position}"))
        assert {card.text.count(f"question {position} of 5") for card in party.cards.values()} == {1}
        await party.step(kill=kills.get(f"answer {position}"))
    await party.step()
    assert party.unheard >= 4 * len(party.members) // 2, "what was committed before a kill is there after it"
    stored = query(party.location, STORED)
    assert {(user_id, position): choice for user_id, position, choice, _ in stored} == party.acknowledged
    assert len(stored) == len(party.acknowledged) == 5 * len(party.members)
    assert len(query(party.location, "SELECT * FROM challenges")) == 1
    right = right_choices(party.location)
    points = Counter({member.id: 0 for member in party.members})
    for (user_id, position), choice in party.acknowledged.items():
        points[user_id] += choice == right[1, position]
    board = query(
        party.location, "SELECT user_id, points, answered, games FROM totals WHERE board = 'challenge'"
    )
    assert {row[0]: row[1:] for row in board} == {user_id: (value, 5, 1) for user_id, value in points.items()}
    for member in party.members:
        squares = "".join(SQUARES[party.acknowledged[member.id, n] != right[1, n]] for n in range(1, 6))
        assert f"{squares} {points[member.id]} of 5" in party.cards[member.id].text
        assert "40 players so far" in (await member.run("challenge")).text
