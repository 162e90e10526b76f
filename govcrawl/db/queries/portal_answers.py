"""How portals answered in a round: the outcome of the requests to each, and the number of rows its lists have.

Some attempts differ only in their detail. The texts are defined here, for the code that writes and queries them.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from govcrawl.db.frontier.ledger import Wanted
from govcrawl.vocabulary import Outcome

FORBIDDEN = "forbidden by robots.txt"
"""The detail of an attempt that a portal's robots.txt forbids."""

PORTALS_ANSWER = "portals_answer"
"""The name of the data rule that every portal of a crawl answers and shows a list."""

RESTING = "not asked: the host rests"
"""The beginning of the detail of a request that was given up because its host rests for too long."""


@dataclass(frozen=True, slots=True)
class PortalAnswers:
    """The last outcome of each request to one portal, counted, with one detail for each kind of outcome.

    `forbidden` counts the requests that a robots.txt forbids, `unasked` those given up because the host rests. `listed`
    is the number of rows known from the portal's lists, from all rounds.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    details: Mapping[Outcome, str] = field(default_factory=dict)
    forbidden: int = 0
    unasked: int = 0
    listed: int = 0

    @property
    def answered(self) -> bool:
        """True if at least one page was fetched."""
        return bool(self.outcomes[Outcome.OK] + self.outcomes[Outcome.NOT_MODIFIED])


_LAST = """
WITH run AS (SELECT id, started_at FROM crawls WHERE round = (SELECT round FROM crawls WHERE id = :crawl)),
last AS (
  SELECT portal_id, outcome, detail, max(at) FROM attempts
  WHERE role NOT IN ('robots', 'embedded')
    AND (crawl_id IN (SELECT id FROM run) OR crawl_id IS NULL AND at >= (SELECT min(started_at) FROM run))
    AND (:portals IS NULL OR portal_id IN (SELECT value FROM json_each(:portals)))
  GROUP BY request_id
)
SELECT portal_id, outcome, count(*), min(detail), count(*) FILTER (WHERE detail = :forbidden),
  count(*) FILTER (WHERE detail LIKE :resting || '%')
FROM last GROUP BY portal_id, outcome ORDER BY portal_id, outcome"""

_LISTED = "SELECT portal_id, count(*) FROM listings GROUP BY portal_id"


def portal_answers(connection: sqlite3.Connection, crawl: str, wanted: Wanted) -> Mapping[str, PortalAnswers]:
    """Returns the answers of each wanted portal that was asked, over all runs of the round that a run belongs to."""
    words = {"crawl": crawl, "portals": wanted.parameters["portals"], "forbidden": FORBIDDEN, "resting": RESTING}
    rows = connection.execute(_LAST, words).fetchall()
    listed = dict(connection.execute(_LISTED))
    return {
        portal: PortalAnswers(
            Counter({Outcome(outcome): count for key, outcome, count, *_ in rows if key == portal}),
            {Outcome(outcome): detail for key, outcome, _, detail, *_ in rows if key == portal and detail},
            sum(forbidden for key, *_, forbidden, _ in rows if key == portal),
            sum(unasked for key, *_, unasked in rows if key == portal),
            listed.get(portal, 0),
        )
        for portal in dict.fromkeys(row[0] for row in rows)
    }
