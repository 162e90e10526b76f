"""The reference of the pages' JSON: every key with its type and its meaning, from the dataclasses of the contents.

The meaning of a key is the comment behind its field. A path names a key as it stands in the JSON: `[]` is an item of a
list, `*` any key of an object whose keys are data.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from govcrawl.browse.page import BrowsePage, ErrorContent, json_key
from govcrawl.browse.routes import BROWSE_PAGES

_ABOUT = """\
Every page of `govcrawl serve` is also JSON, at its address with `.json` behind the path. `[]` in a key is an item of a
list, `*` any key of an object whose keys are data. Words of closed lists are in [vocabulary.md](vocabulary.md), tables
and columns in [data_dictionary.md](data_dictionary.md)."""
_NOTE = re.compile(r"^    (?P<name>\w+): .*?  # (?P<note>.+)$", re.MULTILINE)
_TYPES = {str: "text", int: "integer", float: "number", bool: "true or false", object: "any value", NoneType: "null"}


@dataclass(frozen=True, slots=True)
class JsonKey:
    """A key of a page's JSON."""

    path: str
    type: str
    meaning: str


def json_reference(heading: str) -> str:
    """The reference of all pages as Markdown; `heading` stands below its title."""
    parts = ["# JSON of the browse pages", heading, _ABOUT]
    for page in BROWSE_PAGES:
        about = (inspect.getdoc(page.content) or _first_line(_content_type(page))).partition("\n\n")[0]
        parts += [f"## {page.name}", f"{_address(page)}. {about}", _table(json_keys(page))]
    parts += ["## Errors", _first_line(ErrorContent), _table(list(_object_keys((ErrorContent,), "")))]
    return "\n\n".join(parts) + "\n"


def json_keys(page: BrowsePage) -> list[JsonKey]:
    """The keys of a page's JSON, in its order."""
    return list(_object_keys(_objects(_content_type(page)), ""))


def _content_type(page: BrowsePage) -> Any:
    return get_type_hints(page.content)["return"]


def _address(page: BrowsePage) -> str:
    path = page.route.replace(":path}", "}")
    return f"`{path}`, as JSON `{'/index' if path == '/' else path}.json`"


def _first_line(kind: Any) -> str:
    """The first line of the docstring of a dataclass, or of the first one of a union."""
    return (inspect.getdoc(_objects(kind)[0]) or "").partition("\n")[0]


def _table(keys: list[JsonKey]) -> str:
    rows = (f"| `{key.path}` | {key.type} | {key.meaning} |" for key in keys)
    return "\n".join(("| key | type | meaning |", "|---|---|---|", *rows))


# --------------------------------------------------------------------------------------------------------- keys


def _object_keys(kinds: tuple[type, ...], prefix: str) -> Iterator[JsonKey]:
    """The keys of objects that are one of some dataclasses, each key once."""
    hints = {kind: get_type_hints(kind) for kind in kinds}
    for name in dict.fromkeys(each.name for kind in kinds for each in fields(kind)):
        having = [kind for kind in kinds if name in hints[kind]]
        meaning = "; ".join(dict.fromkeys(_notes(kind)[name] for kind in having))
        if len(having) < len(kinds):
            meaning = f"In {' or '.join(map(_named, having))}: {meaning}"
        types = [hints[kind][name] for kind in having]
        path = f"{prefix}{json_key(name)}"
        yield JsonKey(path + _mapping(types[0]), " or ".join(dict.fromkeys(_words(kind) for kind in types)), meaning)
        for nested, kind in {_steps(kind): kind for kind in types if _objects(kind)}.items():
            yield from _object_keys(_objects(kind), f"{path}{nested}.")


def _notes(kind: type) -> Mapping[str, str]:
    """The comments behind the fields of a dataclass and of those that it inherits from."""
    sources = [inspect.getsource(base) for base in reversed(kind.__mro__) if is_dataclass(base)]
    return {match["name"]: match["note"] for source in sources for match in _NOTE.finditer(source)}


def _named(kind: type) -> str:
    """What a dataclass is, from its docstring: `a head cell`."""
    text = _first_line(kind).removesuffix(".")
    return text[:1].lower() + text[1:]


# -------------------------------------------------------------------------------------------------------- types


def _words(hint: Any) -> str:
    """A type in words, as JSON has it."""
    if _is_union(hint):
        return " or ".join(dict.fromkeys(map(_words, get_args(hint))))
    if is_dataclass(hint):
        return "object"
    if get_origin(hint) is list:
        return f"list of {_plural(_words(get_args(hint)[0]))}"
    if get_origin(hint) is not None:
        return _words(get_args(hint)[1])
    return "text" if issubclass(hint, StrEnum) else _TYPES[hint]


def _plural(words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{first}s {rest}".strip() if first in ("object", "list", "number", "integer", "text") else words


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType)


def _without_null(hint: Any) -> tuple[Any, ...]:
    return tuple(each for each in get_args(hint) if each is not NoneType) if _is_union(hint) else (hint,)


def _mapping(hint: Any) -> str:
    """`.*` for an object whose keys are data."""
    return ".*" if any(get_origin(each) is Mapping for each in _without_null(hint)) else ""


def _steps(hint: Any) -> str:
    """The path from a key to the objects inside its value."""
    (first, *_) = _without_null(hint)
    if get_origin(first) is list:
        return f"[]{_steps(get_args(first)[0])}"
    return f".*{_steps(get_args(first)[1])}" if get_origin(first) is Mapping else ""


def _objects(hint: Any) -> tuple[type, ...]:
    """The dataclasses of the objects inside a value."""
    found: list[type] = []
    for each in _without_null(hint):
        if get_origin(each) is not None:
            found += _objects(get_args(each)[-1])
        elif isinstance(each, type) and is_dataclass(each):
            found.append(each)
    return tuple(dict.fromkeys(found))
