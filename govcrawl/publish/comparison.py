"""The facts in which two databases differ, because of another version of the parser, or of later captures.

The readings of each document are compared at every moment that either database knows. So a different reading of an old
version is found, and a version that one database splits in two is not reported as two new ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govcrawl.db.connection import Connection, read_database
from govcrawl.db.queries.version_history import History, RecordedFigure, figures_of, histories


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a document in which two databases differ; `old` or `new` is None if that database has no such cell.

    `since` is the time of the first capture of the reading, in either database; `cell` is `table.row.column`.
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
    """Yields every fact in which two databases differ, sorted by document, time and cell.

    Raises:
        ArchiveError: One of them is missing or is no database.
    """
    with read_database(old) as before, read_database(new) as after:
        was, now = histories(before), histories(after)
        for document in sorted({*was, *now}):
            yield from _of_document((before, was.get(document)), (after, now.get(document)))


ComparedDatabase = tuple[Connection, History | None]
"""A database and its history of a document."""


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
