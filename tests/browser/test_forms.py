"""A bot's form: checks, sending, leaving."""

from tests.browser.tab import Tab


async def test_fill_in_and_send(tab: Tab) -> None:
    await tab.choose_command("form")
    await tab.press("Enter")
    dialog = tab.page.get_by_role("dialog", name="Tell us more")
    note = dialog.get_by_label("What is wrong?")
    await tab.expect(note).to_be_focused()
    await tab.expect(dialog).to_have_accessible_description("It is about this card.")
    submit = dialog.get_by_role("button", name="Submit")
    await submit.click()
    await tab.expect(dialog.get_by_text("This is required.")).to_be_visible()
    await note.fill("no")
    await submit.click()
    await tab.expect(dialog.get_by_text("Write at least 5 characters.")).to_be_visible()
    await note.fill("It says <b>two</b>")
    await submit.click()
    await tab.expect(dialog.get_by_text("Choose an option.")).to_be_visible()
    await tab.press("ArrowDown")
    await tab.press("ArrowDown", "Enter")
    await tab.expect(dialog.get_by_role("button", name="Kind: Dated")).to_be_focused()
    await submit.click()
    await tab.expect(dialog).to_have_count(0)
    await tab.expect(tab.last).to_contain_text("It says <b>two</b> (dated)")
    await tab.expect(tab.last).to_contain_text("Only you can see this")


async def test_escape_closes_only_the_open_list_and_then_the_form(tab: Tab) -> None:
    await tab.run("card")
    await tab.button("Form").click()
    dialog = tab.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Kind").click()
    await tab.expect(dialog.get_by_role("option")).to_have_count(2)
    await tab.press("Escape")
    await tab.expect(dialog.get_by_role("option")).to_have_count(0)
    await tab.expect(dialog).to_be_visible()
    await tab.press("Escape")
    await tab.expect(dialog).to_have_count(0)
    await tab.expect(tab.button("Form")).to_be_focused()


async def test_a_file_is_handed_in(tab: Tab) -> None:
    await tab.choose_command("hand-in")
    await tab.press("Enter")
    form = tab.page.get_by_role("dialog", name="Hand it in")
    await form.get_by_role("button", name="Submit").click()
    await tab.expect(form).to_contain_text("Choose a file.")
    await form.get_by_label("Your script").set_input_files(
        {"name": "script.txt", "mimeType": "text/plain", "buffer": b"City of stars"}
    )
    await form.get_by_role("button", name="Submit").click()
    await tab.expect(tab.last).to_contain_text("script.txt: 13 bytes")
