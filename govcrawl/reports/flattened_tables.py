"""Recognises tables whose cells run together: all labels are on the page, and nothing separates the figures.

Every cell of such a table is a doubt. Otherwise the table would count as absent.
"""

from __future__ import annotations

from collections.abc import Sequence

from govcrawl import forms
from govcrawl.forms import Form, FormTable
from govcrawl.pages.page import Token
from govcrawl.reports.labels import label_key
from govcrawl.reports.observations import Observations

RUN_TOGETHER = "the labels are there, but the cells run together"
_SHORTEST_TELLING = 4


def note_flat(tokens: Sequence[Token], text: Observations, met: set[str]) -> None:
    """Adds a doubt for every cell of a table whose labels are on the page and that no reader has `met`."""
    lost = (
        set(forms.STATUTORY_TABLES) - met
        if met
        else {table for form in forms.load_forms().values() for table in form.table_keys}
    )
    if not lost or met - set(forms.STATUTORY_TABLES):
        return
    words = label_key("".join(token.text for token in tokens))
    for table in sorted(lost):
        fits = [
            form for form in forms.load_forms().values() if table in form.table_keys and _stands_in(words, form, table)
        ]
        if fits:
            _doubt_all(text, max(fits, key=lambda form: len(form.items_of(table))), table)


def _stands_in(words: str, form: Form, table: str) -> bool:
    """Whether all characteristic labels of a table are in the text."""
    return all(key in words for key in _telling(form.table(table)))


def _telling(table: FormTable) -> frozenset[str]:
    rows = [row.label for row in table.rows] if table.orientation != "columns" else []
    groups = [group for column in table.columns for group in column.groups]
    keys = map(label_key, (*rows, *groups, *(column.label for column in table.columns)))
    return frozenset(key for key in keys if len(key) >= _SHORTEST_TELLING)


def _doubt_all(text: Observations, form: Form, table: str) -> None:
    text.votes[table][form.key] += len(form.items_of(table))
    for item in form.items_of(table):
        text.doubt((item.table, item.row, item.column), RUN_TOGETHER)
