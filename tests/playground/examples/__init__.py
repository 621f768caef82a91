"""Bots as a newcomer to discord.py writes them: none of them knows that there is a playground."""
