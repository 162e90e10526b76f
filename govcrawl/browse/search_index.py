"""The full-text index over the sections of every report's current version: `search.db`, a file of its own.

`govcrawl index` makes it from the database. It can be deleted at any time and is part of no digest. It holds terms and
the ids of sections, and no text. The newest reports come first in it, so that a page of hits is read from its front.
It records the state of the database from which it was made, so that a search over a stale index can say so.
"""

import errno
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from govcrawl.archive.layout import database_of
from govcrawl.browse.search_terms import match_expression, pair_terms, single_terms
from govcrawl.db.connection import WriteError, is_of_disk, read_database
from govcrawl.durable_files import put_whole
from govcrawl.vocabulary import SectionKey

SEARCH_DATABASE = "search.db"
MAX_COUNTED = 1_000
"""Number up to which hits are counted."""

_MAX_SECONDS = 2.0  # a search that takes longer is interrupted
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
class SearchQuery:
    """The words of a search, and what narrows it; `agencies` are ids, any of which matches."""

    text: str
    year: int | None = None
    division: str | None = None
    section: str | None = None
    agencies: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SearchHits:
    """A page of sections as (version, section), newest first; all hits counted, up to `MAX_COUNTED` and one more."""

    places: tuple[tuple[str, str], ...]
    count: int
    stale: bool


def index_of(archive: Path) -> Path:
    """The path of an archive's index."""
    return archive / SEARCH_DATABASE


def make_index(archive: Path) -> int:
    """Make the index and replace the old one by it; returns the number of sections in it.

    Raises:
        ArchiveError: there is no database.
        UsageError: the archive's folder cannot be written.
        ArchiveWriteError: the disk refuses; the old index is as it was.
    """
    with read_database(database_of(archive)) as database:
        put_whole(index_of(archive), lambda path: _fill(path, database))
    with _opened(archive) as index:
        (count,) = index.execute("SELECT count(*) FROM entries").fetchone()
    return int(count)


def _fill(path: Path, database: sqlite3.Connection) -> None:
    try:
        _write_entries(path, database)
    except WriteError as error:
        if is_of_disk(error):
            raise OSError(errno.EIO, str(error)) from error
        raise


def _write_entries(path: Path, database: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as index:
        index.executescript(_SCHEMA)
        index.execute("BEGIN")
        database.execute("BEGIN")  # the state and the sections are of one moment
        index.execute("INSERT INTO about (name, value) VALUES ('state', ?)", (_state_of(database),))
        for number, section in enumerate(database.execute(_SECTIONS)):
            version, key, *described = section
            index.execute(_INSERT_ENTRY, (number, version, key))
            index.execute(_INSERT_TERMS, (number, *_entry(*described)))
        database.execute("ROLLBACK")
        index.execute("COMMIT")
        index.execute("INSERT INTO terms (terms) VALUES ('optimize')")


_INSERT_ENTRY = "INSERT INTO entries (id, report_version_id, section_id) VALUES (?, ?, ?)"
_INSERT_TERMS = "INSERT INTO terms (rowid, marks, singles, pairs) VALUES (?, ?, ?, ?)"


def _entry(key: str, heading: str, text: str, year: int | None, division: str, agency: str) -> tuple[str, str, str]:
    divisions = (division[:2], division[:4], division)
    marks = (_year(year), _section(key), *map(_division, divisions), _agency(agency))
    said = f"{heading}。{text}" if key == SectionKey.OTHER_HEADING else text  # the six statutory headings say nothing
    return " ".join(marks), single_terms(said), pair_terms(said)


def _state_of(database: sqlite3.Connection) -> str:
    """A text that changes whenever a version or a report is added to the database, or all are read anew."""
    return json.dumps(tuple(database.execute(_STATE).fetchone()))


def find_sections(
    archive: Path, query: SearchQuery, database: sqlite3.Connection, first: int, size: int
) -> SearchHits | None:
    """A page of hits; None where there is no index. A text without a letter or a digit finds nothing."""
    expression = _expression(query)
    if not index_of(archive).is_file():
        return None
    with _opened(archive) as index:
        (made_from,) = index.execute("SELECT value FROM about WHERE name = 'state'").fetchone()
        stale = made_from != _state_of(database)
        if expression is None:
            return SearchHits((), 0, stale)
        places = index.execute(_PAGE, {"asked": expression, "size": size, "first": first}).fetchall()
        (count,) = index.execute(_COUNT, {"asked": expression, "most": MAX_COUNTED + 1}).fetchone()
    return SearchHits(tuple(places), count, stale)


_PAGE = """
SELECT entry.report_version_id, entry.section_id
FROM terms JOIN entries AS entry ON entry.id = terms.rowid
WHERE terms MATCH :asked ORDER BY terms.rowid LIMIT :size OFFSET :first"""

_COUNT = "SELECT count(*) FROM (SELECT 1 FROM terms WHERE terms MATCH :asked LIMIT :most)"


def _expression(query: SearchQuery) -> str | None:
    """The FTS5 expression, its filters first: they are the shortest lists."""
    found = match_expression(query.text)
    if found is None or query.agencies == ():
        return None
    marks = [
        *([_year(query.year)] if query.year else []),
        *([_division(query.division)] if query.division else []),
        *([_section(query.section)] if query.section else []),
        *([f"({_any(query.agencies)})"] if query.agencies else []),
    ]
    return f"marks : ({' AND '.join(marks)}) AND ({found})" if marks else found


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
    path, end = index_of(archive).absolute(), time.monotonic() + _MAX_SECONDS
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as index:
        index.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        yield index
