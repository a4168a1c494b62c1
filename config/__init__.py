"""The front door: settings, addresses, servers. Knows every app; no app knows it."""
