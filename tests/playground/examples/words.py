"""A bot of prefix commands that reads what people write, and waits for their answers."""

import asyncio
import os
from typing import Any

import discord
from discord.ext import commands

intents = discord.Intents.default()
intents.members = True
intents.message_content = True
bot = commands.Bot(command_prefix="?", intents=intents)


@bot.command()
async def add(ctx: commands.Context[Any], left: int, right: int) -> None:
    """Adds two numbers together."""
    await ctx.send(str(left + right))


@bot.command()
async def guess(ctx: commands.Context[Any]) -> None:
    """Waits for a guess of the one who asked."""
    await ctx.send("Guess a number between 1 and 10.")

    def is_theirs(message: discord.Message) -> bool:
        return message.author == ctx.author and message.content.isdigit()

    answer = await bot.wait_for("message", check=is_theirs, timeout=5)
    await ctx.send("You are right!" if int(answer.content) == 7 else "Oops.")


@bot.event
async def on_message(message: discord.Message) -> None:
    if message.author == bot.user:
        return
    if message.content.startswith("hello"):
        roles = message.author.roles if isinstance(message.author, discord.Member) else []
        names = ", ".join(role.name for role in roles)
        await message.channel.send(f"Hello {message.author.display_name} ({names})")
    await bot.process_commands(message)


@bot.event
async def on_command_error(ctx: commands.Context[Any], error: commands.CommandError) -> None:
    await ctx.send(f"{type(error).__name__}: {error}")


asyncio.run(bot.start(os.environ["DISCORD_TOKEN"]))
