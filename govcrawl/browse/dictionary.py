"""The data dictionary: every table and column, every word of the closed lists, every cell of the statutory forms.

It is generated from what the code itself uses: the schema, the vocabulary and the forms.
"""

import inspect
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from govcrawl import forms, vocabulary
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.db.queries.relations import relations
from govcrawl.forms.form import Form, FormItem, FormTable

_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class DictionaryColumn:
    """A column of a table or view."""

    name: str  # column
    type: str  # `text`, `integer`, `real`, `numeric` or `blob`
    unit: str | None  # unit of its figures
    null: bool  # true: it may be empty
    about: str  # what it says


@dataclass(frozen=True, slots=True)
class DictionaryTable:
    """A table or view."""

    name: str  # table or view
    about: str  # what a row is
    columns: list[DictionaryColumn]  # its columns; none for a wide view, whose columns are the cells of the forms


@dataclass(frozen=True, slots=True)
class DictionaryList:
    """A closed list."""

    name: str  # class in `vocabulary.py`
    group: str  # its table in `messages.toml`
    about: str | None  # what its words say
    words: list[str]  # words


@dataclass(frozen=True, slots=True)
class DictionaryItem:
    """A cell of a form."""

    number: int  # item number
    row: str  # key of its row
    column: str  # key of its column
    label_zh: str  # row and column as the form prints them
    unit: str | None  # unit of the form


@dataclass(frozen=True, slots=True)
class DictionaryFormTable:
    """A table of a form."""

    table: str  # key of the table
    title: str  # as the form prints it
    items: list[DictionaryItem]  # its cells


@dataclass(frozen=True, slots=True)
class DictionaryForm:
    """A statutory form."""

    form: str  # form
    tables: list[DictionaryFormTable]  # its tables


@dataclass(frozen=True, slots=True)
class TablesContent:
    """The data dictionary with `?part=tables`."""

    part: str  # part that is shown
    parts: list[str]  # all parts
    tables: list[DictionaryTable]  # tables and views


@dataclass(frozen=True, slots=True)
class WordsContent:
    """The data dictionary with `?part=words`."""

    part: str  # part that is shown
    parts: list[str]  # all parts
    words: list[DictionaryList]  # closed lists


@dataclass(frozen=True, slots=True)
class FormsContent:
    """The data dictionary with `?part=forms`."""

    part: str  # part that is shown
    parts: list[str]  # all parts
    forms: list[DictionaryForm]  # statutory forms


DictionaryContent = TablesContent | WordsContent | FormsContent


def _content(connection: sqlite3.Connection, request: PageRequest) -> DictionaryContent:
    """The part of the dictionary that `?part=` names, by default the tables."""
    del connection
    return _parts()[request.choice("part", _parts()) or "tables"]


@cache
def _parts() -> Mapping[str, DictionaryContent]:
    names = ["tables", "words", "forms"]
    return {
        "tables": TablesContent("tables", names, _tables()),
        "words": WordsContent("words", names, _lists()),
        "forms": FormsContent("forms", names, _forms()),
    }


def _tables() -> list[DictionaryTable]:
    return [
        DictionaryTable(
            relation.name,
            relation.about,
            [DictionaryColumn(column.name, column.kind, column.unit, column.null, column.about)
             for column in relation.columns if not relation.name.endswith("_wide")],
        )
        for relation in relations(forms.load_forms().by_number.values())
    ]  # fmt: skip


def _lists() -> list[DictionaryList]:
    lists = [thing for thing in vars(vocabulary).values() if inspect.isclass(thing) and issubclass(thing, StrEnum)]
    return [
        DictionaryList(
            name=words.__name__,
            group=_SNAKE.sub("_", words.__name__).lower(),
            about=inspect.getdoc(words),
            words=[word.value for word in words],
        )
        for words in lists
        if words is not StrEnum
    ]


def _forms() -> list[DictionaryForm]:
    items = [*forms.load_forms().by_number.values()]
    return [
        DictionaryForm(form.key, [_form_table(form, table, items) for table in form.tables])
        for form in forms.load_forms().values()
    ]


def _form_table(form: Form, table: FormTable, items: list[FormItem]) -> DictionaryFormTable:
    own = [item for item in items if (item.form, item.table) == (form.key, table.key)]
    return DictionaryFormTable(
        table.key,
        table.title,
        [DictionaryItem(item.number, item.row, item.column, item.label_zh, item.unit) for item in own],
    )


DICTIONARY_PAGE = BrowsePage("dictionary", "/-/dictionary", _content, in_menu=True)
