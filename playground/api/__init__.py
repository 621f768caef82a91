"""The HTTP API: routes by subject, and what they have in common."""
