"""The data dictionary: every table and column, every word of the closed lists, every cell of the statutory forms.

All of it is generated from what the code itself goes by: `db/schema.toml`, `vocabulary.py`, `reports/forms`.
"""

import inspect
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from functools import cache

from govcrawl import forms, vocabulary
from govcrawl.browse.page import Asked, Content, Page, QuestionError
from govcrawl.db.queries.relations import relations
from govcrawl.forms.form import Form, FormItem

PARTS = ("tables", "words", "forms")
_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """The part of the dictionary that `?part=` names, the tables unless it does."""
    del connection
    part = asked.chosen("part") or PARTS[0]
    if part not in PARTS:
        raise QuestionError(f"part={part}: give one of {', '.join(PARTS)}")
    return {"part": part, "parts": list(PARTS), part: {"tables": _tables, "words": _words, "forms": _forms}[part]()}


@cache
def _tables() -> list[Content]:
    """Tables and views; the columns of the wide ones are the cells of the forms, which are listed there."""
    return [
        {
            "name": relation.name,
            "about": relation.about,
            "columns": []
            if relation.name.endswith("_wide")
            else [
                {
                    "name": column.name,
                    "type": column.kind,
                    "unit": column.unit,
                    "null": column.null,
                    "about": column.about,
                }
                for column in relation.columns
            ],
        }
        for relation in relations(forms.load_forms().by_number.values())
    ]


@cache
def _words() -> list[Content]:
    lists = [thing for thing in vars(vocabulary).values() if inspect.isclass(thing) and issubclass(thing, StrEnum)]
    return [
        {
            "name": words.__name__,
            "group": _SNAKE.sub("_", words.__name__).lower(),
            "about": inspect.getdoc(words),
            "words": [word.value for word in words],
        }
        for words in lists
        if words is not StrEnum
    ]


@cache
def _forms() -> list[Content]:
    items = forms.load_forms().by_number.values()
    return [{"form": form.key, "tables": _tables_of(form, items)} for form in forms.load_forms().values()]


def _tables_of(form: Form, items: Iterable[FormItem]) -> list[Content]:
    found = [asdict(item) for item in items if item.form == form.key]
    return [
        {
            "table": table.key,
            "title": table.title,
            "items": [
                {name: item[name] for name in ("number", "row", "column", "label_zh", "unit")}
                for item in found
                if item["table"] == table.key
            ],
        }
        for table in form.tables
    ]


PAGE = Page("dictionary", "/-/dictionary", content, in_menu=True)
