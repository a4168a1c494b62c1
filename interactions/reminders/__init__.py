"""Reminders that come by themselves: kinds say what is due, the rounds write, tell and withdraw."""
