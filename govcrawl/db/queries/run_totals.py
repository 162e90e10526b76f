"""Totals of a run: reports found of those expected, lists of unknown length, refused hosts, resting domains."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from govcrawl.db.frontier.ledger import Wanted
from govcrawl.vocabulary import CoverageState, Outcome

FOUND = frozenset({
    CoverageState.OK, CoverageState.IMAGE_ONLY, CoverageState.ATTACHMENT_ONLY, CoverageState.PARSE_FAILED,
})  # fmt: skip
"""States of a report that was found, whether or not its figures could be read."""

NOT_EXPECTED = frozenset({CoverageState.NOT_DUE, CoverageState.EXEMPT, CoverageState.OUT_OF_SCOPE})
"""States in which no report was expected."""


@dataclass(frozen=True, slots=True)
class RestingHost:
    """A registered domain, or a shared back-end, that is left alone until a time (seconds since the epoch)."""

    domain: str
    until: float
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.domain} until {datetime.fromtimestamp(self.until, UTC):%Y-%m-%d %H:%M} UTC ({self.outcome})"


_STATES = """
SELECT coverage.state, count(*) FROM coverage JOIN agencies ON agencies.id = coverage.agency_id
WHERE (:portals IS NULL OR agencies.portal_id IN (SELECT value FROM json_each(:portals)))
  AND (:years IS NULL OR coverage.year IN (SELECT value FROM json_each(:years)))
GROUP BY coverage.state"""

_OPEN_ENDED = """
SELECT portal_id, count(DISTINCT stable_key) FROM findings
WHERE kind = 'list_length_unknown' AND last_seen_at >= (
  SELECT min(started_at) FROM crawls WHERE round = (SELECT round FROM crawls WHERE id = :crawl)
) AND (:portals IS NULL OR portal_id IN (SELECT value FROM json_each(:portals)))
GROUP BY portal_id ORDER BY portal_id"""

_REFUSED = """
SELECT DISTINCT portal_id, url FROM attempts
WHERE crawl_id = :crawl AND outcome = 'out_of_registry' AND role NOT IN ('robots', 'embedded')
ORDER BY portal_id, url"""

_RESTING = """
SELECT domain, resting_until, rests_for FROM domains
WHERE resting_until > :now AND domain IN (
  SELECT domain FROM frontier WHERE :portals IS NULL OR portal_id IN (SELECT value FROM json_each(:portals))
) ORDER BY domain"""


def coverage_states(connection: sqlite3.Connection, wanted: Wanted) -> Counter[CoverageState]:
    """Returns the number of coverage cells in each state, for the portals and years that a run asked for."""
    rows = connection.execute(_STATES, wanted.parameters)
    return Counter({CoverageState(state): count for state, count in rows})


def open_ended_lists(connection: sqlite3.Connection, crawl: str, wanted: Wanted) -> Mapping[str, int]:
    """Returns portal → number of its lists of unknown length, as seen in the round of a run."""
    words = {"crawl": crawl, "portals": wanted.parameters["portals"]}
    return dict(connection.execute(_OPEN_ENDED, words).fetchall())


def refused_hosts(connection: sqlite3.Connection, crawl: str) -> Mapping[str, tuple[str, ...]]:
    """Returns portal → hosts that its pages led to in a run and that were not asked."""
    found: dict[str, dict[str, None]] = {}
    for portal, url in connection.execute(_REFUSED, {"crawl": crawl}):
        found.setdefault(portal, {})[urlsplit(url).hostname or ""] = None
    return {portal: tuple(hosts) for portal, hosts in found.items()}


def portals_led_to(connection: sqlite3.Connection, host: str) -> tuple[str, ...]:
    """The portals whose pages led to a host that no run was allowed to ask, in the order of their ids."""
    query = """
    SELECT DISTINCT portal_id, url FROM attempts
    WHERE outcome = 'out_of_registry' AND instr(url, ?) ORDER BY portal_id"""
    found = connection.execute(query, (host,))
    return tuple(dict.fromkeys(portal for portal, url in found if urlsplit(url).hostname == host))


def rests(connection: sqlite3.Connection, wanted: Wanted, now: float) -> tuple[RestingHost, ...]:
    """The domains of the portals that a run asked for which are left alone now, in the order of their names."""
    words = {"now": now, "portals": wanted.parameters["portals"]}
    rows = connection.execute(_RESTING, words)
    return tuple(RestingHost(domain, until, Outcome(outcome)) for domain, until, outcome in rows)
