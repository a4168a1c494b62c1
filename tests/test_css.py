"""The stylesheets' rules that no browser checks: direction, layers, weight, and markup that the policy would refuse."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
# Mail programs do not know our stylesheets: mails carry their own styles.
PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "email" not in path.parts]
STYLES = sorted(STATIC.glob("css/*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)"
    r"|left|right|top|bottom|(min-|max-)?(width|height)|border-(top|bottom)-(left|right)-radius)\s*:"
    r"|(text-align|float|clear)\s*:\s*(left|right)"
)
FOUR_SIDES = re.compile(r"(margin|padding|inset|border-radius)\s*:\s*([^\s;]+) ([^\s;]+) ([^\s;]+) ([^\s;]+)\s*;")
INLINE = re.compile(
    r'<[^>]*\s(style|on\w+|hx-on[\w:-]*)\s*=|<style|<script(?![^>]*(\bsrc=|type="application/json"))|javascript:'
)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_only_logical_properties(path):
    css = re.sub(r"/\*.*?\*/|@(media|container)[^{]*", "", path.read_text(), flags=re.S)

    assert [match.group(0) for match in PHYSICAL.finditer(css)] == []
    assert [match.group(0) for match in FOUR_SIDES.finditer(css) if match.group(3) != match.group(5)] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_rule_stands_in_a_layer(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    outside = re.sub(r"@font-face\s*{[^}]*}|@layer [\w, ]+;", "", css)

    assert re.match(r"\s*@layer \w+ {", outside)
    assert outside.count("{") == outside.count("}")
    assert outside.count("@layer") == 1


def test_every_stylesheet_is_loaded_with_the_order_of_layers_first():
    links = re.findall(r"css/([\w-]+\.css)", (Path(settings.BASE_DIR) / "templates/components/styles.html").read_text())

    assert links[0] == "reset.css"
    assert sorted(links) == [path.name for path in STYLES]


@pytest.mark.parametrize(("folder", "limit"), [("css", 25_000), ("js", 15_000)])
def test_the_product_stays_light(folder, limit):
    assert sum(len(brotli.compress(path.read_bytes())) for path in STATIC.glob(f"{folder}/*.*")) <= limit


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_have_nothing_that_the_policy_refuses(path):
    assert [match.group(0) for match in INLINE.finditer(path.read_text())] == []


def test_modules_stand_alone():
    """Files are served under names made from their content, which an import inside a module would not know."""
    assert [path.name for path in STATIC.glob("js/*.js") if re.search(r"^\s*import\b", path.read_text(), re.M)] == []
