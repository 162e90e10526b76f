"""The full-text index over the sections of every report's current version: `search.db`, a file of its own.

It is made from the database by `govcrawl index`, can be deleted at any time, and is part of no digest. It holds terms
and the ids of sections, no text. The newest reports come first in it, so that a page of hits is read from its front.
It knows which state of the database it was made from: a search over a stale one says so.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from govcrawl.browse.search_terms import characters, expression, terms
from govcrawl.db.connection import read_database
from govcrawl.projection import database_of
from govcrawl.vocabulary import SectionKey
from govcrawl.whole_files import put_whole

INDEX = "search.db"
COUNTED = 1_000
"""Hits are counted up to here."""

SECONDS = 2.0
"""A search that takes longer is interrupted."""

_STEPS = 10_000  # of SQLite's machine between two looks at the clock
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE entries (id INTEGER PRIMARY KEY, report_version_id TEXT NOT NULL, section_id TEXT NOT NULL);
CREATE VIRTUAL TABLE terms USING fts5(marks, singles, pairs, content = '', tokenize = 'ascii');
"""

_SECTIONS = """
SELECT section.report_version_id, section.id, section.key, section.heading, section.text, report.year,
  agency.division_code, agency.id
FROM reports AS report
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN sections AS section ON section.report_version_id = report.current_version_id
ORDER BY report.year DESC, agency.division_code, report.id, section.rowid"""

_STATE = """
SELECT (SELECT max(key) FROM version_keys), (SELECT count(*) FROM reports),
  (SELECT min(id) FROM report_versions), (SELECT max(id) FROM report_versions)"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a text, and what the search is narrowed to; `agencies` are ids, any of which will do."""

    text: str
    year: int | None = None
    division: str | None = None
    section: str | None = None
    agencies: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Sections that were found, newest first, as (version, section); how many there are, up to `COUNTED` + 1."""

    places: tuple[tuple[str, str], ...]
    count: int
    stale: bool


def index_of(archive: Path) -> Path:
    """The place of an archive's index."""
    return archive / INDEX


def make_index(archive: Path) -> int:
    """Make the index anew and put it in the old one's place; the number of sections in it.

    Raises ArchiveError where there is no database.
    """
    with read_database(database_of(archive)) as database:
        put_whole(index_of(archive), lambda path: _fill(path, database))
    with _opened(archive) as index:
        (count,) = index.execute("SELECT count(*) FROM entries").fetchone()
    return int(count)


def _fill(path: Path, database: sqlite3.Connection) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as index:
        index.executescript(_SCHEMA)
        index.execute("BEGIN")
        database.execute("BEGIN")  # the state and the sections are of one moment
        index.execute("INSERT INTO about VALUES ('state', ?)", (state_of(database),))
        for number, section in enumerate(database.execute(_SECTIONS)):
            version, key, *described = section
            index.execute("INSERT INTO entries VALUES (?, ?, ?)", (number, version, key))
            index.execute(_INSERT, (number, *_entry(*described)))
        database.execute("ROLLBACK")
        index.execute("COMMIT")
        index.execute("INSERT INTO terms (terms) VALUES ('optimize')")


_INSERT = "INSERT INTO terms (rowid, marks, singles, pairs) VALUES (?, ?, ?, ?)"


def _entry(key: str, heading: str, text: str, year: int | None, division: str, agency: str) -> tuple[str, str, str]:
    divisions = (division[:2], division[:4], division)
    marks = (_year(year), _section(key), *map(_division, divisions), _agency(agency))
    said = f"{heading}。{text}" if key == SectionKey.OTHER_HEADING else text  # the six statutory headings say nothing
    return " ".join(marks), characters(said), terms(said)


def state_of(database: sqlite3.Connection) -> str:
    """What changes whenever a version or a report is added to a database, or all are read anew in another way."""
    return json.dumps(tuple(database.execute(_STATE).fetchone()))


def find(archive: Path, wanted: Wanted, database: sqlite3.Connection, first: int, size: int) -> Hits | None:
    """A page of hits; None where there is no index. A text without a letter or a digit finds nothing."""
    asked = _asked(wanted)
    if not index_of(archive).is_file():
        return None
    with _opened(archive) as index:
        (made_from,) = index.execute("SELECT value FROM about WHERE name = 'state'").fetchone()
        stale = made_from != state_of(database)
        if asked is None:
            return Hits((), 0, stale)
        places = index.execute(_PAGE, {"asked": asked, "size": size, "first": first}).fetchall()
        (count,) = index.execute(_COUNT, {"asked": asked, "most": COUNTED + 1}).fetchone()
    return Hits(tuple(places), count, stale)


_PAGE = """
SELECT entry.report_version_id, entry.section_id
FROM terms JOIN entries AS entry ON entry.id = terms.rowid
WHERE terms MATCH :asked ORDER BY terms.rowid LIMIT :size OFFSET :first"""

_COUNT = "SELECT count(*) FROM (SELECT 1 FROM terms WHERE terms MATCH :asked LIMIT :most)"


def _asked(wanted: Wanted) -> str | None:
    """The full-text query, its filters first: they are the shortest lists."""
    found = expression(wanted.text)
    if found is None or wanted.agencies == ():
        return None
    marks = [
        *([_year(wanted.year)] if wanted.year else []),
        *([_division(wanted.division)] if wanted.division else []),
        *([_section(wanted.section)] if wanted.section else []),
    ]
    either = [f"({_any(wanted.agencies)})"] if wanted.agencies else []
    filters = " AND ".join([*marks, *either])
    return f"marks : ({filters}) AND ({found})" if filters else found


def _any(agencies: Sequence[str]) -> str:
    return " OR ".join(_agency(agency) for agency in agencies)


def _year(year: int | None) -> str:
    return f"y{year}"


def _section(key: str) -> str:
    return f"s{key.replace('_', '')}"


def _division(code: str) -> str:
    return f"d{code}"


def _agency(agency: str) -> str:
    return f"a{hashlib.sha256(agency.encode()).hexdigest()[:16]}"


@contextmanager
def _opened(archive: Path) -> Iterator[sqlite3.Connection]:
    path, end = index_of(archive).absolute(), time.monotonic() + SECONDS
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as index:
        index.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        yield index
