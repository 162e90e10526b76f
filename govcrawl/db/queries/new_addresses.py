"""Rows of lists that came back in a run under other addresses than before, so that they count as new documents.

A parameter that changes with every answer is known for some systems only (`platforms.addresses`). Where a list gives
its rows new addresses in a way that is not known, every document is fetched again: that is told.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from govcrawl.db.frontier.ledger import Wanted

_RETURNED = """
SELECT now.portal_id, now.url, before.url
FROM listings AS now
JOIN listings AS before ON before.portal_id = now.portal_id AND {same}
JOIN crawls AS run ON run.id = :crawl
WHERE now.first_seen_at >= run.started_at AND before.last_seen_at < run.started_at
  AND now.portal_id IN (SELECT portal_id FROM listings WHERE first_seen_at < run.started_at)
  AND (:portals IS NULL OR now.portal_id IN (SELECT value FROM json_each(:portals)))"""
_SAME = ("before.title = now.title AND before.listed_on IS now.listed_on", "before.index_number = now.index_number")
_EITHER = " UNION ".join(_RETURNED.format(same=same) for same in _SAME) + " ORDER BY 1, 2, 3"


@dataclass(frozen=True, slots=True)
class NewAddress:
    """A row that a list showed at `before`, and now at `now` on the same host: by its number, or its title and day."""

    before: str
    now: str


def rows_with_new_addresses(
    connection: sqlite3.Connection, crawl: str, wanted: Wanted
) -> Mapping[str, tuple[NewAddress, ...]]:
    """Returns portal → the rows that a run first saw and an earlier one saw elsewhere, in the order of addresses."""
    found: dict[str, dict[str, NewAddress]] = defaultdict(dict)
    words = {"crawl": crawl, "portals": wanted.parameters["portals"]}
    for portal, now, before in connection.execute(_EITHER, words):
        if urlsplit(now).hostname == urlsplit(before).hostname:
            found[portal].setdefault(now, NewAddress(before, now))
    return {portal: tuple(rows.values()) for portal, rows in found.items()}
