"""What exists: users, servers, channels, messages, interactions, and what becomes of them."""
