"""Columns that fill themselves."""

from typing import Any

from django.db import models

from accounts.text import fold


class SearchTextField(models.CharField):
    """The folded text of other fields, which search compares and lists sort by.

    Filled whenever the row is written, one by one or in bulk. It stays below 2,700 bytes, the limit of an index entry.
    """

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(**{"max_length": 600, "blank": True, "default": "", "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        return name, path, self.sources, kwargs

    def text_of(self, obj: models.Model) -> str:
        return fold(" ".join(filter(None, (getattr(obj, source) for source in self.sources))))[: self.max_length]

    def pre_save(self, obj: models.Model, add: bool) -> str:
        text = self.text_of(obj)
        setattr(obj, self.attname, text)
        return text
