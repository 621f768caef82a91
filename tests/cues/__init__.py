"""What a cheat who knows nothing gets out of a pack: `python -m tests.cues [PACK_DIR]`."""
