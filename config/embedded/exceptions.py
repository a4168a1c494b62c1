class SetupError(Exception):
    """The product cannot start here. The message is one sentence for the person at the keyboard."""
