"""The coverage matrix for people and programs: agency × year, with a reason for every cell that is not `ok`.

The table format has one paragraph per agency, its years grouped by state and reason. CSV and JSON have one row per
cell.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TextIO

from govcrawl import portals
from govcrawl.archive.layout import database_of
from govcrawl.clock import today
from govcrawl.db.connection import read_database
from govcrawl.db.derived.coverage import CoverageRow, read_coverage
from govcrawl.publish.spreadsheets import print_csv
from govcrawl.terminal import escaped_lines, write_line

CoverageRows = Sequence[CoverageRow]


def write_coverage(
    archive: Path, province: str | None, year: int | None, as_of: date | None, style: str, out: TextIO
) -> None:
    """Writes the matrix as of a day (today by default) to `out`, as `table`, `csv` or `json`.

    Raises:
        UsageError: The registry has no such province.
        ArchiveError: There is no database.
    """
    if province is not None:
        portals.load_registry().province(province)
    with read_database(database_of(archive)) as connection:
        rows = read_coverage(connection, as_of or today(), province, year)
    _STYLES[style](rows, out)


def write_table(rows: CoverageRows, out: TextIO) -> None:
    """Writes one paragraph per agency (state, years, reason), then the number of cells in each state."""
    for line in _lines(rows):
        write_line(out, line)


def _lines(rows: CoverageRows) -> Iterator[str]:
    for (division, agency), cells in groupby(rows, key=lambda row: (row.division_code, row.agency)):
        yield f"{division} {agency}"
        yield from (f"  {line}" for line in _gathered(cells))
    counts = {state: sum(row.state == state for row in rows) for state in sorted({row.state for row in rows})}
    yield f"{len(rows)} cells: {', '.join(f'{count} {state}' for state, count in counts.items())}"


def _gathered(cells: Iterable[CoverageRow]) -> Iterator[str]:
    groups: dict[tuple[str, str | None], list[int]] = {}
    for cell in cells:
        groups.setdefault((cell.state, cell.reason), []).append(cell.year)
    for (state, reason), years in groups.items():
        yield f"{state:<16}{spans(years):<24}{reason or ''}".rstrip()


def spans(years: Iterable[int]) -> str:
    """Returns years as a text of runs: `2008–2011, 2014`."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def write_coverage_csv(rows: CoverageRows, out: TextIO) -> None:
    """Writes a header and one line per cell, safe for spreadsheets."""
    print_csv([field.name for field in fields(CoverageRow)], (asdict(row).values() for row in rows), out)


def write_coverage_json(rows: CoverageRows, out: TextIO) -> None:
    """Writes a list with one object per cell."""
    told = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
    out.write(f"{escaped_lines(told)}\n")


_STYLES: Mapping[str, Callable[[CoverageRows, TextIO], None]] = {
    "table": write_table,
    "csv": write_coverage_csv,
    "json": write_coverage_json,
}
