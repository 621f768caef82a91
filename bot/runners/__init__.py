"""The things that live in time: load, step the core, save, tell a Messenger."""
