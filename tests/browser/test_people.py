"""Several tabs are several people."""

from tests.browser.conftest import OpenTab, Stage
from tests.browser.tab import Tab


async def test_a_private_answer_is_seen_by_one(open_tab: OpenTab) -> None:
    ada, ben = await open_tab("Ada"), await open_tab("Ben")
    await ada.run("private")
    await ada.expect(ada.last).to_contain_text("Only you can see this")
    await ben.run("count")
    await ben.expect(ben.rows).to_have_count(1)
    await ada.expect(ada.rows).to_have_count(2)
    await ada.expect(ada.last).to_contain_text("Ben used /count")
    await ada.rows.first.get_by_role("button", name="Dismiss message").click()
    await ada.expect(ada.rows).to_have_count(1)
    await ada.page.reload()
    await ada.expect(ada.rows).to_have_count(1)


async def test_somebody_else_can_be_chosen(tab: Tab) -> None:
    await tab.page.locator(".person summary").click()
    await tab.page.locator(".person-list").get_by_role("link", name="Eli", exact=False).first.click()
    await tab.page.wait_for_selector("body[data-ready]")
    await tab.expect(tab.page.locator(".person summary")).to_contain_text("Eli")
    await tab.run("private")
    await tab.expect(tab.last).to_contain_text("Eli used /private")


async def test_a_persons_card(tab: Tab) -> None:
    await tab.page.locator("#members").get_by_role("button", name="Ben").click()
    card = tab.page.get_by_role("dialog", name="Ben")
    await tab.expect(card).to_contain_text("Moderator")
    await tab.expect(card.get_by_role("link", name="Act as Ben")).to_be_visible()
    await tab.press("Escape")
    await tab.expect(card).to_have_count(0)


async def test_direct_messages_are_one_persons_own(open_tab: OpenTab) -> None:
    ada, ben = await open_tab("Ada", channel="DM"), await open_tab("Ben")
    await ada.run("count")
    await ada.expect(ada.page.locator("#channel-bar h1")).to_have_text("Another Day of Trivia")
    await ben.run("count")
    await ben.expect(ben.page.locator(".mention-count")).to_have_count(0)
    await ben.expect(ben.rows).to_have_count(1)


async def test_news_in_another_channel_are_marked(stage: Stage, open_tab: OpenTab) -> None:
    ada, ben = await open_tab("Ada"), await open_tab("Ben", channel="The opening number")
    await ben.run("count")
    thread = ada.page.get_by_role("link", name="The opening number (new messages)")
    await ada.expect(thread).to_be_visible()
    await thread.click()
    await ada.expect(ada.last).to_contain_text("Ben used /count")
    assert str(stage.driver.channel("The opening number").id) in ada.page.url


async def test_what_names_ones_role_elsewhere_is_counted(stage: Stage, open_tab: OpenTab) -> None:
    ben, carmen = await open_tab("Ben"), await open_tab("Carmen")
    role = next(one for one in stage.driver.guild.roles.values() if one.mentionable)
    stage.driver.member("Ada").say(f"<@&{role.id}>", channel="film-club")
    await carmen.expect(carmen.page.locator(".mention-count")).to_have_text("1 mentions")
    await ben.expect(ben.page.get_by_role("link", name="film-club (new messages)")).to_be_visible()


async def test_the_choice_of_somebody_else_stays_open_as_news_come(stage: Stage, tab: Tab) -> None:
    chooser = tab.page.locator(".person summary")
    await chooser.focus()
    await tab.press("Enter")
    stage.driver.member("Ben").say("Anybody here?", channel="film-club")
    await tab.expect(tab.page.get_by_role("link", name="film-club (new messages)")).to_be_visible()
    await tab.expect(tab.page.get_by_role("link", name="Act as Eli in a new tab")).to_be_visible()
    await tab.expect(chooser).to_be_focused()


async def test_what_changes_in_the_server_takes_no_focus(stage: Stage, tab: Tab) -> None:
    ben = tab.page.locator("#members").get_by_role("button", name="Ben")
    eli = tab.page.get_by_role("link", name="Act as Eli in a new tab")
    for focused in (ben, eli):
        if focused is eli:
            await tab.page.locator(".person summary").click()
        await focused.focus()
        channel = stage.driver.add_channel("for-a-while")
        await tab.expect(tab.page.get_by_role("link", name="for-a-while")).to_be_visible()
        await tab.expect(focused).to_be_focused()
        stage.driver.controls.delete_channel(channel)
        await tab.expect(tab.page.get_by_role("link", name="for-a-while")).to_have_count(0)
        await tab.expect(focused).to_be_focused()


async def test_a_moderator_deletes_a_message(open_tab: OpenTab) -> None:
    ada, eli = await open_tab("Ada"), await open_tab("Eli")
    await ada.run("count")
    await eli.expect(eli.rows).to_have_count(1)
    await eli.expect(eli.button("Delete message")).to_have_count(0)
    await ada.last.hover()
    await ada.button("Delete message").click()
    for tab in (ada, eli):
        await tab.expect(tab.rows).to_have_count(0)
