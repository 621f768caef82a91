"""The slash commands, one cog a feature: thin ways in."""
