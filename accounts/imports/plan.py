"""The mapping held against the importers: every mistake is told before a file is opened; then the files' order."""

from collections.abc import Iterable, Iterator

from accounts.imports.errors import ImportStopped, Refused, did_you_mean
from accounts.imports.fields import Choice, Currency, Field, Language, Link, Reading
from accounts.imports.importer import Importer
from accounts.imports.links import link_model, path_to
from accounts.imports.mapping import FileMapping, Mapping, Value
from accounts.imports.registry import importer_of
from accounts.money import is_known_currency


def in_order(mapping: Mapping, reading: Reading) -> list[FileMapping]:
    """The files so that links find their rows: what is linked to comes first, otherwise as written.

    Raises ``ImportStopped`` with every mistake of the mapping.
    """
    problems = [f"{mapping.title}: {problem}." for problem in _general_problems(mapping)]
    for file in mapping.files:
        problems += [f"[[file]] {file.number} ({file.name}): {problem}." for problem in _problems(file, reading)]
    if problems:
        raise ImportStopped("\n".join(problems))
    return _sorted(mapping.files)


def _general_problems(mapping: Mapping) -> Iterator[str]:
    if mapping.currency and not is_known_currency(mapping.currency):
        yield f"`currency` is “{mapping.currency}”, which is not an ISO code such as USD or SAR"


def _problems(file: FileMapping, reading: Reading) -> Iterator[str]:
    try:
        importer = importer_of(file.entity)
    except ImportStopped as error:
        yield str(error).rstrip(".")
        return
    if importer.is_keyed and file.id is None:
        yield f"`id` is missing: which column names a {file.entity} for good?"
    if not importer.is_keyed and file.id is not None:
        yield f"`id` does not apply: a {file.entity} is found by its own values"
    for option in file.options:
        if option not in importer.options:
            yield f"`{option}` does not apply to the entity {file.entity}"
    yield from importer.problems(file)
    yield from _field_problems(file, importer, reading)


def _field_problems(file: FileMapping, importer: Importer, reading: Reading) -> Iterator[str]:
    links = {link.name for link in importer.links()}
    plain = {field.name for field in importer.fields} - links
    for kind, given, known, other in (
        ("columns", file.columns, plain, links),
        ("link", file.links, links, plain),
    ):
        for name, value in given.items():
            if name in other:
                yield f"`{name}` belongs under {'[file.link]' if kind == 'columns' else '[file.columns]'}"
            elif name not in known:
                hint = did_you_mean(name, sorted(known)) if known else f"A {file.entity} has none."
                yield f"`{name}` is not a field of {file.entity}. {hint}".rstrip(".")
            else:
                field = importer.field(name)
                assert field is not None
                yield from _value_problems(field, value, reading)
    for field in importer.fields:
        if field.required and field.name not in file.columns and field.name not in file.links:
            yield f"`{field.name}` is missing; every {file.entity} needs it"


def _value_problems(field: Field, value: Value, reading: Reading) -> Iterator[str]:
    if value.currency and not is_known_currency(value.currency):
        yield f"`{field.name}`: the currency “{value.currency}” is not an ISO code such as USD or SAR"
    if isinstance(field, Link):
        yield from _link_problems(field, value)
        return
    if value.entity or value.source:
        yield f"`{field.name}`: `entity` and `source` belong to links"
    texts = [text for text in (value.const, value.default, value.otherwise) if text]
    if isinstance(field, Choice | Currency | Language):
        texts += value.translate.values()
    for text in texts:
        try:
            if text:
                field.read(text, value, reading)
        except Refused as refused:
            yield f"`{field.name}`: “{text}” {refused.why}"


def _link_problems(field: Link, value: Value) -> Iterator[str]:
    try:
        named, wanted = link_model(value.entity or field.entity), link_model(field.entity)
    except ImportStopped as error:
        yield f"`{field.name}`: {str(error).rstrip('.')}"
        return
    if named is not wanted and path_to(named, wanted, field.name) is None:
        yield f"`{field.name}`: a {value.entity} does not lead to a {field.entity}"


def _sorted(files: Iterable[FileMapping]) -> list[FileMapping]:
    waiting, done = list(files), []
    while waiting:
        open_entities = [file.entity for file in waiting]
        ready = next((file for file in waiting if not _needs(file) & set(open_entities)), None)
        if ready is None:
            circle = ", ".join(dict.fromkeys(open_entities))
            raise ImportStopped(f"The files of {circle} link to each other in a circle; none of them can go first.")
        waiting.remove(ready)
        done.append(ready)
    return done


def _needs(file: FileMapping) -> set[str]:
    importer = importer_of(file.entity)
    linked = {file.links[link.name].entity or link.entity for link in importer.links() if link.name in file.links}
    return (linked | set(importer.after)) - {file.entity}
