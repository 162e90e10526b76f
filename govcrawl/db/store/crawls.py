"""Runs of spiders, and how far each WARC file is indexed."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from govcrawl.db.arrival import Crawl
from govcrawl.db.connection import transaction
from govcrawl.db.rows import insert_new

FINISHED = "finished"
"""The finish reason of a run that emptied its queue. It closes the round."""


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
        }
        insert_new(connection, "crawls", row)


def crawl_finished(
    connection: sqlite3.Connection, crawl: str, at: str, reason: str, rules_broken: Sequence[str] = ()
) -> None:
    """Stores the end of a run: `FINISHED` or what ended it, and one line per broken data rule."""
    lines = json.dumps(list(rules_broken), ensure_ascii=False) if rules_broken else None
    connection.execute(
        "UPDATE crawls SET finished_at = ?, finish_reason = ?, rules_broken = ? WHERE id = ?",
        (at, reason, lines, crawl),
    )


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
