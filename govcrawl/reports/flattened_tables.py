"""Recognises tables that are on the page and cannot be read, so that they do not count as absent.

In some, the cells run together: all labels are there, and nothing separates the figures. In others, no head names the
columns of the figures. Every cell of such a table or row is a doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from govcrawl import forms
from govcrawl.forms import Form, FormTable
from govcrawl.pages.page import Token
from govcrawl.reports.cell_values import PRINTED_UNITS
from govcrawl.reports.labels import label_key
from govcrawl.reports.observations import Observations

RUN_TOGETHER = "the labels are there, but the cells run together"
UNHEADED = "figures stand beside the label, but no head tells their columns for certain"
FEWEST_UNHEADED = 4
"""Rows with figures and without a head that count as a table. Fewer are a chance match."""
_SHORTEST_TELLING = 4
_UNITS = "|".join(sorted(PRINTED_UNITS))


def note_flat(tokens: Sequence[Token], text: Observations, met: set[str]) -> None:
    """Adds a doubt for every cell of a table whose labels are on the page and that no reader has `met`."""
    national = forms.national_tables()
    lost = national - met if met else {key for form in forms.load_forms().values() for key in form.table_keys}
    if not lost or met - national:
        return
    words = label_key("".join(token.text for token in tokens))
    for table in sorted(lost):
        having = [form for form in forms.load_forms().values() if table in form.table_keys]
        fits = [form for form in having if _is_complete(words, form, table)]
        fits = fits or [form for form in having if _is_touched(words, form, table)]
        if fits:
            _doubt_all(text, max(fits, key=lambda form: _likeness(words, form, table)), table)


def note_unheaded(*sights: Observations) -> None:
    """Adds doubts for the rows of a table without any head, if no reader met the table otherwise."""
    read = {table for sight in sights for table in sight.rows()}
    rows = {row for sight in sights for row in sight.unheaded if row[0] not in read}
    met = Counter(table for table, _ in rows)
    for form in forms.load_forms().values():
        for item in form.items:
            if met[item.table] >= FEWEST_UNHEADED and (item.table, item.row) in rows:
                sights[-1].doubt(item.at, UNHEADED)


def _is_complete(words: str, form: Form, table: str) -> bool:
    """Whether all characteristic labels of a table are in the text."""
    return all(key in words for key in _telling(form.table(table)))


def _is_touched(words: str, form: Form, table: str) -> bool:
    """Whether figures touch half of the row labels of a table in the text."""
    shape = form.table(table)
    keys = {key for row in shape.rows if row.data for label in row.labels if len(key := label_key(label)) > 3}
    touched = sum(bool(re.search(rf"{key}(?:{_UNITS})?\d", words)) for key in keys if key in words)
    return shape.orientation != "columns" and touched >= max(FEWEST_UNHEADED, len(shape.rows) // 2)


def _likeness(words: str, form: Form, table: str) -> tuple[int, int]:
    """How many characteristic labels of a table are in the text, then how many cells it has."""
    return sum(key in words for key in _telling(form.table(table))), len(form.items_of(table))


def _telling(table: FormTable) -> frozenset[str]:
    rows = [row.label for row in table.rows] if table.orientation != "columns" else []
    groups = [group for column in table.columns for group in column.groups]
    keys = map(label_key, (*rows, *groups, *(column.label for column in table.columns)))
    return frozenset(key for key in keys if len(key) >= _SHORTEST_TELLING)


def _doubt_all(text: Observations, form: Form, table: str) -> None:
    text.votes[table][form.key] += len(form.items_of(table))
    for item in form.items_of(table):
        text.doubt((item.table, item.row, item.column), RUN_TOGETHER)
