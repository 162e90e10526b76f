"""The identities of the forms as rows: those assessed per report, and those that join cells of several years.

An identity applies to every column, or every row, of its table in which all its operands have a cell. Years are counted
back from the latest year of the identity: the left side of `carried_forward(N) = carried_over(N+1)` is shifted by -1.
An operand is a cell of whichever form the report of its year uses.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from govcrawl.db.connection import transaction
from govcrawl.db.connection_cache import clear_connection_cache
from govcrawl.db.rows import insert_new
from govcrawl.errors import FormError
from govcrawl.forms import FormIdentity, FormTerm

_SHIFTS = re.compile(r"N(?P<shift>[+-]\d+)?|(?P<year>\d{4})")
FormPlace = tuple[str, str, str]
"""Identity, table, and column or row."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one table of a form: its rows and columns in form order."""

    rows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def places(self, identity: FormIdentity) -> Iterator[str]:
        """Yields the columns or rows to which an identity applies."""
        needed = {term.ref for term in (*identity.left, *identity.right)}
        lines = self.columns if identity.for_each == "column" else self.rows
        return (at for at, across in lines.items() if needed <= across)


def sync_identities(connection: sqlite3.Connection, identities: Mapping[str, Iterable[FormIdentity]]) -> None:
    """Replaces the identities of every form (form key → identities). Run it after `registry.sync_items`."""
    tables = _tables(connection)
    with transaction(connection):
        for table in ("operands", "links", "form_places"):
            connection.execute(f"DELETE FROM {table}")
        numbers = {(identity, table, at): number for number, identity, table, at in _known(connection)}
        for form, members in identities.items():
            for identity in members:
                for at in tables[form, identity.table].places(identity):
                    number = _number(connection, numbers, (identity.key, identity.table, at))
                    insert_new(connection, "form_places", {"form": form, "place": number})
                    _link(connection, number, identity, at)
    clear_connection_cache(connection)


def _tables(connection: sqlite3.Connection) -> Mapping[tuple[str, str], Cells]:
    tables: dict[tuple[str, str], Cells] = defaultdict(Cells)
    query = 'SELECT form, "table", "row", "column" FROM items ORDER BY number'
    for form, table, row, column in connection.execute(query):
        tables[form, table].rows[row].add(column)
        tables[form, table].columns[column].add(row)
    return tables


def _known(connection: sqlite3.Connection) -> list[tuple[int, str, str, str]]:
    return connection.execute('SELECT number, identity, "table", at FROM places').fetchall()


def _number(connection: sqlite3.Connection, numbers: dict[FormPlace, int], place: FormPlace) -> int:
    if place not in numbers:
        cursor = connection.execute('INSERT INTO places (identity, "table", at) VALUES (?, ?, ?)', place)
        numbers[place] = cursor.lastrowid or 0
    return numbers[place]


def _link(connection: sqlite3.Connection, place: int, identity: FormIdentity, at: str) -> None:
    terms = (*identity.left, *identity.right)
    shifts = shifts_of(terms)
    if not any(shifts):
        return
    inequality = identity.kind == "inequality_le"
    link = {"place": place, "inequality": inequality, "soft": identity.soft, "operands": len(terms)}
    insert_new(connection, "links", link)
    for number, (term, shift) in enumerate(zip(terms, shifts, strict=True)):
        cell = (at, term.ref) if identity.for_each != "column" else (term.ref, at)
        connection.execute(
            "INSERT OR IGNORE INTO operands (place, operand, item, on_left, sign, shift)"
            " SELECT ?, ?, number, ?, ?, ? FROM items"
            ' WHERE "table" = ? AND "row" = ? AND "column" = ?',
            (place, number, number < len(identity.left), term.sign, shift, identity.table, *cell),
        )


def shifts_of(terms: Sequence[FormTerm]) -> tuple[int, ...]:
    """Returns the years of terms, counted from the latest of them: 0 for it, -1 for the year before."""
    years = [_year(term.year) for term in terms]
    return tuple(year - max(years) for year in years)


def _year(text: str | None) -> int:
    match = _SHIFTS.fullmatch(text or "N")
    if match is None:
        raise FormError(f"{text!r} is no year of an identity: write N, N-1, N+1 or four digits")
    return int(match["year"] or match["shift"] or 0)
