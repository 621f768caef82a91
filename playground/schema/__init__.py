"""What Discord takes: the forms and limits of what a bot sends."""
