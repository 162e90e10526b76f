"""The last good answer to a request: what a later visit asks the portal to compare its page with."""

import sqlite3

from govcrawl.models import Capture, Request

# Of one day's captures one that can be asked for on condition: a document in several pages has its whole beside it.
_LAST_GOOD = """
SELECT c.url, c.fetched_at, c.http_status, c.sha256, c.media_type, c.warc_file, c.warc_offset, c.warc_length
FROM captures AS c JOIN attempts AS a ON a.id = c.id
WHERE c.request_id = ? AND c.http_status IN (200, 304) AND NOT c.truncated AND a.outcome IN ('ok', 'not_modified')
ORDER BY substr(c.fetched_at, 1, 10) DESC, c.comparable DESC, c.fetched_at DESC, c.id DESC LIMIT 1"""


def last_good(connection: sqlite3.Connection, request: Request) -> Capture | None:
    """The latest capture that answered a request with a page, changed or not; None where none ever did."""
    row = connection.execute(_LAST_GOOD, (request.id,)).fetchone()
    return Capture(request, *row) if row else None
