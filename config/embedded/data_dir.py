"""The one folder that holds everything of a local product: databases, sockets, secrets, logs."""

import os
import pwd
import secrets
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from config.embedded.exceptions import SetupError

#: Linux allows 107 bytes and macOS 103 for a socket's path.
LONGEST_SOCKET_PATH = 100


def server_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when root starts it (it refuses to be root); None for anybody else."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


class DataDir:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def create(self) -> "DataDir":
        """Make the folder, or say in a sentence why it cannot serve."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise SetupError(
                f"{self.path} cannot be written ({error.strerror}): set DATA_DIR to a folder of yours."
            ) from None
        made_by = self / "secrets"
        if made_by.exists() and made_by.stat().st_uid != os.geteuid():
            raise SetupError(
                f"{self.path} was made by {made_by.owner()}: run as {made_by.owner()}, or set another DATA_DIR."
            )
        if server_user():
            # Only the folders inside are closed: the server's own account must be able to walk through this one.
            self.path.chmod(stat.S_IMODE(self.path.stat().st_mode) | 0o011)
        return self

    def folder(self, name: str, user: pwd.struct_passwd | None = None) -> Path:
        """A private folder in here; owned by ``user`` when given."""
        path = self / name
        path.mkdir(mode=0o700, exist_ok=True)
        if user and path.stat().st_uid != user.pw_uid:
            os.chown(path, user.pw_uid, user.pw_gid)
        return path

    def secret(self, name: str) -> str:
        """A password made once and kept in a file that only this account reads."""
        path = self.folder("secrets") / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        value = secrets.token_urlsafe(48)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value)
        return value

    def require_open_way(self, user: pwd.struct_passwd) -> None:
        """Root's files may lie behind a closed folder, where the server's account cannot go."""
        # Python's own ``cwd=`` would be entered before root's rights are dropped.
        done = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", self.path], capture_output=True, **as_user(user))
        if done.returncode:
            raise SetupError(
                f"PostgreSQL does not run as root, and {user.pw_name} cannot reach {self.path}: "
                "set DATA_DIR to a folder in an open place, such as /var/tmp/rafiq."
            )

    def socket_folder(self, name: str, longest_file: str, user: pwd.struct_passwd | None = None) -> Path:
        """Where a server's socket lives: in here, or in a private folder when the path would be too long."""
        inside = self.folder(name, user)
        if len(os.fsencode(inside / longest_file)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        note = self / f"{name}.path"
        owner = user.pw_uid if user else os.geteuid()
        if note.exists():
            known = Path(note.read_text(encoding="utf-8"))
            if _is_private(known, owner):
                return known
        outside = Path(tempfile.mkdtemp(prefix="rafiq-", dir="/tmp"))
        if user:
            os.chown(outside, user.pw_uid, user.pw_gid)
        note.write_text(str(outside), encoding="utf-8")
        return outside


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess.run that drop root's rights."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _is_private(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == owner
