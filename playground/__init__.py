"""A local Discord for a bot: real HTTP, a real gateway, a web page, and people to act as."""
