"""What a browse page is: a place, a pure function that gives its content, and a template that shows it.

The content is a plain dict of what JSON can hold. It is the page's `.json`, and all that its template may show; words
for people come from `words.toml` in the template, so that the JSON is the same in every language.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from govcrawl.errors import GovcrawlError

Content = dict[str, Any]
"""What a page says, made of dicts, lists, texts, numbers, booleans and None."""


class NotHereError(GovcrawlError):
    """Raised when a page is asked for something that the archive does not hold; the answer is a 404."""


class QuestionError(GovcrawlError):
    """Raised when a parameter of an address makes no sense; the answer is a 400."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: the names in its path, the query, the archive that it lies in.

    `query` holds the first value of each parameter. `editor` says whether who asks may give verdicts.
    """

    archive: Path
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    editor: bool = False

    def chosen(self, name: str) -> str | None:
        """A parameter of the query, None where it is absent or empty."""
        return self.query.get(name) or None

    def number(self, name: str, default: int, most: int) -> int:
        """A parameter that is a whole number from 0 to `most`; QuestionError where it is not."""
        text = self.query.get(name) or str(default)
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > most:
            raise QuestionError(f"{name}={text}: give a whole number up to {most}")
        return int(text)


@dataclass(frozen=True)
class Page:
    """A page of ours.

    `name` names its template `govcrawl/<name>.html` and its words `<name>.title`. In `route`, `{key}` stands for one
    part of the path and `{key:path}` for all that is left. `content` gets a read-only connection in which all its
    SELECTs see one state of the database. A page `in_menu` needs no parameters.
    """

    name: str
    route: str
    content: Callable[[sqlite3.Connection, Asked], Content]
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


def rows(connection: sqlite3.Connection, sql: str, **values: object) -> list[Content]:
    """The rows of a SELECT with named parameters, each as a dict."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(connection: sqlite3.Connection, what: str, sql: str, **values: object) -> Content:
    """The only row of a SELECT; NotHereError names `what` is not in the archive."""
    found = rows(connection, sql, **values)
    if not found:
        raise NotHereError(f"{what}: the archive holds none of this name")
    return found[0]
