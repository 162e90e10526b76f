"""List progress: how far the lists of each portal were read, and what follows for missing reports."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from govcrawl.vocabulary import PLANNED_PLATFORMS, CoverageState, IssueKind, LedgerState, Outcome, Role

UNREACHED = frozenset({
    Outcome.TIMEOUT, Outcome.DNS, Outcome.TLS, Outcome.REFUSED, Outcome.TRUNCATED, Outcome.TOO_LARGE, Outcome.ERROR,
})  # fmt: skip
"""Outcomes without a whole response."""

WALL_OUTCOMES = frozenset({Outcome.BLOCKED, Outcome.ROBOTS})
"""Outcomes in which the portal refuses access."""

_ANSWERED = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Walk:
    """The list progress of a portal. In state `not_found` all its lists were read to their end.

    `was_asked` is true if any page on the way to a list was requested.
    """

    state: CoverageState
    reason: str
    was_asked: bool = True


@dataclass(frozen=True, slots=True)
class Steps:
    """The last outcomes of a portal's list requests by role, and counts of its queued requests and listed rows.

    `stopped` counts the requests that a rule of a crawl gave up unsent. `details` holds one detail for each outcome.
    `elsewhere` are hosts outside the registry that the portal links to as annual reports, `otherwise` all other refused
    hosts that its pages lead to. `unread` are the addresses of lists that answered and were not read, or not to their
    end, `faulty` those that answered with a fault of the server (5xx).
    """

    outcomes: Counter[tuple[Role, Outcome]]
    queued: int
    listed: int
    stopped: int = 0
    details: Mapping[Outcome, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()

    def with_outcome(self, outcomes: frozenset[Outcome]) -> Counter[Outcome]:
        """Returns the number of requests with each of the given outcomes."""
        found: Counter[Outcome] = Counter()
        for (_, outcome), count in self.outcomes.items():
            if outcome in outcomes:
                found[outcome] += count
        return found


# A key `<stage>:…` is that of a page on the way; a key without a stage is that of the annual reports' own column.
_OF_REPORTS = "frontier.key NOT LIKE '%:%'"

_OUTCOMES = """
SELECT portal_id, role, outcome, count(*), min(detail) FROM (
  SELECT portal_id, role, outcome, http_status, detail, max(at) FROM attempts
  WHERE role IN ('home', 'column', 'list') AND substr(at, 1, 10) <= ?
  GROUP BY request_id
) WHERE NOT (outcome = 'error' AND http_status IS NOT NULL)
GROUP BY portal_id, role, outcome"""

# Lists whose response their platform cannot read, lists and columns of reports that answered with a fault of the
# server, further pages that answered with an error (the list counted them, so what they hold is missing), and lists
# with further pages that could not be requested. A first page that answers 404 is an old column and no fault.
_UNREAD = f"""
SELECT page.portal_id, page.url, page.outcome = '{Outcome.HTTP_ERROR}' AND page.http_status >= 500 FROM (
  SELECT request_id, portal_id, role, url, outcome, http_status, max(at) FROM attempts
  WHERE role IN ('home', 'column', 'list') AND substr(at, 1, 10) <= :day
  GROUP BY request_id
) AS page JOIN frontier ON frontier.id = page.request_id
WHERE (page.outcome = 'error' AND page.http_status IS NOT NULL)
  OR (page.outcome = '{Outcome.HTTP_ERROR}' AND page.http_status >= 500
    AND (page.role = 'list' OR (page.role = 'column' AND {_OF_REPORTS})))
  OR (page.role = 'list' AND page.outcome IN ('{Outcome.HTTP_ERROR}', '{Outcome.SOFT_404}') AND EXISTS (
    SELECT 1 FROM json_each(frontier.context) AS pair
    WHERE pair.value ->> 0 = 'page' AND CAST(pair.value ->> 1 AS INTEGER) > 1
  ))
UNION
SELECT finding.portal_id, finding."where", 0
FROM findings AS finding JOIN captures AS first ON first.id = finding.capture_id
WHERE finding.kind = '{IssueKind.LIST_LENGTH_UNKNOWN}' AND substr(finding.first_seen_at, 1, 10) <= :day
  AND NOT EXISTS (
    SELECT 1 FROM captures AS later
    WHERE later.request_id = first.request_id AND later.fetched_at > finding.last_seen_at
      AND substr(later.fetched_at, 1, 10) <= :day
  )
ORDER BY 1, 2"""

# A request with an earlier attempt does not count as unasked while a later round has it queued.
_UNASKED = """
SELECT portal_id, count(*) FROM frontier
WHERE state = ? AND settled_at IS NULL AND role IN ('home', 'column', 'list')
GROUP BY portal_id"""

_ELSEWHERE = f"""
SELECT attempt.portal_id, attempt.url, {_OF_REPORTS}
FROM (
  SELECT portal_id, request_id, url, outcome, max(at) FROM attempts
  WHERE role IN ('home', 'column', 'list') AND substr(at, 1, 10) <= ?
  GROUP BY request_id
) AS attempt JOIN frontier ON frontier.id = attempt.request_id
WHERE attempt.outcome = 'out_of_registry'
ORDER BY attempt.portal_id, attempt.url"""

_LISTED = "SELECT portal_id, count(*) FROM listings WHERE substr(first_seen_at, 1, 10) <= ? GROUP BY 1"


def walks(connection: sqlite3.Connection, until: date) -> Mapping[str, Walk]:
    """The walk of every portal, by what was asked until a day."""
    day = (until.isoformat(),)
    outcomes: dict[str, Counter[tuple[Role, Outcome]]] = defaultdict(Counter)
    details: dict[str, dict[Outcome, str]] = defaultdict(dict)
    for portal, role, outcome, count, detail in connection.execute(_OUTCOMES, day):
        outcomes[portal][Role(role), Outcome(outcome)] = count
        if detail:
            details[portal][Outcome(outcome)] = detail
    unread, faulty = (defaultdict[str, list[str]](list) for _ in range(2))
    for portal, url, is_faulty in connection.execute(_UNREAD, {"day": until.isoformat()}):
        (faulty if is_faulty else unread)[portal].append(url)
        outcomes.setdefault(portal, Counter())
    queued, stopped = (
        dict(connection.execute(_UNASKED, (state,))) for state in (LedgerState.QUEUED, LedgerState.FAILED)
    )
    listed = dict(connection.execute(_LISTED, day))
    elsewhere, otherwise = _hosts_elsewhere(connection, until)
    portals = connection.execute("SELECT id, platforms, reason FROM portals").fetchall()
    return {
        portal: _never_asked(json.loads(platforms), reason)
        if portal not in outcomes
        else walk_of(
            Steps(
                outcomes[portal],
                queued.get(portal, 0),
                listed.get(portal, 0),
                stopped.get(portal, 0),
                details[portal],
                tuple(elsewhere[portal]),
                tuple(otherwise[portal]),
                tuple(unread[portal]),
                tuple(faulty[portal]),
            )
        )
        for portal, platforms, reason in portals
    }


_Hosts = Mapping[str, dict[str, None]]


def _hosts_elsewhere(connection: sqlite3.Connection, today: date) -> tuple[_Hosts, _Hosts]:
    """The refused hosts of each portal: those outside the registry and linked as annual reports, and all others."""
    listed = connection.execute("SELECT host.value FROM portals, json_each(portals.hosts) AS host")
    known = {host.removeprefix("www.") for (host,) in listed}
    elsewhere: dict[str, dict[str, None]] = defaultdict(dict)
    otherwise: dict[str, dict[str, None]] = defaultdict(dict)
    for portal, url, as_reports in connection.execute(_ELSEWHERE, (today.isoformat(),)):
        host = urlsplit(url).hostname or ""
        is_new = as_reports and host.removeprefix("www.") not in known
        (elsewhere if is_new else otherwise)[portal][host] = None
    return elsewhere, otherwise


def _never_asked(platforms: list[str], reason: str | None) -> Walk:
    if reason:
        why = f"the portal has no address: {reason}"
    elif set(platforms) <= set(PLANNED_PLATFORMS):
        why = f"its family of portals is planned, not built: {', '.join(platforms)}"
    else:
        why = "no crawl has asked this portal yet"
    return Walk(CoverageState.NEVER_LISTED, why, was_asked=False)


def walk_of(steps: Steps) -> Walk:
    """Returns the list progress that follows from a portal's steps.

    A list that answers 404 beside others that answer is an old column and no fault. A list that could not be fetched
    may hold the missing report.
    """
    return (
        _unanswered(steps)
        or _unfinished(steps)
        or _unread(steps)
        or _elsewhere(steps)
        or Walk(CoverageState.NOT_FOUND, f"in none of the portal's lists ({steps.listed} rows)")
    )


def _unanswered(steps: Steps) -> Walk | None:
    """The progress if lists were refused or not fetched, else None."""
    walls, unreached = steps.with_outcome(WALL_OUTCOMES), steps.with_outcome(UNREACHED)
    if walls:
        return Walk(CoverageState.BLOCKED, f"the portal refuses to be read: {_told(walls, steps)}")
    if unreached:
        return Walk(CoverageState.UNREACHABLE, f"lists that could not be read: {_told(unreached, steps)}")
    if not steps.with_outcome(_ANSWERED) and not steps.unread:
        every = steps.with_outcome(frozenset(Outcome))
        return Walk(CoverageState.UNREACHABLE, f"no page answered: {_told(every, steps)}")
    return None


def _unfinished(steps: Steps) -> Walk | None:
    """The progress if not all lists are known, else None."""
    if steps.stopped:
        return Walk(CoverageState.NEVER_LISTED, f"a rule ended the walk: {steps.stopped} pages of lists not asked for")
    if steps.queued:
        return Walk(CoverageState.NEVER_LISTED, f"the walk is not finished: {steps.queued} lists to go")
    if not steps.listed and not (steps.elsewhere or steps.otherwise or steps.unread or steps.faulty):
        return Walk(CoverageState.NEVER_LISTED, "no list of annual reports was found on the portal")
    return None


def _unread(steps: Steps) -> Walk | None:
    """The progress if lists answered and were not read to their end, else None: they may hold the missing report."""
    lists = steps.unread + steps.faulty
    if not lists:
        return None
    why = "not read to its end" if steps.unread else "answered with a fault of the server"
    more = f" and {len(lists) - 1} more" if len(lists) > 1 else ""
    return Walk(CoverageState.LIST_UNREAD, f"{why}: {lists[0]}{more}")


def _elsewhere(steps: Steps) -> Walk | None:
    """The progress if the portal leads to a host outside the registry, else None.

    If the portal has lists of its own that were read, only hosts linked as annual reports count.
    """
    hosts = steps.elsewhere or (steps.otherwise if not steps.listed else ())
    if not hosts:
        return None
    return Walk(CoverageState.ELSEWHERE, f"the portal leads to {', '.join(hosts)}, which it may not be asked at")


def _told(outcomes: Counter[Outcome], steps: Steps) -> str:
    """`dns (2), error (1: the page needs a browser)`: each outcome, its count, and one detail."""
    return ", ".join(
        f"{outcome} ({': '.join(filter(None, (str(count), steps.details.get(outcome))))})"
        for outcome, count in sorted(outcomes.items())
    )
