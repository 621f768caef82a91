"""A server's own questions, written in forms and files over the wire."""

import asyncio
import time

import pytest

from bot.app import TriviaBot
from bot.core.refusal import Refusal
from bot.runners import apart
from bot.ui.attachments import read_attachment
from bot.ui.own_cards import FAULTS_FILE, PER_PAGE
from playground import Actor, Driver, Reply, Shown
from tests.hostile import PIECES, assert_harmless

FORM = {
    "prompt": "Who founded this server?",
    "answer": "Ada",
    "distractors": "Ben\nCleo\n\nDev",
    "aliases": "",
    "afterwards": "",
}
BEAT_S = 0.001


def many(count: int) -> bytes:
    return "".join(
        f'[[questions]]\nprompt = "Who won cup {number}?"\nanswer = "Player {number}"\n'
        f'distractors = ["Ann {number}", "Bob {number}", "Cid {number}"]\nafterwards = "It was close."\n'
        for number in range(count)
    ).encode()


async def add(actor: Actor, **fields: str) -> Reply:
    return await actor.submit(await actor.run("questions add"), FORM | fields)


async def import_file(actor: Actor, content: bytes, name: str = "ours.toml") -> Reply:
    return await actor.run("questions import", file=(name, content))


async def confirm(discord: Driver, actor: Actor, shown: Reply, said: str = "Imported: ") -> Shown:
    """Press Import, which is acknowledged at once, and wait for what comes of it."""
    pressed = await actor.click(shown.message, "Import")
    await discord.until(lambda: said in shown.message.text or bool(pressed.follow_ups))
    return shown.message


async def prompts(trivia: TriviaBot, discord: Driver) -> list[str]:
    pack = await trivia.tools.own.get(discord.guild.id)
    return [question.prompt for question in pack.questions.values()]


@pytest.mark.both_engines
async def test_a_question_is_written_changed_and_removed(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    added = await add(ada)
    assert added.ephemeral
    assert "Added." in added.text
    assert "▫️ Cleo" in added.text
    opened = await ada.click(added.message, "Edit")
    changed = await ada.submit(opened, FORM | {"distractors": "Ben", "afterwards": "Long ago."})
    assert "typed only" in changed.text
    assert "Afterwards: Long ago." in changed.text
    found = await ada.complete("questions remove", "question", "founded")
    assert [one["name"] for one in found] == ["Who founded this server?"]
    asked = await ada.run("questions remove", question=found[0]["value"])
    assert (await ada.click(asked.message, "Keep it")).text == "Nothing was changed."
    asked = await ada.run("questions remove", question="WHO FOUNDED THIS SERVER?")
    assert "removed" in (await ada.click(asked.message, "Remove it")).text
    assert await prompts(trivia, discord) == []
    assert "no questions of its own" in (await ada.run("questions list")).text
    assert "no questions of its own" in (await ada.run("questions export")).text


async def test_a_refused_form_speaks_of_its_own_fields(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    refused = await add(ada, distractors="Ben\n" * 4)
    assert "“Wrong answers”" in refused.text
    assert "distractors" not in refused.text


async def test_a_refused_form_comes_back_as_it_was_filled(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    refused = await add(ada, prompt="Is Ada the founder?")
    assert "answer 'Ada' is in the question" in refused.text
    again = await ada.click(refused.message, "Back to the form")
    assert again.modal is not None
    values = {
        part["component"]["custom_id"]: part["component"].get("value") for part in again.modal["components"]
    }
    assert values["prompt"] == "Is Ada the founder?"
    assert values["distractors"] == "Ben\nCleo\n\nDev"
    await ada.submit(again, FORM)
    assert await prompts(trivia, discord) == [FORM["prompt"]]
    assert "the same question is there already" in (await add(ada)).text


async def test_others_may_do_none_of_it(discord: Driver, trivia: TriviaBot) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    added = await add(ada)
    for command, options in (
        ("add", {}),
        ("list", {}),
        ("export", {}),
        ("edit", {"question": "x"}),
        ("import", {"file": ("x.toml", many(1))}),
    ):
        reply = await dev.run(f"questions {command}", force=True, **options)
        assert "Manage Server" in reply.text
    shown = (await dev.run("topics")).message
    for custom_id in ("own1:gone:1", "own1:new", "own1:list:0:", "own1:import:1"):
        assert "Manage Server" in (await dev.forge(shown, custom_id)).text
    assert await prompts(trivia, discord) == [FORM["prompt"]]
    assert added.ephemeral


async def test_another_servers_moderators_can_neither_void_nor_read_them(
    discord: Driver, trivia: TriviaBot
) -> None:
    await add(discord.member("Ada"))
    [number] = (await trivia.tools.own.get(discord.guild.id)).questions
    stranger = discord.member("Ada", discord.add_guild("Elsewhere"))
    panel = (await stranger.run("settings")).message
    for action in ("void", "undo"):
        refused = await stranger.forge(panel, f"mod1:{action}:{number}:0")
        assert "I do not know that question" in refused.text
    reports = await stranger.click(panel, "Reports")
    assert FORM["prompt"] not in reports.text


@pytest.mark.both_engines
async def test_an_import_is_looked_at_done_and_comes_out_again(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    shown = await import_file(ada, many(3))
    assert "3 new, 0 changed, 0 unchanged" in shown.text
    assert await prompts(trivia, discord) == []
    assert "Imported: 3 new" in (await confirm(discord, ada, shown)).text
    assert len(await prompts(trivia, discord)) == 3
    for form in ("toml", "csv"):
        exported = await ada.run("questions export", form=form)
        [(name, content)] = exported.message.files.items()
        assert "There is nothing to do" in (await import_file(ada, content, name)).text
    changed = await import_file(ada, content.replace(b"Ann 1", b"Eve"), "x.csv")
    assert "0 new, 1 changed, 2 unchanged" in changed.text
    custom_id = str(changed.buttons["Import"]["custom_id"])
    assert "Nothing was changed" in (await ada.click(changed.message, "Cancel")).text
    assert "it has expired" in (await ada.forge(changed.message, custom_id)).text
    assert b"Eve" not in (await ada.run("questions export")).message.files["questions.toml"]
    await import_file(ada, many(3))
    later = await ada.forge(changed.message, custom_id)
    assert "it has expired" in later.text


async def test_an_import_leads_to_what_is_void(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await confirm(discord, ada, await import_file(ada, many(2)))
    number = min((await trivia.tools.own.get(discord.guild.id)).questions)
    await ada.forge((await ada.run("settings")).message, f"mod1:void:{number}:0")
    shown = await import_file(ada, many(3))
    assert "is void here and stays so until somebody undoes that under Reports in </settings:" in shown.text


async def test_what_changed_since_the_look_is_told_before_it_is_done(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ada")
    shown = await import_file(ada, many(2))
    await add(ben, prompt="Who won cup 1?", answer="Nobody")
    again = await confirm(discord, ada, shown, "changed in the meantime")
    assert "1 new, 1 changed, 0 unchanged" in again.text
    assert len(await prompts(trivia, discord)) == 1
    await confirm(discord, ada, shown)
    assert len(await prompts(trivia, discord)) == 2


async def press_twice(discord: Driver, actor: Actor, shown: Shown, label: str, done: str) -> None:
    """Press a button twice before anything comes of it, and wait until both were answered."""
    pressed = [actor.begin_click(shown, label) for _ in range(2)]
    await asyncio.gather(*(one.settled.wait() for one in pressed))
    await discord.until(lambda: done in shown.text)


async def test_two_presses_import_and_remove_once_and_do_not_deny_it(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada = discord.member("Ada")
    shown = await import_file(ada, many(2))
    said: list[Shown] = []
    forget = discord.on_message(said.append)
    await press_twice(discord, ada, shown.message, "Import", "Imported: 2 new")
    forget()
    assert any("That was pressed already" in one.text for one in said)
    assert "Imported: 2 new" in shown.message.text
    asked = [await ada.run("questions remove", question="Who won cup 1?") for _ in range(2)]
    custom_id = str(asked[1].buttons["Remove it"]["custom_id"]).replace("gone", "edit")
    await press_twice(discord, ada, asked[0].message, "Remove it", "is removed")
    assert asked[0].message.text == "The question is removed."
    assert (await ada.click(asked[1].message, "Remove it")).text == "The question is removed."
    stale = await ada.forge(asked[1].message, custom_id)
    assert stale.text == "That question has been removed."
    assert await prompts(trivia, discord) == ["Who won cup 0?"]


async def test_every_fault_is_told_and_nothing_is_done(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    few = await import_file(ada, b"prompt,answer\nWho?,\nWhen?,all of the above\n", "x.csv")
    assert "Line 2: 'answer' is missing" in few.text
    assert "Line 3: 'all of the above'" in few.text
    lots = await import_file(ada, b"[[questions]]\n" * 40)
    assert "and 68 more" in lots.text
    assert lots.message.files[FAULTS_FILE].count(b"Line ") == 80
    keys = "".join(f"key{number} = 1\n" for number in range(2_000))
    wild = await import_file(ada, f"[[questions]]\n{keys}".encode())
    assert "and 1,990 more, all in the file" in wild.text
    assert wild.message.files[FAULTS_FILE].count(b"is unknown") == 2_000
    large = await import_file(ada, b"#" * (256 * 1024 + 1))
    assert "too large" in large.text
    assert "must be a .toml or a .csv" in (await import_file(ada, b"", "x.exe")).text
    assert await prompts(trivia, discord) == []


async def test_a_list_has_pages_and_a_search(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await confirm(discord, ada, await import_file(ada, many(PER_PAGE + 2)))
    first = await ada.run("questions list")
    assert "Page 1 of 2" in first.buttons
    second = await ada.click(first.message, "Next")
    assert f"cup {PER_PAGE + 1}" in second.text
    found = await ada.run("questions list", search="player 3: CUP")
    assert "1 question with" in found.text
    [choice] = found.message.selects[0]["options"]
    one = await ada.choose(found.message, choice["value"])
    assert "Who won cup 3?" in one.text
    assert one.ephemeral


async def test_what_strangers_write_is_text(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    said: list[Shown] = []
    forget = discord.on_message(said.append)
    for number, piece in enumerate(PIECES):
        text = f"{piece}{number}".strip().replace("\n", "")[-50:]
        await add(
            ada,
            prompt=f"{text}?",
            answer=f"Ada the {number}th",
            distractors=f"a{text}\nb{text}\nc{text}",
            afterwards=text,
        )
    listed = await ada.run("questions list")
    while not listed.buttons["Next"]["disabled"]:
        await ada.click(listed.message, "Next")
    forget()
    assert len(await prompts(trivia, discord)) > len(PIECES) / 2
    for shown in said:
        assert (shown.raw.mentions, shown.raw.mention_roles, shown.raw.mention_everyone) == ([], [], False)
        if shown.raw.author_id == trivia.application_id:
            assert_harmless(shown.text)


class Pulse:
    """How long what the event loop was to do next had to wait at most."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            self.longest = max(self.longest, time.perf_counter() - begun - BEAT_S)

    def stop(self) -> float:
        self._task.cancel()
        return self.longest


async def test_500_are_imported_at_once_and_hold_nobody_up(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    pulse = Pulse()
    begun = time.perf_counter()
    shown = await import_file(ada, many(500))
    done = await confirm(discord, ada, shown)
    took, held_up = time.perf_counter() - begun, pulse.stop()
    print(f"500 imported in {took:.2f} s, the loop held up for {held_up * 1000:.0f} ms at most")
    assert "500 new" in done.text
    assert len(await prompts(trivia, discord)) == 500
    assert "501 questions" in (await import_file(ada, many(501))).text


async def test_an_import_that_takes_too_long_says_what_to_do(
    discord: Driver, trivia: TriviaBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = discord.member("Ada")
    known = await import_file(ada, many(2))
    await add(ada)
    patience = apart.LONGEST_S
    monkeypatch.setattr(apart, "LONGEST_S", 0)
    too_long = "too long to check, so nothing was imported"
    pressed = await ada.click(known.message, "Import")
    await discord.until(lambda: any(too_long in shown.text for shown in pressed.follow_ups))
    assert too_long in (await import_file(ada, many(1))).text
    assert await prompts(trivia, discord) == [FORM["prompt"]]
    monkeypatch.setattr(apart, "LONGEST_S", patience)
    await confirm(discord, ada, known)
    assert len(await prompts(trivia, discord)) == 3


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/ours.toml",
        "https://cdn.discordapp.com.evil.example/ours.toml",
        "http://media.discordapp.net/ours.toml",
        "https://cdn.discordapp.com@evil.example/ours.toml",
        "file:///etc/passwd",
    ],
)
async def test_files_are_fetched_from_discord_alone(url: str) -> None:
    with pytest.raises(Refusal, match="could not get that file"):
        await read_attachment(url, 5, 100)


async def test_a_file_that_is_longer_than_discord_said_is_refused(discord: Driver, trivia: TriviaBot) -> None:
    await import_file(discord.member("Ada"), many(1))
    [upload] = discord.world.uploads.values()
    with pytest.raises(Refusal, match="could not get that file"):
        await read_attachment(discord.world.upload_url(upload), 5, 10)
