"""``make run``: the production policy and error pages, over plain HTTP, for this machine only."""

from config.settings.base import *  # noqa: F403
from config.settings.env import env

if not env.str("EMAIL_URL", ""):
    # The mailbox that the product shows on a page, so that a survey's link can be opened without a mail server.
    EMAIL_BACKEND = "accounts.mailbox.MailboxBackend"
# A laptop may sleep for weeks, and here nobody is written to twice.
DISPATCH_SILENCE_HOURS = env.float("DISPATCH_SILENCE_HOURS", 0)
# Passkeys want HTTPS anywhere but on localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
