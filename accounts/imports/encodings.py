"""Which encoding a file has, and where it breaks it."""

import codecs
import io
from pathlib import Path

from accounts.imports.errors import ImportStopped

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a ZIP or Excel file; save it as CSV"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file; save it as CSV"),
    (b"%PDF", "a PDF file"),
    (b"PAR1", "a Parquet file; save it as CSV"),
    (b"SQLite format 3", "a SQLite database; export its tables as CSV"),
    (b"7z\xbc\xaf", "compressed with 7-Zip; unpack it first"),
)
_CHUNK = 1 << 20


def detect(path: Path) -> str:
    """UTF-8 unless the first bytes say otherwise. One-byte encodings cannot be told apart: they are declared."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    # UTF-16 without a mark: commas and line ends have a zero, always on the same side.
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even + odd > max(2, len(start) * 0.02) and not (even and odd):
        return "utf-16-be" if even else "utf-16-le"
    return "utf-8"


def find_undecodable(path: Path, encoding: str, name: str, *, max_line: int) -> None:
    """Decode the whole file once; raise ``ImportStopped`` at the first byte or the first line that will not do."""
    line, length = 1, 0
    decoder = codecs.getincrementaldecoder(encoding)()
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    with path.open("rb") as stream:
        start = stream.read(16)
        for mark, what in _NOT_TEXT:
            if start.startswith(mark):
                raise ImportStopped(f"{name} is not a CSV file but {what}.")
        stream.seek(0)
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = newlines.decode(decoder.decode(chunk, final=not chunk), final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "ignore").count("\n")
                raise ImportStopped(_broken(name, encoding, line, error)) from None
            for position, part in enumerate(text.split("\n")):
                if position:
                    line, length = line + 1, 0
                length += len(part)
                if length > max_line:
                    raise ImportStopped(
                        f"{name}: line {line} is longer than {max_line:,} characters. Is this a CSV file?"
                    )
            if not chunk:
                return


def _broken(name: str, encoding: str, line: int, error: UnicodeDecodeError) -> str:
    byte = error.object[error.start]
    sentence = f"{name} is not {encoding.upper()}: byte 0x{byte:02X} in line {line} has no meaning in it."
    if encoding.startswith("utf-8"):
        sentence += (
            ' If the file comes from Windows, declare encoding = "cp1252" (Western) or "cp1256" (Arabic),'
            ' or save it as "CSV UTF-8".'
        )
    return sentence
