"""The gateway: its sessions, and the protocol spoken over each WebSocket."""
