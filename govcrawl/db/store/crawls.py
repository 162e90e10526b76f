"""Runs of spiders, the day the archive stands at, and how far each archive file is indexed."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from govcrawl.db.arrival import Crawl
from govcrawl.db.connection import archive_property, set_archive_property, transaction
from govcrawl.db.rows import insert_new

FINISHED = "finished"
"""The finish reason of a run that emptied its queue. It closes the round."""

_DAY = "day"
"""The mark that keeps the day of the last run."""

_LAST_MARK = "last_mark"
"""The mark that keeps place and time of the newest start or end of a run."""

_LAST_RUN = "SELECT id FROM crawls ORDER BY started_at DESC, id DESC LIMIT 1"
_LAST_ATTEMPT = "SELECT max(substr(at, 1, 10)) FROM attempts"


def crawl_started(connection: sqlite3.Connection, crawl: Crawl) -> None:
    """Inserts a run. It joins the open round of its spider, or opens the next one after a finished run."""
    with transaction(connection):
        (finished,) = connection.execute(
            "SELECT count(*) FROM crawls WHERE spider = ? AND finish_reason = ?", (crawl.spider, FINISHED)
        ).fetchone()
        row = {
            "id": crawl.id,
            "spider": crawl.spider,
            "round": f"{crawl.spider}#{finished + 1}",
            "started_at": crawl.started_at,
            "version": crawl.version,
            "arguments": json.dumps(dict(crawl.arguments), ensure_ascii=False, sort_keys=True),
            "vantage": crawl.vantage,
        }
        insert_new(connection, "crawls", row)
        _note_day(connection, crawl.id, crawl.day or crawl.started_at[:10])


def crawl_finished(
    connection: sqlite3.Connection,
    crawl: str,
    at: str,
    reason: str,
    rules_broken: Sequence[str] = (),
    day: str | None = None,
) -> None:
    """File the end of a run: `FINISHED` or what ended it, a line for each data rule it broke, the day it went by."""
    lines = json.dumps(list(rules_broken), ensure_ascii=False) if rules_broken else None
    with transaction(connection):
        connection.execute(
            "UPDATE crawls SET finished_at = ?, finish_reason = ?, rules_broken = ? WHERE id = ?",
            (at, reason, lines, crawl),
        )
        _note_day(connection, crawl, day or at[:10])


def _note_day(connection: sqlite3.Connection, crawl: str, day: str) -> None:
    """Keep the day of a run, unless a later run is known: runs are replayed in any order."""
    if connection.execute(_LAST_RUN).fetchone() == (crawl,):
        set_archive_property(connection, _DAY, day)


def last_day(connection: sqlite3.Connection) -> date:
    """The day the archive stands at: that of its last run, else of its last attempt; `date.min` for an empty one."""
    day = archive_property(connection, _DAY) or connection.execute(_LAST_ATTEMPT).fetchone()[0]
    return date.fromisoformat(day) if day else date.min


def note_mark(connection: sqlite3.Connection, warc_file: str, end: int, at: str) -> None:
    """Keeps when the newest mark of a run was written, by its place: files are named in the order they were begun.

    Its time is what the clock said last, whatever it said before.
    """
    mark = f"{warc_file} {end:020d} {at}"
    if mark > (archive_property(connection, _LAST_MARK) or ""):
        set_archive_property(connection, _LAST_MARK, mark)


def last_mark(connection: sqlite3.Connection) -> str | None:
    """The time of the newest start or end of a run; None for an archive without one."""
    mark = archive_property(connection, _LAST_MARK)
    return mark.rpartition(" ")[2] if mark else None


def newest_record(connection: sqlite3.Connection) -> str | None:
    """The latest time that the archive says something was captured, or a run ended, at."""
    query = (
        "SELECT max(at) FROM (SELECT max(fetched_at) AS at FROM captures UNION ALL SELECT max(finished_at) FROM crawls)"
    )
    (at,) = connection.execute(query).fetchone()
    return None if at is None else str(at)


def rules_broken(connection: sqlite3.Connection) -> Mapping[str, tuple[str, ...]]:
    """Returns spider → one line per data rule that its last run broke, each beginning with the rule's name."""
    query = "SELECT spider, rules_broken, max(started_at) FROM crawls GROUP BY spider"
    return {spider: tuple(json.loads(lines or "[]")) for spider, lines, _ in connection.execute(query)}


def indexed_ends(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Returns archive file → end of the last record group in the database, in bytes."""
    return dict(connection.execute('SELECT warc_file, "end" FROM warc_ends ORDER BY warc_file'))


def mark_indexed(connection: sqlite3.Connection, warc_file: str, end: int) -> None:
    """Stores that everything up to byte `end` of an archive file is in the database."""
    connection.execute(
        'INSERT INTO warc_ends (warc_file, "end") VALUES (?, ?)'
        ' ON CONFLICT (warc_file) DO UPDATE SET "end" = max("end", excluded."end")',
        (warc_file, end),
    )
