"""Verdicts: what people decided about issues, read from the append-only `archive/verdicts.jsonl`.

A line is a JSON object with `stable_key`, `verdict`, `decided_at` and optionally `note`. The latest line per key
counts.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl.db.connection import transaction
from govcrawl.db.rows import write_rows
from govcrawl.errors import ArchiveError

_LATER = "excluded.decided_at >= verdicts.decided_at"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row of `verdicts`: its fields are the table's columns, and the keys of a line."""

    stable_key: str
    verdict: str
    decided_at: str
    note: str | None = None


def parse_verdicts(lines: Iterable[str], where: str) -> list[Verdict]:
    """Returns the verdicts of a file's lines, skipping empty ones; raises ArchiveError that names an invalid line."""
    verdicts = []
    for number, line in enumerate(lines, 1):
        try:
            verdicts.extend([Verdict(**json.loads(line))] if line.strip() else [])
        except (TypeError, ValueError) as error:
            raise ArchiveError(f"{where}: line {number} is no verdict ({error}); mend or remove it") from error
    return verdicts


def sync_verdicts(connection: sqlite3.Connection, verdicts: Iterable[Verdict]) -> None:
    """Stores verdicts; of two with one key the later stays."""
    with transaction(connection):
        write_rows(connection, "verdicts", verdicts, only=_LATER)
