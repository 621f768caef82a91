"""The world in the words of Discord's API."""
