"""The message box: the picker, completion, checks, and what is not a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from tests.browser.conftest import OpenTab, Stage
from tests.browser.tab import Tab

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


@asynccontextmanager
async def registered(
    stage: Stage, name: str, needed: discord.Permissions | None = None
) -> AsyncIterator[None]:
    """Let the bot have one more command, for the first server alone."""
    tree, place = stage.bot.tree, discord.Object(stage.driver.guild.id)

    async def answer(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Here")

    command: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description="A command of this server", callback=answer
    )
    command.default_permissions = needed
    tree.add_command(command, guild=place)
    await tree.sync(guild=place)
    try:
        yield
    finally:
        tree.remove_command(name, guild=place)
        await tree.sync(guild=place)


async def offered(tab: Tab, typed: str) -> Any:
    """Type the beginning of a command, and return the list above the box."""
    await tab.box.fill(typed)
    await tab.expect(tab.popup).to_be_visible()
    return tab.popup


async def test_a_servers_own_command_is_there_at_once_and_stays(stage: Stage, open_tab: OpenTab) -> None:
    ada, direct = await open_tab(), await open_tab(channel="DM")
    async with registered(stage, "late"):
        await ada.expect(await offered(ada, "/late")).to_contain_text("A command of this server")
        await ada.expect(await offered(direct, "/late")).to_contain_text("No command fits.")
        await stage.bot.tree.sync()
        await ada.box.fill("")
        await ada.run("private")
        await ada.expect(await offered(ada, "/late")).to_contain_text("A command of this server")


async def test_a_command_is_offered_to_whoever_has_its_permissions(stage: Stage, open_tab: OpenTab) -> None:
    ben, eli = await open_tab("Ben"), await open_tab("Eli")
    async with registered(stage, "late", discord.Permissions(send_messages=True)):
        await eli.expect(await offered(eli, "/late")).to_contain_text("A command of this server")
    async with registered(stage, "late", discord.Permissions(manage_guild=True)):
        await ben.expect(await offered(ben, "/late")).to_contain_text("A command of this server")
        await eli.expect(await offered(eli, "/late")).to_contain_text("Hidden for lack of a permission: 1.")
    async with registered(stage, "late", discord.Permissions(ban_members=True)):
        await ben.expect(await offered(ben, "/late")).to_contain_text("Hidden for lack of a permission: 1.")


async def test_the_picker_by_keyboard(tab: Tab) -> None:
    await tab.box.focus()
    await tab.page.keyboard.type("/")
    options = tab.popup.get_by_role("option")
    await tab.expect(options).to_have_count(9)
    await tab.expect(options.first).to_contain_text("Everything at once")
    await tab.press("ArrowDown", "ArrowDown", "ArrowUp")
    active = await tab.box.get_attribute("aria-activedescendant")
    await tab.expect(tab.page.locator(f"#{active}")).to_contain_text("/count")
    await tab.page.keyboard.type("priv")
    await tab.press("Tab", "Enter")
    await tab.expect(tab.last).to_contain_text("Just for you")
    await tab.expect(tab.box).to_be_focused()


async def test_escape_closes_the_picker(tab: Tab) -> None:
    await tab.box.focus()
    await tab.page.keyboard.type("/p")
    await tab.expect(tab.popup).to_be_visible()
    await tab.press("Escape")
    await tab.expect(tab.popup).to_be_hidden()
    await tab.expect(tab.box).to_have_value("/p")


async def test_while_the_bot_thinks_of_completions_that_is_said(stage: Stage, tab: Tab) -> None:
    with stage.driver.faults.hold(CALLBACK) as held:
        await tab.choose_command("pick")
        await tab.expect(tab.popup).to_contain_text("What about")
        await tab.expect(tab.popup).to_contain_text("Asking the bot…")
        await held.arrived.wait()
    await tab.expect(tab.popup.get_by_role("option")).to_have_count(3)
    await tab.expect(tab.popup).not_to_contain_text("Asking the bot…")


async def test_completion_and_every_kind_of_option(tab: Tab) -> None:
    await tab.choose_command("pick")
    await tab.page.keyboard.type("mus")
    await tab.expect(tab.popup.get_by_role("option")).to_have_text(["Music (34)"])
    await tab.press("Enter")
    await tab.expect(tab.option("amount")).to_be_focused()
    await tab.page.keyboard.type("7")
    await tab.press("Tab")
    await tab.page.keyboard.type("film")
    await tab.press("Tab")
    await tab.page.keyboard.type("tr")
    await tab.press("Enter")
    await tab.page.get_by_role("button", name="2 more").click()
    await tab.option("who").fill("be")
    await tab.press("Enter")
    await tab.option("speed").fill("fast")
    await tab.press("Enter", "Enter")
    await tab.expect(tab.last.locator(".message-content")).to_have_text(
        "Music / 7 / film-club / True / Ben / fast"
    )


async def test_more_options_by_keyboard_leads_into_the_first_of_them(tab: Tab) -> None:
    await tab.choose_command("pick")
    await tab.page.get_by_role("button", name="2 more").focus()
    await tab.press("Enter")
    await tab.expect(tab.option("who")).to_be_focused()


async def test_what_is_missing_or_wrong_is_said_before_sending(tab: Tab) -> None:
    hint = tab.page.locator(".composer-hint")
    await tab.choose_command("pick")
    await tab.press("Enter")
    await tab.expect(hint).to_have_text("topic is required.")
    await tab.expect(tab.option("topic")).to_be_focused()
    await tab.option("topic").fill("anything")
    for wrong, sentence in {
        "x": "amount must be a whole number.",
        "26": "amount must be at most 25.",
    }.items():
        await tab.option("amount").fill(wrong)
        await tab.press("Enter")
        await tab.expect(hint).to_have_text(sentence)
    await tab.option("amount").fill("2")
    await tab.option("place").fill("nowhere")
    await tab.press("Enter")
    await tab.expect(hint).to_have_text("place must be one from the list.")
    assert await tab.rows.count() == 0


async def test_backspace_and_escape_lead_out_of_a_command(tab: Tab) -> None:
    for key in ("Backspace", "Escape"):
        await tab.choose_command("pick")
        await tab.option("amount").focus()
        await tab.option("topic").focus()
        await tab.expect(tab.popup.get_by_role("option").first).to_be_visible()
        await tab.press(key)
        if key == "Escape":
            await tab.expect(tab.popup).to_be_hidden()
            await tab.press(key)
        await tab.expect(tab.box).to_be_focused()


async def test_plain_words_reach_everybody_and_the_bots_deafness_is_said(tab: Tab, open_tab: OpenTab) -> None:
    ben = await open_tab("Ben")
    await tab.box.fill("hello **there** <b>you</b>")
    await tab.press("Enter")
    for one in (tab, ben):
        await one.expect(one.last).to_contain_text("hello there <b>you</b>")
        await one.expect(one.last.locator(".author")).to_have_text("Ada")
        await one.expect(one.last.locator(".badge")).to_have_count(0)
    await tab.expect(tab.box).to_have_value("")
    await tab.expect(tab.page.locator(".composer-hint")).to_have_text(
        "This bot only reads commands, not messages. Type / to see them."
    )


async def test_words_that_cannot_be_sent_stay_in_the_box(open_tab: OpenTab) -> None:
    fay = await open_tab("Fay")
    await fay.box.fill("let me in")
    await fay.press("Enter")
    await fay.expect(fay.page.locator("#toasts")).to_contain_text("You cannot write in this channel.")
    await fay.expect(fay.box).to_have_value("let me in")
    assert await fay.rows.count() == 0
    assert all("400" in problem for problem in fay.problems)
    fay.problems.clear()


async def test_the_servers_refusal_is_shown(tab: Tab, open_tab: OpenTab) -> None:
    fay = await open_tab("Fay")
    await fay.choose_command("private")
    await fay.press("Enter")
    await fay.expect(fay.page.locator("#toasts")).to_contain_text("You are timed out.")
    assert all("400" in problem or "403" in problem for problem in fay.problems)
    fay.problems.clear()
    assert await tab.rows.count() == 0
