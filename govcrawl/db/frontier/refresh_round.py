"""What a refresh requests again: every list, and the other known pages that are due.

Known documents are requested last, so that new ones are fetched first.
"""

import json
import sqlite3
from datetime import date, timedelta
from typing import NamedTuple

from govcrawl.db.connection import transaction
from govcrawl.db.frontier.ledger import IS_WANTED, RANKS, Wanted
from govcrawl.db.frontier.revisit_calendar import is_due, way_is_due
from govcrawl.models import Capture, Request
from govcrawl.vocabulary import LedgerState, Role

_RANK_OF_VISITS = len(RANKS)
_SHOWS_ROWS = f"(role = '{Role.LIST}' OR coalesce(listed, 0) > 0)"

_WITH_LISTS = f"SELECT DISTINCT portal_id FROM frontier WHERE state = '{LedgerState.DONE}' AND {_SHOWS_ROWS}"

_WAY = f"""
SELECT id, role_rank, portal_id, context, settled_at, state = '{LedgerState.DONE}' AND NOT {_SHOWS_ROWS}
FROM frontier
WHERE role_rank < {RANKS[Role.DOCUMENT]} AND state <> '{LedgerState.QUEUED}' AND settled_round IS NOT :round
  AND context NOT LIKE '%"probe"%' AND {IS_WANTED}"""  # a search for one index number is sent only once

_DOCUMENTS = f"""
SELECT frontier.id, report_year, settled_at, known.comparable
FROM frontier JOIN captures AS known ON known.id = (
  SELECT id FROM captures WHERE document_id = listing_id AND shows IN ('report', 'other')
  ORDER BY fetched_at DESC, id DESC LIMIT 1
)
WHERE frontier.role = '{Role.DOCUMENT}' AND state <> '{LedgerState.QUEUED}' AND settled_round IS NOT :round
  AND coalesce(due_at, 0) <= :at AND {IS_WANTED.replace("portal_id", "frontier.portal_id")}"""

_ASK = f"""
UPDATE frontier SET state = '{LedgerState.QUEUED}', tries = 0, due_at = ?, role_rank = ? WHERE id = ?"""

_LEFT_OVER = f"""
SELECT EXISTS (
  SELECT 1 FROM frontier
  WHERE state = '{LedgerState.QUEUED}' AND role_rank < {RANKS[Role.DOCUMENT]} AND {IS_WANTED}
)"""


class OnTheWay(NamedTuple):
    """A known page on the way to reports; `only_leads` is true if it shows no list rows itself."""

    request: str
    rank: int
    portal: str
    context: str
    settled_at: str
    only_leads: bool


class KnownDocument(NamedTuple):
    """A known document: one with a capture of a page, whatever the outcome of later attempts."""

    request: str
    report_year: int | None
    settled_at: str
    comparable: bool

    def is_due(self, day: date) -> bool:
        """True if a revisit is due on a day."""
        return is_due(self.request, self.report_year, _day_of(self.settled_at), day, comparable=bool(self.comparable))


def is_begun(connection: sqlite3.Connection, wanted: Wanted) -> bool:
    """True if an earlier run left lists, or pages on the way to them, in the queue."""
    (left_over,) = connection.execute(_LEFT_OVER, wanted.parameters).fetchone()
    return bool(left_over)


def begin(
    connection: sqlite3.Connection, crawl: str, wanted: Wanted, day: date, at: float, *, whole: bool = False
) -> int:
    """Queues the known pages that a run's round requests on a day; returns their number.

    If `whole`, every known page that the round has not visited yet is queued, due or not.
    """
    query = "SELECT round, started_at FROM crawls WHERE id = ?"
    current, started_at = connection.execute(query, (crawl,)).fetchone()
    tomorrow = (_day_of(started_at) + timedelta(days=1)).isoformat() + started_at[10:]
    asked = {**wanted.parameters, "round": current, "at": at}
    with_lists = {portal for (portal,) in connection.execute(_WITH_LISTS)}
    way = [
        page
        for page in map(OnTheWay._make, connection.execute(_WAY, asked))
        if _is_for(page, wanted) and (whole or page.portal not in with_lists or _is_walked(page, day))
    ]
    documents = [
        page
        for page in map(KnownDocument._make, connection.execute(_DOCUMENTS, asked))
        if whole or page.is_due(day) or page.settled_at > tomorrow  # by a clock that was ahead
    ]
    rows = [
        *((at, page.rank, page.request) for page in way),
        *((at, _RANK_OF_VISITS, page.request) for page in documents),
    ]
    with transaction(connection):
        connection.executemany(_ASK, rows)
    return len(rows)


def _is_walked(page: OnTheWay, day: date) -> bool:
    return not page.only_leads or way_is_due(_day_of(page.settled_at), day)


def _is_for(page: OnTheWay, wanted: Wanted) -> bool:
    """True if a page was requested for the years of this run; any other is requested anew by the walk."""
    years = dict(json.loads(page.context)).get("years")
    return years is None or years == ",".join(map(str, sorted(wanted.years)))


def _day_of(moment: str) -> date:
    return date.fromisoformat(moment[:10])


# Of one day's captures one with a validator is preferred: a document in several pages also has a joined capture.
_LAST_GOOD = """
SELECT c.url, c.fetched_at, c.http_status, c.sha256, c.media_type, c.warc_file, c.warc_offset, c.warc_length
FROM captures AS c JOIN attempts AS a ON a.id = c.id
WHERE c.request_id = ? AND c.http_status IN (200, 304) AND NOT c.truncated AND a.outcome IN ('ok', 'not_modified')
ORDER BY substr(c.fetched_at, 1, 10) DESC, c.comparable DESC, c.fetched_at DESC, c.id DESC LIMIT 1"""


def last_good(connection: sqlite3.Connection, request: Request) -> Capture | None:
    """Returns the latest capture of a request with status 200 or 304; None if there is none."""
    row = connection.execute(_LAST_GOOD, (request.id,)).fetchone()
    return Capture(request, *row) if row else None
