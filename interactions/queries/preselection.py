"""What a link in a mail pre-selects."""

from django.http import HttpRequest


def preselected(request: HttpRequest) -> int | None:
    """The number in ``?s=9``; what is off the scale selects nothing on the page."""
    asked = request.GET.get("s", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else None
