"""What people do with the real bot on the page, from the first visit on."""
