"""Verdicts: what people decided about issues, read from the append-only `archive/verdicts.jsonl`.

A line is a JSON object with `stable_key`, `verdict`, `decided_at` and optionally `note`. The latest line per key
counts.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from govcrawl.db.connection import transaction
from govcrawl.db.rows import write_rows

_LATER = "excluded.decided_at >= verdicts.decided_at"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row of `verdicts`: its fields are the table's columns, and the keys of a line."""

    stable_key: str
    verdict: str
    decided_at: str
    note: str | None = None


def parse_verdicts(text: bytes) -> tuple[list[Verdict], list[tuple[int, str]]]:
    """Returns the verdicts of a file's lines, and each line that is none as (its offset, what is wrong with it)."""
    verdicts, faults, offset = [], [], 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        try:
            verdicts.extend([_verdict(json.loads(line))] if line.strip() else [])
        except (TypeError, ValueError, RecursionError) as error:
            faults.append((offset, f"line {number} is no verdict and is passed over ({error}); mend or remove it"))
        offset += len(line)
    return verdicts, faults


def _verdict(fields: object) -> Verdict:
    if not isinstance(fields, dict):
        raise TypeError("it is no JSON object")
    verdict = Verdict(**fields)
    for name, value in asdict(verdict).items():
        if not (isinstance(value, str) or (name == "note" and value is None)):
            raise TypeError(f"{name} is no text")
    " ".join(filter(None, asdict(verdict).values())).encode()  # half a pair of surrogates is no text
    return verdict


def sync_verdicts(connection: sqlite3.Connection, verdicts: Iterable[Verdict]) -> None:
    """Stores verdicts; of two with one key the later stays."""
    with transaction(connection):
        write_rows(connection, "verdicts", verdicts, only=_LATER)
