"""The facts of every report as they were public on a day, as CSV or JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TextIO

from govcrawl.archive.layout import database_of
from govcrawl.db.connection import read_database
from govcrawl.db.queries.public_on_day import PublicFact, facts_on
from govcrawl.publish.spreadsheets import neutral


def write_as_of(archive: Path, day: date, style: str, out: TextIO) -> None:
    """Write the facts of a day to `out`, as `csv` or as `json`, an object a line; ArchiveError without a database."""
    with read_database(database_of(archive)) as connection:
        FACT_WRITERS[style](facts_on(connection, day), out)


def write_facts_csv(facts: Iterable[PublicFact], out: TextIO) -> None:
    """Writes a header and a line for each fact, safe for spreadsheets."""
    lines = csv.writer(out)
    lines.writerow(PublicFact._fields)
    lines.writerows(map(neutral, fact) for fact in facts)


def write_facts_json(facts: Iterable[PublicFact], out: TextIO) -> None:
    """Writes one JSON object per fact, each on a line."""
    out.writelines(f"{json.dumps(fact._asdict(), ensure_ascii=False)}\n" for fact in facts)


FACT_WRITERS: Mapping[str, Callable[[Iterable[PublicFact], TextIO], None]] = {
    "csv": write_facts_csv,
    "json": write_facts_json,
}
"""Format → function that writes facts in it."""
