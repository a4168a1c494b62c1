import tomllib

import pytest

from accounts.imports.errors import ImportStopped
from accounts.imports.mapping import load, parse

MINIMAL = """
source = "shop"
[[file]]
path = "a.csv"
entity = "client"
id = "id"
[file.columns]
name = "name"
"""


def mapping(text):
    return parse(tomllib.loads(text), "m.toml")


def test_a_column_may_be_a_name_or_a_table():
    found = mapping(
        MINIMAL
        + 'tier = { column = "plan", translate = { Gold = "strategic" }, otherwise = "scale", default = "core" }'
    ).files[0]

    assert found.columns["name"].text({"name": " Ali "}) == "Ali"
    tier = found.columns["tier"]
    assert [tier.text({"plan": text}) for text in ("gold", "Tin", "")] == ["strategic", "scale", "core"]


def test_templates_join_columns_and_constants_need_none():
    found = mapping(MINIMAL + 'notes = { template = "{a} – {b}" }\ncountry = { const = "SA" }\n').files[0]

    assert found.columns["notes"].text({"a": "x", "b": " y"}) == "x – y"
    assert found.columns["country"].text({}) == "SA"
    assert found.needed_columns == ("name", "a", "b", "id")


def test_where_chooses_rows():
    found = mapping(
        MINIMAL.replace(
            "[file.columns]", 'where = { a = "x", b = { not_empty = true }, c = { not = ["z"] } }\n[file.columns]'
        )
    ).files[0]

    def holds(**row):
        return all(condition.holds(row) for condition in found.where)

    assert holds(a=" x ", b="1", c="y")
    assert not holds(a="y", b="1", c="y")
    assert not holds(a="x", b=" ", c="y")
    assert not holds(a="x", b="1", c="z")


def test_defaults_of_the_mapping_reach_every_file():
    found = mapping(
        'encoding = "cp1256"\ndelimiter = ";"\n' + MINIMAL + '[formats]\ndates = "DD/MM/YYYY"\ndecimal = ","\n'
    ).files[0]

    assert (found.encoding, found.delimiter, found.formats.dates, found.formats.decimal) == (
        "cp1256",
        ";",
        ("DD/MM/YYYY",),
        ",",
    )


def test_inline_rows_are_texts_and_may_leave_columns_out():
    found = mapping(
        MINIMAL.replace('path = "a.csv"', 'rows = [{ id = 1, name = "A", since = 2024-01-31 }, { id = 2, vip = true }]')
    ).files[0]

    assert found.rows[0] == {"id": "1", "name": "A", "since": "2024-01-31", "vip": ""}
    assert found.rows[1]["vip"] == "true"


def test_the_guard_of_our_own_export_is_taken_off():
    name = mapping(MINIMAL).files[0].columns["name"]

    assert name.text({"name": "'=1+1"}) == "=1+1"
    assert name.text({"name": "'Ndrangheta"}) == "'Ndrangheta"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("source", "sauce"), "`source` is missing"),
        (('path = "a.csv"', 'pth = "a.csv"'), "`pth` is not a key of this table. Did you mean “path”?"),
        (('path = "a.csv"', ""), "needs either `path`"),
        (('name = "name"', "name = { }"), "needs exactly one of `column`, `template` and `const`"),
        (('name = "name"', 'name = { column = "a", const = 1 }'), "needs exactly one"),
        (('name = "name"', 'name = { column = "a", formt = "x" }'), "Did you mean “format”?"),
        (('name = "name"', "name = 3"), "`name` takes a table"),
        (('id = "id"', 'id = ""'), "`id` is empty"),
        (('source = "shop"', 'source = "shop"\nencoding = "utf-9"'), "no encoding such as"),
        (('source = "shop"', 'source = "shop"\ndelimiter = ";;"'), "takes one character"),
        (('source = "shop"', 'source = "shop"\ntime_zone = "Mars/Crater"'), "no time zone"),
        (('source = "shop"', 'source = "shop"\nshift_dates_to = "tomorrow"'), 'takes "today" or a day'),
        (('id = "id"', 'id = "id"\nskip_lines = -1'), "takes a whole number"),
        (('id = "id"', 'id = "id"\nrepeated = "maybe"'), "takes one of refuse, first"),
        (('id = "id"', 'id = "id"\nwhere = { a = { like = "x" } }'), "needs `not`, `empty` or `not_empty`"),
        (('name = "name"', 'name = { column = "a", divide_by = 0 }'), "takes a number other than zero"),
    ],
)
def test_every_mistake_is_a_sentence_that_names_its_place(change, sentence):
    with pytest.raises(ImportStopped) as stopped:
        mapping(MINIMAL.replace(*change))

    assert sentence in str(stopped.value)
    assert str(stopped.value).startswith("m.toml: ")


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ImportStopped) as stopped:
        mapping('souce = "x"\n[[file]]\nentity = "client"\n[[file]]\npath = "a.csv"\n')

    assert len(str(stopped.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no mapping file"),
        (b"a = ", "is not valid TOML"),
        (b"a = '\xff'", "is not UTF-8"),
        (b"", "missing"),
    ],
)
def test_a_mapping_file_that_cannot_be_read_is_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "m.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ImportStopped, match=sentence):
        load(path)


def test_a_folder_is_no_mapping_file(tmp_path):
    with pytest.raises(ImportStopped, match="is a folder"):
        load(tmp_path)
