"""The yield of a run: how many requests it sent and how many pages were new."""

import sqlite3
from dataclasses import dataclass

from govcrawl.db.frontier.ledger import Wanted

_PAGE = "shows IN ('report', 'other')"

_YIELD = f"""
SELECT
  count(*) FILTER (WHERE a.role IN ('document', 'attachment')),
  count(*) FILTER (WHERE a.role = 'embedded' OR a.role IN ('home', 'column', 'list') AND NOT rendered),
  count(*) FILTER (WHERE a.role = 'robots'),
  count(*) FILTER (WHERE a.role <> 'attachment' AND c.{_PAGE} AND NOT known),
  count(*) FILTER (WHERE a.role <> 'attachment' AND c.{_PAGE} AND known AND c.http_status <> 304),
  count(*) FILTER (WHERE a.role <> 'attachment' AND c.{_PAGE} AND known AND c.http_status = 304)
FROM (
  SELECT *, EXISTS (
    SELECT 1 FROM captures AS held JOIN captures AS earlier USING (document_id)
    WHERE held.id = attempts.id AND earlier.{_PAGE} AND earlier.fetched_at < held.fetched_at
  ) AS known, EXISTS (
    SELECT 1 FROM frontier WHERE frontier.id = attempts.request_id AND key GLOB 'rendered:*'
  ) AS rendered
  FROM attempts WHERE crawl_id = :crawl AND outcome NOT IN ('robots', 'out_of_registry')
) AS a
LEFT JOIN captures AS c ON c.id = a.id"""

_KNOWN = f"""
SELECT count(DISTINCT document_id) FROM captures
WHERE {_PAGE} AND fetched_at < (SELECT started_at FROM crawls WHERE id = :crawl)
  AND (:portals IS NULL OR portal_id IN (SELECT value FROM json_each(:portals)))"""


@dataclass(frozen=True, slots=True)
class Yield:
    """Requests sent, by purpose; and report pages that were new, fetched again in full, or unchanged (304).

    For a page rendered by a browser, the requests of the browser are counted. `known` is the number of pages of the
    wanted portals that were known before the run.
    """

    documents: int
    lists: int
    robots: int
    new: int
    again: int
    unchanged: int
    known: int


def yield_of(connection: sqlite3.Connection, crawl: str, wanted: Wanted) -> Yield:
    """Returns the yield of a run, also while it is running."""
    counts = connection.execute(_YIELD, {"crawl": crawl}).fetchone()
    (known,) = connection.execute(_KNOWN, {"crawl": crawl, "portals": wanted.parameters["portals"]}).fetchone()
    return Yield(*(*counts, known))
