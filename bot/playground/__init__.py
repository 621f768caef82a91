"""A local Discord to see and test the bot on, without a token."""
