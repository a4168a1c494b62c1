"""``python -m bench``: build the data, serve it, measure, and print one table. ``SCALE=1`` takes the full set."""

import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import django

from bench import stage
from config.embedded.exceptions import SetupError


def main() -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rafiq-bench-") as folder, stage.servers(Path(folder)) as data_dir:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        # It imports models, so it waits for Django, which waits for the servers.
        import_module("bench.run").run(data_dir, is_full=os.environ.get("SCALE") == "1")
    print(f"{time.monotonic() - began:.0f} s in all.")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(str(error))
