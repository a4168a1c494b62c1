"""Addresses as they are compared: one person writes them in many ways, and erased ones are known by their digest."""

import hashlib


def normal(address: str) -> str:
    """The form in which two spellings of one address are the same."""
    return address.strip().lower()


def digest(address: str) -> str:
    """What remains of an address when the person is erased."""
    return hashlib.sha256(normal(address).encode()).hexdigest()
