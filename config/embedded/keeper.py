"""Waits until nobody uses the servers of a DATA_DIR any more, then stops them: ``python -m config.embedded.keeper``.

Only for users that were killed; those that end in order stop the servers themselves and find this process gone.
"""

import fcntl
import os
import shutil
import sys
from pathlib import Path

from config.embedded.data_dir import DataDir
from config.embedded.servers import stop_all


def main(folder: str, *words: str) -> None:
    data_dir = DataDir(Path(folder))
    own = os.open(data_dir / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    users = os.open(data_dir / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)
    stop_all(data_dir)
    if "throwaway" in words:
        shutil.rmtree(data_dir.path, ignore_errors=True)
    # In this order: whoever joins after us must find the keeper's place free.
    os.close(own)
    os.close(users)


if __name__ == "__main__":
    main(*sys.argv[1:])
