"""Every icon that a template or a navigation item names is there: a missing one is a page that fails."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.templatetags.ui import icon

NAMED = re.compile(r"""\{% icon ["']([\w-]+)["']|\bicon=["']([\w-]+)["']""")


def named_icons():
    folders = ["templates", "accounts", "managers", "clients", "interactions", "reports"]
    files = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*.*")]
    texts = {path: Path(path).read_text(encoding="utf-8") for path in files if path.suffix in (".html", ".py")}
    return sorted({one or other for text in texts.values() for one, other in NAMED.findall(text)})


@pytest.mark.parametrize("name", named_icons())
def test_icon_exists(name):
    assert "<svg" in icon(name)
