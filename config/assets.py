"""What pages need and git does not hold: compiled translations and collected static files. Repeats cost nothing.

``python -m config.assets`` makes both; ``make run``, the suite and the image's build call it.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from config.embedded.exceptions import SetupError

BASE_DIR = Path(__file__).resolve().parent.parent
STATIC_ROOT = BASE_DIR / "build" / "static"
#: Files of packages that no page of ours asks for.
LEFT_OUT = ("--ignore=rest_framework", "--ignore=redoc")


def compile_messages() -> None:
    """Write each catalogue's ``.mo`` when it is older; polib needs no gettext on the machine."""
    for source in sorted(BASE_DIR.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        unfinished = compiled.with_name(f"{compiled.name}.{os.getpid()}")
        try:
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            # Several processes may be at it: each puts a whole file in place.
            unfinished.replace(compiled)
        except OSError as error:
            raise SetupError(f"{compiled} cannot be written ({error.strerror}).") from None


def collect_static() -> None:
    """Gather, name by content and compress the static files when any of them, or the packages, changed."""
    stamp = STATIC_ROOT / ".made-of"
    digest = digest_of(_static_sources())
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    done = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0", *LEFT_OUT],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SetupError(f"The static files cannot be collected: {done.stderr.strip().splitlines()[-1]}")
    stamp.write_text(digest, encoding="ascii")


def digest_of(paths: Iterator[Path]) -> str:
    """One hash over the files' places and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _static_sources() -> Iterator[Path]:
    yield BASE_DIR / "requirements.lock"
    yield from (path for path in (BASE_DIR / "static").rglob("*") if path.is_file())


if __name__ == "__main__":
    try:
        compile_messages()
        collect_static()
    except SetupError as error:
        sys.exit(str(error))
