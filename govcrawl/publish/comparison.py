"""The facts in which two databases differ: what a new reader version changes, or a season.

Compared is what each document was read as at each moment that either database knows of, so that an old version that is
read in another way is seen too, and a version that one database splits in two does not pass for two new ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govcrawl.db.connection import Connection, read_database
from govcrawl.db.queries.version_history import History, RecordedFigure, figures_of, histories


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a document that two databases give differently; None where one has no such cell.

    `since` is the first capture that shows what was read, by either database; `cell` is `table.row.column`.
    """

    document_id: str
    url: str
    since: str
    cell: str
    old: RecordedFigure | None
    new: RecordedFigure | None

    def __str__(self) -> str:
        return f"{self.document_id} {self.url} {self.cell}: {_said(self.old)} -> {_said(self.new)} (since {self.since})"


def fact_differences(old: Path, new: Path) -> Iterator[Difference]:
    """Every fact in which two databases differ, by document, time and cell.

    Raises:
        ArchiveError: one of them is missing or is no database.
    """
    with read_database(old) as before, read_database(new) as after:
        was, now = histories(before), histories(after)
        for document in sorted({*was, *now}):
            yield from _of_document((before, was.get(document)), (after, now.get(document)))


ComparedDatabase = tuple[Connection, History | None]
"""A database and what it knows of a document."""


def _of_document(old: ComparedDatabase, new: ComparedDatabase) -> Iterator[Difference]:
    known = [history for _, history in (old, new) if history]
    compared = set()
    for since in sorted({since for history in known for since, _ in history.versions}):
        pair = _version(old, since), _version(new, since)
        if pair in compared or pair[0] == pair[1]:  # versions are named by their content
            continue
        compared.add(pair)
        was, now = figures_of(old[0], pair[0]), figures_of(new[0], pair[1])
        for cell in sorted({*was, *now}):
            if was.get(cell) != now.get(cell):
                yield Difference(known[0].document_id, known[0].url, since, cell, was.get(cell), now.get(cell))


def _version(side: ComparedDatabase, moment: str) -> str | None:
    _, history = side
    return history.at(moment) if history else None


def _said(figure: RecordedFigure | None) -> str:
    if figure is None:
        return "no such cell"
    value, status, unit = figure
    return f"{value if status == 'number' else status}{f' {unit}' if unit else ''}"
