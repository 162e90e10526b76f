"""A browse page: its route, the function that gives its content, and how the content becomes JSON.

The content is a frozen dataclass. Its fields are the keys of the page's `.json` and all that the template may show. It
holds no words in a reader's language: the template takes them from `messages.toml`.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from govcrawl.errors import GovcrawlError

LATEST_YEAR = 9999


class NotInArchiveError(GovcrawlError):
    """Raised when a page is asked for something that the archive does not hold; the answer is a 404."""


class InvalidQueryError(GovcrawlError):
    """Raised when a parameter of an address makes no sense; the answer is a 400."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The archive, the named parts of the path, and the first value of each query parameter."""

    archive: Path
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str | None:
        """A query parameter; None where it is absent or empty."""
        return self.query.get(name) or None

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """A query parameter that is one of the allowed words; InvalidQueryError for any other, None where absent."""
        chosen = self.value(name)
        if chosen is not None and chosen not in allowed:
            raise InvalidQueryError(f"{name}={chosen}: give one of {', '.join(allowed)}")
        return chosen

    def number(self, name: str, maximum: int) -> int | None:
        """A query parameter that is a whole number from 1 to the maximum; None where it is absent or 0.

        Raises:
            InvalidQueryError: it is anything else.
        """
        text = self.query.get(name) or "0"
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > maximum:
            raise InvalidQueryError(f"{name}={text}: give a whole number up to {maximum}")
        return int(text) or None

    def year(self) -> int | None:
        """The `?year=`; None where it is absent."""
        return self.number("year", LATEST_YEAR)

    def page_number(self, last: int) -> int:
        """The `?page=`, counted from 1."""
        return self.number("page", last) or 1


@dataclass(frozen=True)
class BrowsePage:
    """A page of ours.

    `name` names its template `govcrawl/<name>.html` and its title `<name>.title` in the messages. In `route`, `{key}`
    stands for one part of the path and `{key:path}` for all that is left. `content` gets a read-only connection in
    which all its SELECTs see one state of the database. A page `in_menu` needs no parameters.
    """

    name: str
    route: str
    content: Callable[[sqlite3.Connection, PageRequest], Any]
    in_menu: bool = False

    @cached_property
    def pattern(self) -> str:
        """The regular expression of its addresses; the group `format` is `.json` where JSON is asked for."""
        parts = re.split(r"\{(\w+)(:path)?\}", self.route)
        found = [re.escape(parts[0])]
        for key, rest, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            found += [f"(?P<{key}>{'.+?' if rest else '[^/]+?'})", re.escape(text)]
        suffix = "index.json" if self.route == "/" else ".json"
        return f"^{''.join(found)}(?P<format>{re.escape(suffix)})?$"


@dataclass(frozen=True, slots=True)
class ErrorContent:
    """The answer to a request that cannot be met."""

    ok: bool  # always false
    error: str  # what is wrong with it
    status: int  # HTTP status


def content_json(content: object) -> str:
    """A page's content as JSON text, with a key for each field of its dataclasses."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=_keys)


def _keys(content: Any) -> dict[str, object]:
    return {json_key(each.name): getattr(content, each.name) for each in fields(content)}


def json_key(name: str) -> str:
    """The JSON key of a field: its name, without the underscore behind a name that Python reserves (`from_`)."""
    return name.removesuffix("_")
