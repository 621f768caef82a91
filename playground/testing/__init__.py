"""For tests: a driver that acts as people and waits for what comes of it."""
