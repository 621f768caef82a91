"""The README's pictures: the real bot plays on the local Discord, and a browser looks on."""
