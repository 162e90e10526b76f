"""How far the walk of each portal's lists got: what an agency's missing report may be blamed on."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from govcrawl.vocabulary import PLANNED_PLATFORMS, CoverageState, LedgerState, Outcome, Role

UNREACHED = frozenset({
    Outcome.TIMEOUT, Outcome.DNS, Outcome.TLS, Outcome.REFUSED, Outcome.TRUNCATED, Outcome.TOO_LARGE, Outcome.ERROR,
})  # fmt: skip
"""Outcomes in which nothing, or nothing whole, came back."""

WALL_OUTCOMES = frozenset({Outcome.BLOCKED, Outcome.ROBOTS})
"""Outcomes in which the portal does not want to be asked."""

_ANSWERED = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class Walk:
    """How a portal's walk stands; `not_found` means that all its lists were read, so what they lack is not there.

    `was_asked` says whether any page on the way to a list was asked for at all.
    """

    state: CoverageState
    reason: str
    was_asked: bool = True


@dataclass(frozen=True, slots=True)
class Steps:
    """The last outcomes of a portal's list requests by role, how many are still queued, how many rows were listed.

    `stopped` counts those that a rule of a crawl gave up unasked, `details` says by outcome what went wrong once.
    """

    outcomes: Counter[tuple[Role, Outcome]]
    queued: int
    listed: int
    stopped: int = 0
    details: Mapping[Outcome, str] = field(default_factory=dict)

    def with_outcome(self, outcomes: frozenset[Outcome]) -> Counter[Outcome]:
        """How many requests ended in one of some outcomes."""
        found: Counter[Outcome] = Counter()
        for (_, outcome), count in self.outcomes.items():
            if outcome in outcomes:
                found[outcome] += count
        return found


_OUTCOMES = """
SELECT portal_id, role, outcome, count(*), min(detail) FROM (
  SELECT portal_id, role, outcome, detail, max(at) FROM attempts
  WHERE role IN ('home', 'column', 'list') AND substr(at, 1, 10) <= ?
  GROUP BY request_id
) GROUP BY portal_id, role, outcome"""

# What was attempted before counts as walked while a later round asks for it again.
_UNASKED = """
SELECT portal_id, count(*) FROM frontier
WHERE state = ? AND settled_at IS NULL AND role IN ('home', 'column', 'list')
GROUP BY portal_id"""

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
    queued, stopped = (
        dict(connection.execute(_UNASKED, (state,))) for state in (LedgerState.QUEUED, LedgerState.FAILED)
    )
    listed = dict(connection.execute(_LISTED, day))
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
            )
        )
        for portal, platforms, reason in portals
    }


def _never_asked(platforms: list[str], reason: str | None) -> Walk:
    if reason:
        why = f"the portal has no address: {reason}"
    elif set(platforms) <= set(PLANNED_PLATFORMS):
        why = f"its family of portals is planned, not built: {', '.join(platforms)}"
    else:
        why = "no crawl has asked this portal yet"
    return Walk(CoverageState.NEVER_LISTED, why, was_asked=False)


def walk_of(steps: Steps) -> Walk:
    """What the steps of a walk come to.

    A list that is gone (404) beside others that answer is an old column and no fault; one that could not be fetched
    may hold what is missed.
    """
    return (
        _unanswered(steps)
        or _unfinished(steps)
        or Walk(CoverageState.NOT_FOUND, f"in none of the portal's lists ({steps.listed} rows)")
    )


def _unanswered(steps: Steps) -> Walk | None:
    """What keeps the lists from being read, if something does."""
    walls, unreached = steps.with_outcome(WALL_OUTCOMES), steps.with_outcome(UNREACHED)
    if walls:
        return Walk(CoverageState.BLOCKED, f"the portal refuses to be read: {_told(walls, steps)}")
    if unreached:
        return Walk(CoverageState.UNREACHABLE, f"lists that could not be read: {_told(unreached, steps)}")
    if not steps.with_outcome(_ANSWERED):
        every = steps.with_outcome(frozenset(Outcome))
        return Walk(CoverageState.UNREACHABLE, f"no page answered: {_told(every, steps)}")
    return None


def _unfinished(steps: Steps) -> Walk | None:
    """Why not all lists are known, if they are not."""
    if steps.stopped:
        return Walk(CoverageState.NEVER_LISTED, f"a rule ended the walk: {steps.stopped} pages of lists not asked for")
    if steps.queued:
        return Walk(CoverageState.NEVER_LISTED, f"the walk is not finished: {steps.queued} lists to go")
    if not steps.listed:
        return Walk(CoverageState.NEVER_LISTED, "no list of annual reports was found on the portal")
    return None


def _told(outcomes: Counter[Outcome], steps: Steps) -> str:
    """`dns (2), error (1: the page needs a browser)`: each outcome, how often, and what was said of it once."""
    return ", ".join(
        f"{outcome} ({': '.join(filter(None, (str(count), steps.details.get(outcome))))})"
        for outcome, count in sorted(outcomes.items())
    )
