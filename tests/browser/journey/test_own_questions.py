"""A server's own questions on the page: written in the form, imported from a file, played."""

import json

from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import card
from tests.browser.real_bot import RealBot

TABLE = """
[[questions]]
prompt = "Who won cup {number}?"
answer = "Player {number}"
distractors = ["Ann {number}", "Bob {number}", "Cid {number}"]
"""


async def test_questions_are_written_imported_and_played(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab()
    content = "".join(TABLE.format(number=number) for number in range(499)).encode()
    await ada.choose_command("questions import")
    file = {"name": "ours.toml", "mimeType": "application/toml", "buffer": content}
    await ada.page.locator(".command-form input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    await ada.expect(ada.option("file")).to_have_value("ours.toml")
    await ada.press("Enter")
    asked = card(ada, "Import these questions?")
    await ada.expect(asked).to_contain_text("499 new, 0 changed, 0 unchanged")
    await asked.get_by_role("button", name="Import", exact=True).click()
    await ada.expect(card(ada, "Imported: 499 new")).to_be_visible()

    await ada.run("quiz start")
    await ada.page.get_by_role("button", name="About the film").click()
    await ada.page.get_by_role("option", name="This server's own questions").click()
    await ada.expect(card(ada, "Your round")).to_contain_text("this server's own")
    await card(ada, "Your round").get_by_role("button", name="Start", exact=True).click()
    await bot.game.next(1)
    await ada.expect(card(ada, "Question 1 of")).to_contain_text("from this server")
    [(pack, options)] = await bot.game.query("SELECT pack, options FROM asked_questions", ())
    assert pack.startswith("server:")
    assert len(json.loads(options)) == 4

    await ada.choose_command("questions add")
    await ada.press("Enter")
    form = ada.page.get_by_role("dialog", name="A new question")
    await form.get_by_label("Question").fill("Who founded this server?")
    await form.get_by_label("Right answer").fill("Ada")
    await form.get_by_label("Wrong answers").fill("Ben\nDev\nEli")
    await form.get_by_role("button", name="Submit").click()
    await ada.expect(card(ada, "Added.")).to_contain_text("buttons and typed")
    await ada.expect(form).to_have_count(0)
