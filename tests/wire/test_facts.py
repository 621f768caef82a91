"""`/fact` and `/topics` as people use them."""

import asyncio
import re
from collections.abc import Sequence

import pytest

from bot.app import TriviaBot
from bot.core.content import Spoiler
from bot.ui.fact_cards import covered
from playground import PATIENCE, Actor, Driver, Interaction, Json, Reply, Shown
from tests.engines import query
from tests.la_la_land import PACK
from tests.wire.conftest import StartBot
from tests.wire.daily.acts import eventually

FACTS = {covered(fact): fact for fact in PACK.facts}
FREE = [fact.id for fact in PACK.facts if fact.spoiler is Spoiler.NONE]


def fact_in(shown: Shown | Reply) -> str:
    """Return the id of the one fact that a card shows."""
    [found] = [fact.id for words, fact in FACTS.items() if words in shown.text]
    return found


async def deal(askers: Sequence[Actor], times: int) -> list[str]:
    """Return the facts that come in so many calls, one after the other; nobody asks too often."""
    return [fact_in(await askers[number % len(askers)].run("fact")) for number in range(times)]


def assert_dealt_fairly(dealt: Sequence[str]) -> None:
    """Fail unless each run through the deck has every fact exactly once."""
    for start in range(0, len(dealt), len(FREE)):
        shuffle = dealt[start : start + len(FREE)]
        assert len(set(shuffle)) == len(shuffle)
        if len(shuffle) == len(FREE):
            assert sorted(shuffle) == sorted(FREE)


async def test_facts_come_each_once_a_shuffle_also_across_a_kill(
    discord: Driver, start_bot: StartBot
) -> None:
    """The bot is killed in the middle of the second of three shuffles."""
    half = len(FREE) * 3 // 2
    askers = discord.add_members(half)
    bot = await start_bot()
    dealt = await deal(askers, half)
    await bot.kill()
    await start_bot()
    dealt += await deal(askers, half)
    assert_dealt_fairly(dealt)


async def test_a_hundred_at_once_get_a_hundred_facts(discord: Driver, trivia: TriviaBot) -> None:
    replies = await asyncio.gather(*(member.run("fact") for member in discord.add_members(100)))
    assert len({fact_in(reply) for reply in replies}) == 100
    assert trivia.tools.database.commits < 100


async def test_a_topic_stays_with_its_facts_and_its_name_may_be_typed(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    for topic in ("costumes", "Costumes", " COSTUMES "):
        reply = await ada.run("fact", topic=topic)
        assert "costumes" in FACTS_BY_ID[fact_in(reply)].topics


FACTS_BY_ID = {fact.id: fact for fact in PACK.facts}


async def test_topics_complete_with_their_counts(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    [choice] = await ada.complete("fact", "topic", "cost")
    count = sum("costumes" in fact.topics and fact.spoiler is Spoiler.NONE for fact in PACK.facts)
    assert choice["value"] == "costumes"
    assert choice["name"].endswith(f"({count})")
    assert len(await ada.complete("fact", "topic", "")) == len(PACK.topics)
    assert await ada.complete("fact", "topic", "no such thing") == []


@pytest.mark.both_engines
async def test_a_search_forgives_accents_case_endings_and_a_typo(discord: Driver, trivia: TriviaBot) -> None:
    for typed, expected in (
        ("Geneviève", "Genevieve"),
        ("GENEVIEVE", "Genevieve"),
        ("Chazele", "Chazelle"),
        ("minol", "Minolta"),
        ("kerber piano", "Kerber"),
        ("pupuseria", "Sarita"),
    ):
        discord.advance(20)
        reply = await discord.member("Ada").run("fact", search=typed)
        assert expected in reply.text
        assert "comes closest" not in reply.text, typed


async def test_what_came_near_is_said_to_have_come_near(discord: Driver, trivia: TriviaBot) -> None:
    reply = await discord.member("Ada").run("fact", search="Minolta giraffe")
    assert "comes closest" in reply.text
    assert "Minolta" in reply.text


async def test_a_search_stays_within_the_topic_that_is_given(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    reply = await ada.run("fact", topic="casting", search="Gosling")
    assert "casting" in FACTS_BY_ID[fact_in(reply)].topics
    elsewhere = await ada.run("fact", topic="costumes", search="pupuseria")
    assert elsewhere.ephemeral
    assert "elsewhere has" in elsewhere.text or "elsewhere have" in elsewhere.text
    found = await ada.click(elsewhere.message, "Search everywhere")
    assert "pupuseria" in found.text.casefold()
    assert (await ada.run("fact", topic="costumes", search="zzzzzzzz")).ephemeral


async def test_a_search_never_tells_what_a_hidden_fact_is_about(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    nothing = await ada.run("fact", search="zzzzzzzz")
    assert "could spoil the film were left out" in nothing.text
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    assert "stayed out" not in (await ada.run("fact", search="zzzzzzzz")).text


SEARCHES = (
    "**bold** _x_ ||y||",
    '"',
    '"" OR "',
    "NEAR(",
    "NEAR(a b, 3)",
    "*",
    "a*b*",
    "-piano",
    "text:piano",
    "(((",
    "😀",
    "\u0000",
    "'; DROP TABLE facts; --",
    "x" * 6_000,
    "piano " * 1_000,
    "<@1> @everyone",
    " ",
)


async def test_whatever_is_searched_for_gets_an_answer(discord: Driver, trivia: TriviaBot) -> None:
    for player, typed in zip(discord.add_members(len(SEARCHES)), SEARCHES, strict=True):
        reply = await player.run("fact", search=typed, force=True)
        assert reply.state == "done", typed
        assert "Something went wrong" not in reply.text, typed
        assert reply.ephemeral == ("I found nothing" in reply.text), typed


async def test_a_search_marks_nothing_as_seen(discord: Driver, trivia: TriviaBot) -> None:
    await discord.member("Ada").run("fact", search="Minolta")
    assert (
        await trivia.tools.database.read(lambda c: c.execute("SELECT COUNT(*) FROM decks").fetchone()[0]) == 0
    )


@pytest.mark.both_engines
async def test_another_changes_the_card_of_its_asker_and_answers_others_privately(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, carmen = discord.member("Ada"), discord.member("Carmen")
    first = await ada.run("fact")
    before = fact_in(first)
    again = await ada.click(first.message, "Another")
    assert again.message.id == first.message.id
    assert fact_in(first) != before
    other = await carmen.click(first.message, "Another")
    assert other.ephemeral
    assert len({before, fact_in(first), fact_in(other)}) == 3


async def test_more_stays_with_the_topic(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    first = await ada.run("fact", topic="props")
    label = next(label for label in first.buttons if label.startswith("More: "))
    topic = FACTS_BY_ID[fact_in(first)].topics[0]
    again = await ada.click(first.message, label)
    assert topic in FACTS_BY_ID[fact_in(again)].topics


async def test_topics_are_listed_and_chosen_from_again_and_again(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    listed = await ada.run("topics")
    assert listed.ephemeral
    assert f"{len(FREE)} facts" in listed.text
    shown = []
    for topic in ("awards", "awards", "costumes"):
        chosen = await ada.choose(listed.message, topic)
        assert f"{len(FREE)} facts" in listed.message.text, "the list stays"
        assert listed.message.selects[0]["custom_id"] == "topic1:"
        await discord.until(lambda chosen=chosen: bool(chosen.follow_ups))  # type: ignore[misc]
        [fact] = chosen.follow_ups
        assert fact.ephemeral
        shown.append(fact_in(fact))
        assert topic in FACTS_BY_ID[shown[-1]].topics
    assert len(set(shown)) == 3


async def test_topics_say_how_many_facts_wait_for_another_setting(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    settings = next(one["id"] for one in discord.world.commands[None] if one["name"] == "settings")
    hidden = len(PACK.facts) - len(FREE)
    text = (await ada.run("topics")).text
    assert f"{hidden} more facts could spoil the film and wait until a moderator allows" in text
    assert f"</settings:{settings}>" in text
    assert "they come in servers that allow it" in (await ada.run("topics", channel="DM")).text
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    assert "could spoil" not in (await ada.run("topics")).text


async def test_a_menu_from_before_an_update_still_deals(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    listed = await ada.run("topics")
    data: Json = {"component_type": 3, "custom_id": "another1:", "id": 1, "values": ["awards"]}
    interaction = ada.forge_interaction(3, discord.channel("trivia"), data, source=listed.message.raw)
    async with asyncio.timeout(PATIENCE):
        await interaction.settled.wait()
    assert "awards" in FACTS_BY_ID[fact_in(listed.message)].topics


async def test_spoilers_come_only_where_the_server_lets_them_and_then_covered(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    hidden = await ada.run("fact", search="Tom Everett Scott husband")
    assert "||" not in hidden.text
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    shown = await ada.run("fact", search="Tom Everett Scott husband")
    assert re.search(r"\|\|[^|]*Scott[^|]*\|\|", shown.text)
    assert "Gives away the ending" in shown.text


async def test_what_a_search_found_goes_by_the_spoilers_of_the_moment_at_which_it_is_shown(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    found = await ada.run("fact", search="Mia")
    facts = trivia.tools.catalogue.get().facts
    numbers = re.findall(r"'value': '(\d+)'", str(found.message.raw.components))
    hidden = next(number for number in numbers if facts[int(number)].spoiler is not Spoiler.NONE)
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.NONE)
    refused = await ada.choose(found.message, hidden)
    assert refused.ephemeral
    assert "no longer" in refused.text


@pytest.mark.both_engines
async def test_direct_messages_have_a_deck_of_their_own_and_no_spoilers(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    await trivia.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    for actor in (ada, ben):
        reply = await actor.run("fact", channel="DM")
        assert "||" not in reply.text
    rows = await trivia.tools.database.read(
        lambda c: c.execute("SELECT guild_id, user_id FROM decks").fetchall()
    )
    assert sorted(rows) == sorted([(0, ada.id), (0, ben.id)])


async def test_an_unknown_topic_gets_one_private_sentence(discord: Driver, trivia: TriviaBot) -> None:
    for topic in ("no such topic", "", "**", "costumes'; --", "x" * 6_000):
        reply = await discord.member("Ada").run("fact", topic=topic, force=True)
        assert reply.ephemeral, topic
        assert "/topics" in reply.text


async def test_who_asks_too_fast_is_told_how_long_to_wait(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    for _ in range(5):
        assert not (await ada.run("fact")).ephemeral
    refused = await ada.run("fact")
    assert refused.ephemeral
    told = re.search(r"The next is yours in (\d+) seconds\.", refused.text)
    assert told
    discord.advance(int(told[1]) - 5)
    assert (await ada.run("fact")).ephemeral
    discord.advance(5)
    assert not (await ada.run("fact")).ephemeral


async def test_what_finds_nothing_uses_up_nothing(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    for _ in range(6):
        assert "I found nothing" in (await ada.run("fact", search="qqqq")).text
        assert "/topics" in (await ada.run("fact", topic="no such topic", force=True)).text
    for _ in range(5):
        assert not (await ada.run("fact", search="Minolta")).ephemeral
    assert "One fact at a time" in (await ada.run("fact", search="qqqq")).text


@pytest.mark.both_engines
async def test_a_report_is_stored_once_and_listed(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    first = await ada.run("fact")
    opened = await ada.click(first.message, "Report")
    assert opened.modal is not None
    assert opened.modal["components"][0]["content"] in first.text
    thanked = await ada.submit(opened, {"reason": "It was a *Prius*.\0"})
    assert thanked.ephemeral
    assert "Thank you" in thanked.text
    again = await ada.submit(await ada.click(first.message, "Report"), {"reason": "Still."})
    assert "already" in again.text
    rows = await trivia.tools.database.read(
        lambda c: c.execute("SELECT item, reason FROM reports").fetchall()
    )
    [(item, stored)] = rows
    assert (item, stored.rstrip("\0\ufffd")) == (fact_in(first), "It was a *Prius*.")


async def test_a_report_from_where_the_bot_is_no_member_is_not_that_servers(
    discord: Driver, trivia: TriviaBot
) -> None:
    """It would otherwise be deleted after thirty days, as the data of a server that the bot has left."""
    ada = discord.member("Ada")
    discord.controls.kick(discord.guild)
    await eventually(lambda: trivia.get_guild(discord.guild.id) is None)
    card = await ada.run("fact")
    thanked = await ada.submit(await ada.click(card.message, "Report"), {"reason": "It was a Prius."})
    assert "whoever maintains these facts" in thanked.text
    assert query(trivia.tools.database.location, "SELECT guild_id FROM reports") == [(None,)]


async def test_the_eleventh_report_of_a_day_waits_for_the_next(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    answers = []
    for _ in range(11):
        discord.advance(10)
        card = await ada.run("fact")
        answers.append((await ada.submit(await ada.click(card.message, "Report"), {"reason": "?"})).text)
    assert ["tomorrow" in text for text in answers] == [False] * 10 + [True]
    discord.advance(24 * 3600)
    card = await ada.run("fact")
    assert "Thank you" in (await ada.submit(await ada.click(card.message, "Report"), {"reason": "?"})).text


FORGED = (
    "another1",
    "another1:x:",
    "another1:no-such-topic",
    "another9:",
    "found1:",
    "report1:fact:0",
    "report1:fact:-1",
    "report1:lie:1",
    "report1:fact:²",
    "nonsense",
    ":",
    "1:1",
    "ANOTHER1:",
    "quizme1:",
    "x" * 100,
)


async def test_a_forged_control_gets_a_private_sentence_and_changes_nothing(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    card = await ada.run("fact")
    before = await trivia.tools.database.read(lambda c: c.execute("SELECT * FROM decks").fetchall())
    for custom_id in FORGED:
        discord.advance(20)
        reply = await ada.forge(card.message, custom_id, ["1"] if custom_id.startswith("found") else None)
        assert isinstance(reply.interaction, Interaction)
        answer = reply.follow_ups[0] if reply.follow_ups else reply
        assert reply.state == "done", custom_id
        assert answer.ephemeral, custom_id
        assert "Something went wrong" not in answer.text, custom_id
        after = await trivia.tools.database.read(lambda c: c.execute("SELECT * FROM decks").fetchall())
        assert after == before, custom_id
