#!/usr/bin/env python
"""Django's command line. Finds the servers of ``make run`` by DATA_DIR, or starts them for the length of a command."""

import os
import sys

from config.embedded.exceptions import SetupError
from config.environment import prepare


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        prepare(sys.argv[1] if len(sys.argv) > 1 else "help")
    except SetupError as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
