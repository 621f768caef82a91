"""What people do: run commands, press buttons, fill in forms, and moderate."""
