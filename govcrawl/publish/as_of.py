"""The facts of every report as they were public on a day, as CSV or JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TextIO

from govcrawl.archive.layout import database_of
from govcrawl.db.connection import read_database
from govcrawl.db.queries.public_on_day import PublicFact, facts_on
from govcrawl.publish.spreadsheets import print_csv
from govcrawl.terminal import write_line


def write_as_of(archive: Path, day: date, style: str, out: TextIO) -> None:
    """Write the facts of a day to `out`, as `csv` or as `json`, an object a line; ArchiveError without a database."""
    with read_database(database_of(archive)) as connection:
        FACT_WRITERS[style](facts_on(connection, day), out)


def write_facts_csv(facts: Iterable[PublicFact], out: TextIO) -> None:
    """Writes a header and a line for each fact, safe for spreadsheets."""
    print_csv(PublicFact._fields, facts, out)


def write_facts_json(facts: Iterable[PublicFact], out: TextIO) -> None:
    """Writes one JSON object per fact, each on a line."""
    for fact in facts:
        write_line(out, json.dumps(fact._asdict(), ensure_ascii=False))


FACT_WRITERS: Mapping[str, Callable[[Iterable[PublicFact], TextIO], None]] = {
    "csv": write_facts_csv,
    "json": write_facts_json,
}
"""Format → function that writes facts in it."""
