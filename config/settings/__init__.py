"""One module per place where the product runs, chosen by RAFIQ_ENV; ``local`` is what ``make run`` serves."""

import os
from importlib import import_module

from config.environment import read_dotenv

PLACES = ("local", "development", "test", "production")

read_dotenv()
_place = os.environ.get("RAFIQ_ENV", "local")
if _place not in PLACES:
    raise SystemExit(f"RAFIQ_ENV is {_place!r}; it must be one of {', '.join(PLACES)}.")
globals().update({name: value for name, value in vars(import_module(f"{__name__}.{_place}")).items() if name.isupper()})
RAFIQ_ENV = _place
