"""What a person keeps about themselves, outside every organization."""

from accounts.choices import Language, Theme
from accounts.models import User


def change_profile(*, user: User, **fields: str) -> User:
    """Set ``name``, ``language`` or ``theme``. Raises ValidationError by field."""
    for name, value in fields.items():
        setattr(user, name, value)
    user.full_clean(validate_unique=False, exclude=["password"])
    user.save(update_fields=list(fields))
    return user


def choose_language(*, user: User, language: str) -> None:
    if language in Language.values and user.language != language:
        change_profile(user=user, language=language)


def choose_theme(*, user: User, theme: str) -> None:
    if theme in Theme.values and user.theme != theme:
        change_profile(user=user, theme=theme)
