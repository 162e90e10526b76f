"""Ways in which a printed table goes wrong on its way to the reader; each bends some rows in place, at random.

None of them changes what a person who looks at the page could still say for certain, so a reader that gives a figure
must give the right one, and may give none.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from layouts import Rows, Td

Damage = Callable[[Rows, random.Random], None]


def _values(row: list[Td]) -> list[int]:
    return [index for index, cell in enumerate(row) if not cell.label]


def _labels(row: list[Td]) -> list[int]:
    return [index for index, cell in enumerate(row) if cell.label]


def _rows_of_values(rows: Rows) -> list[int]:
    return [index for index, row in enumerate(rows) if _values(row)]


def _heads(rows: Rows) -> list[int]:
    return [index for index, row in enumerate(rows) if not _values(row)]


def drop_cell(rows: Rows, rng: random.Random) -> None:
    """A value is gone, and its cell with it."""
    row = rows[rng.choice(_rows_of_values(rows))]
    del row[rng.choice(_values(row))]


def add_blank(rows: Rows, rng: random.Random) -> None:
    """An empty cell has come between the values."""
    row = rows[rng.choice(_rows_of_values(rows))]
    row.insert(rng.choice(_values(row)), Td(label=False))


def double_cell(rows: Rows, rng: random.Random) -> None:
    """A value stands twice."""
    row = rows[rng.choice(_rows_of_values(rows))]
    at = rng.choice(_values(row))
    row.insert(at, row[at])


def merge_neighbours(rows: Rows, rng: random.Random) -> None:
    """A value stretches over the next one's place, unless it is a nought that would speak for another figure."""
    row = rows[rng.choice(_rows_of_values(rows))]
    places = _values(row)[:-1]
    at = rng.choice(places) if places else None
    if at is not None and (row[at].text != "0" or row[at + 1].text == "0"):
        row[at : at + 2] = [replace(row[at], colspan=row[at].colspan + row[at + 1].colspan)]


def merge_rows(rows: Rows, rng: random.Random) -> None:
    """A value stretches over the one below it, unless it is a nought that would speak for another figure."""
    upper = rng.choice(_rows_of_values(rows))
    if upper + 1 not in _rows_of_values(rows):
        return
    back = rng.randrange(1, min(len(_values(rows[upper])), len(_values(rows[upper + 1]))) + 1)
    one, two = _values(rows[upper])[-back], _values(rows[upper + 1])[-back]
    if rows[upper][one].text != "0" or rows[upper + 1][two].text == "0":
        rows[upper][one] = replace(rows[upper][one], rowspan=2)
        del rows[upper + 1][two]


def bend_label(rows: Rows, rng: random.Random) -> None:
    """A row label has another width."""
    row = rows[rng.choice(_rows_of_values(rows))]
    if _labels(row):
        row[_labels(row)[-1]] = replace(row[_labels(row)[-1]], colspan=rng.randint(1, 4))


def bend_group(rows: Rows, rng: random.Random) -> None:
    """A group label has another height."""
    groups = [(row, at) for row in rows for at in _labels(row) if row[at].rowspan > 1 and _values(row)]
    if groups:
        row, at = rng.choice(groups)
        row[at] = replace(row[at], rowspan=max(1, row[at].rowspan + rng.choice((-2, -1, 1, 2))))


def blank_label(rows: Rows, rng: random.Random) -> None:
    """A row label is empty."""
    row = rows[rng.choice(_rows_of_values(rows))]
    if _labels(row):
        row[_labels(row)[-1]] = replace(row[_labels(row)[-1]], text="")


def drop_row(rows: Rows, rng: random.Random) -> None:
    """A row is gone."""
    del rows[rng.choice(_rows_of_values(rows))]


def double_row(rows: Rows, rng: random.Random) -> None:
    """A row stands twice."""
    at = rng.choice(_rows_of_values(rows))
    rows.insert(at, list(rows[at]))


def drop_head_row(rows: Rows, rng: random.Random) -> None:
    """A row of heads is gone."""
    del rows[rng.choice(_heads(rows))]


def drop_head(rows: Rows, rng: random.Random) -> None:
    """A head is gone, and its cell with it."""
    row = rows[rng.choice(_heads(rows))]
    del row[rng.randrange(len(row))]


def bend_head(rows: Rows, rng: random.Random) -> None:
    """A head has another width and height."""
    row = rows[rng.choice(_heads(rows))]
    at = rng.randrange(len(row))
    row[at] = replace(row[at], colspan=rng.randint(1, 3), rowspan=rng.randint(1, 3))


def flatten_heads(rows: Rows, rng: random.Random) -> None:
    """No head spans anything."""
    del rng
    for at in _heads(rows):
        rows[at] = [replace(cell, colspan=1, rowspan=1) for cell in rows[at]]


def double_figure(rows: Rows, rng: random.Random) -> None:
    """Two figures stand in one cell."""
    row = rows[rng.choice(_rows_of_values(rows))]
    at = rng.choice(_values(row))
    row[at] = replace(row[at], text=f"{row[at].text} {row[at].text}")


DAMAGES: tuple[Damage, ...] = (
    drop_cell, add_blank, double_cell, merge_neighbours, merge_rows, bend_label, bend_group, blank_label, drop_row,
    double_row, drop_head_row, drop_head, bend_head, flatten_heads, double_figure,
)  # fmt: skip
