"""docs/import.md is all that a stranger has: what it says about entities and keys is compared with the code."""

import re
import tomllib
from pathlib import Path

import pytest

from accounts.imports.fields import Link
from accounts.imports.mapping import load
from accounts.imports.registry import importers

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = DOCS / "import.md"


def expected_table(importer):
    rows = ["| field | kind | what it is |", "| --- | --- | --- |"]
    for field in importer.fields:
        needed = " **(needed)**" if field.required else ""
        rows.append(f"| `{field.name}` | {field.kind}{needed} | {field.about} |")
    return "\n".join(rows)


@pytest.mark.parametrize("importer", importers(), ids=lambda importer: importer.entity)
def test_every_entity_is_documented_with_all_its_fields(importer):
    section = re.search(rf"^### `{importer.entity}`$(.*?)(?=^##|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)

    assert section, f"docs/import.md has no section ### `{importer.entity}`"
    assert expected_table(importer) in section[1]


def test_no_entity_is_documented_that_does_not_exist():
    named = set(re.findall(r"^### `(\w+)`$", PAGE.read_text(), re.MULTILINE))

    assert named == {importer.entity for importer in importers()}


def test_links_point_to_entities_that_exist():
    known = {importer.entity for importer in importers()} | {"member"}

    for importer in importers():
        assert {field.entity for field in importer.fields if isinstance(field, Link)} <= known


@pytest.mark.parametrize("path", sorted(DOCS.glob("examples/*.toml")), ids=lambda path: path.name)
def test_the_examples_are_valid_mappings(path):
    assert load(path).files


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL))
def test_every_sample_on_the_page_is_valid_toml(block):
    assert tomllib.loads(block)
