import gzip
import tracemalloc
import zipfile

import pytest

from accounts.imports.errors import ImportStopped
from accounts.imports.mapping import FileMapping
from accounts.imports.readers import CsvFile, sniff

ARABIC = "معرف,الاسم\n١,شركة النور\n٢,مؤسسة الأمل\n"


def rows_of(folder, content, *, needed=("id", "name"), **options):
    """Write a file, check it, read it: the cells of good lines, the reasons of bad ones."""
    (folder / "a.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    file = CsvFile(folder, FileMapping(number=1, entity="client", path="a.csv", **options))
    file.check(needed)
    return [(line.number, line.why or tuple(line.cells[name] for name in needed)) for line in file.lines(needed)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_detected(tmp_path, encoding):
    found = rows_of(tmp_path, ARABIC.encode(encoding), needed=("معرف", "الاسم"))

    assert found == [(2, ("١", "شركة النور")), (3, ("٢", "مؤسسة الأمل"))]


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1256", "شركة النور"), ("cp1252", "Müller & Söhne"), ("latin-1", "Åse")]
)
def test_one_byte_encodings_are_declared(tmp_path, encoding, text):
    content = f"id,name\n1,{text}\n".encode(encoding)

    assert rows_of(tmp_path, content, encoding=encoding) == [(2, ("1", text))]
    with pytest.raises(ImportStopped, match=r"a\.csv is not UTF-8: byte 0x.. in line 2 .* declare encoding"):
        rows_of(tmp_path, content)


def test_a_bad_byte_far_down_is_found_before_the_first_row_is_read(tmp_path):
    content = b"id,name\n" + b"1,abc\n" * 300_000 + b"2,\xff\n"

    with pytest.raises(ImportStopped, match="in line 300002"):
        rows_of(tmp_path, content)


def test_utf16_with_half_a_character_is_a_sentence(tmp_path):
    with pytest.raises(ImportStopped, match="is not UTF-16"):
        rows_of(tmp_path, ARABIC.encode("utf-16") + b"\x00", encoding="utf-16")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path, newline):
    assert rows_of(tmp_path, newline.join(["id,name", "1,a", "2,b", ""])) == [(2, ("1", "a")), (3, ("2", "b"))]


def test_mixed_line_ends_and_blank_lines_keep_their_numbers(tmp_path):
    assert rows_of(tmp_path, "id,name\r\n1,a\n\n2,b\r3,c") == [(2, ("1", "a")), (4, ("2", "b")), (5, ("3", "c"))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(tmp_path, delimiter):
    assert rows_of(tmp_path, f'id{delimiter}name\n1{delimiter}"a{delimiter}b"\n') == [(2, ("1", f"a{delimiter}b"))]


def test_a_delimiter_inside_quotes_does_not_count():
    assert sniff('"a;b;c;d",name') == ","


def test_a_declared_delimiter_wins(tmp_path):
    assert rows_of(tmp_path, "id:name\n1:a,b\n", delimiter=":") == [(2, ("1", "a,b"))]


def test_values_over_several_lines_are_numbered_by_their_first(tmp_path):
    found = rows_of(tmp_path, 'id,name\n1,"a\nb\nc"\n2,d\n')

    assert found == [(2, ("1", "a\nb\nc")), (5, ("2", "d"))]


def test_doubled_quotes_are_one(tmp_path):
    assert rows_of(tmp_path, 'id,name\n1,"say ""hi"""\n') == [(2, ("1", 'say "hi"'))]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1", "has 1 values, but the header has 2 columns"),
        ("1,a,b", "has 3 values, but the header has 2 columns"),
        ('1,"a"b', "has a quotation mark inside a quoted value"),
        ("1,a\0b", "holds a NUL character"),
    ],
)
def test_a_bad_row_is_refused_and_the_next_one_read(tmp_path, line, why):
    bad, good = rows_of(tmp_path, f"id,name\n{line}\n2,b\n")

    assert bad[0] == 2
    assert bad[1].startswith(why)
    assert good == (3, ("2", "b"))


def test_empty_cells_beyond_the_header_do_not_matter(tmp_path):
    assert rows_of(tmp_path, "id,name\n1,a,,\n") == [(2, ("1", "a"))]


def test_a_quotation_mark_never_closed_names_the_lines_it_swallowed(tmp_path):
    assert rows_of(tmp_path, 'id,name\n1,a\n2,"b\n3,c\n4,d\n') == [
        (2, ("1", "a")),
        (3, "opens a quotation mark that is never closed (lines 3 to 5)"),
    ]


def test_a_file_without_header_gets_its_columns_from_the_mapping(tmp_path):
    assert rows_of(tmp_path, "1;a\n", header=("id", "name")) == [(1, ("1", "a"))]


def test_lines_before_the_header_are_skipped_and_counted(tmp_path):
    assert rows_of(tmp_path, "Report of May\n\nid,name\n1,a\n", skip_lines=2) == [(4, ("1", "a"))]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: it has no header line"),
        (b"\n\n", "is empty"),
        (b"id,nmae\n", "has no column “name” in the header. Did you mean “nmae”?"),
        ("id,n\u0430me\n".encode(), "Did you mean “n\u0430me”?"),
        (b"id,name,name\n", "has two columns called “name” (2 and 3)"),
        (b"id,name" + b",x" * 10_001, "has 10,003 columns"),
        (b"id:name\n", "has no column “id”"),
        (b"id,name\n" + b"x" * 9_000_000, "line 2 is longer than 1,000,000 characters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel file"),
        (b"%PDF-1.7", "a PDF file"),
        (b'id,"name\n', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_sentence(tmp_path, content, sentence):
    with pytest.raises(ImportStopped) as stopped:
        rows_of(tmp_path, content)

    assert sentence in str(stopped.value)
    assert str(stopped.value).startswith("a.csv")


def test_archives_under_a_wrong_name_are_recognised(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    with pytest.raises(ImportStopped, match="ZIP or Excel"):
        rows_of(tmp_path, (tmp_path / "a.csv").read_bytes())
    with pytest.raises(ImportStopped, match="gzip"):
        rows_of(tmp_path, gzip.compress(b"id,name\n"))


def test_a_single_column_hints_at_the_delimiter(tmp_path):
    with pytest.raises(ImportStopped, match="declare the `delimiter`"):
        rows_of(tmp_path, "id;name\n1;a\n", delimiter=",")


def test_a_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "accounts.csv").write_text("id\n")
    with pytest.raises(ImportStopped, match=r"no file acounts\.csv in .* Did you mean “accounts\.csv”"):
        CsvFile(tmp_path, FileMapping(number=1, entity="client", path="acounts.csv"))


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd"])
def test_a_path_cannot_leave_the_directory(tmp_path, path):
    with pytest.raises(ImportStopped, match="must stay inside"):
        CsvFile(tmp_path, FileMapping(number=1, entity="client", path=path))


def test_a_large_file_is_read_row_by_row(tmp_path):
    (tmp_path / "a.csv").write_text("id,name\n" + "".join(f"{n},{'x' * 100}\n" for n in range(200_000)))
    file = CsvFile(tmp_path, FileMapping(number=1, entity="client", path="a.csv"))
    tracemalloc.start()
    file.check(("id", "name"))
    count = sum(1 for _ in file.lines(("id", "name")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 200_000
    assert peak < 16_000_000
