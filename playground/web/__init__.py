"""The web page, and the API that it talks to."""
