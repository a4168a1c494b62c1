"""The ground floor's own reactions."""
