"""The coverage matrix of the replica after a right crawl of all its portals: agency × year → state.

It is worked out from the replica alone: which organ publishes what, what becomes of it under a scenario, and whether a
portal's lists can be read. The calendar and the exemptions are those of the product, which has tests of its own for
them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from govcrawl.agencies.exemptions import exempt
from govcrawl.agencies.gazetteer import Place
from govcrawl.agencies.naming import registered_agencies
from govcrawl.db.derived.coverage import deadline, report_years
from govcrawl.portals import load_registry
from govcrawl.replica.faults.scenarios import Scenario
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry
from govcrawl.replica.plan import PortalPlan
from govcrawl.replica.portal import ReplicaPortal
from govcrawl.replica.request_response import ReplicaRequest
from govcrawl.vocabulary import CoverageState, Scope

_STATE_BY_OUTCOME: Mapping[str, CoverageState] = {
    ExpectedOutcome.REPORT: CoverageState.OK,
    ExpectedOutcome.UNLISTED: CoverageState.OK,
    ExpectedOutcome.IMAGE_ONLY: CoverageState.IMAGE_ONLY,
    ExpectedOutcome.ATTACHMENT_ONLY: CoverageState.ATTACHMENT_ONLY,
    ExpectedOutcome.UNREADABLE: CoverageState.PARSE_FAILED,
    ExpectedOutcome.SOFT_404: CoverageState.GONE,
    ExpectedOutcome.ROBOTS: CoverageState.BLOCKED,
    ExpectedOutcome.BLOCKED: CoverageState.BLOCKED,
    ExpectedOutcome.OUT_OF_REGISTRY: CoverageState.ELSEWHERE,
    ExpectedOutcome.HTTP_ERROR: CoverageState.UNREACHABLE,
    ExpectedOutcome.TRUNCATED: CoverageState.UNREACHABLE,
    ExpectedOutcome.TIMEOUT: CoverageState.UNREACHABLE,
    ExpectedOutcome.REFUSED: CoverageState.UNREACHABLE,
    ExpectedOutcome.TOO_LARGE: CoverageState.UNREACHABLE,
}
"""The state of a report's cell by what a right crawl makes of its row; rows of the other outcomes have no cell."""

_ABSENCE_FAULTS = frozenset({"status-404", "status-410"})
"""Faults that say that there is nothing at an address."""

_TITLE = re.compile(r"(?P<agency>.+?[局委办厅])(?P<year>20\d\d)年")


@dataclass(frozen=True, slots=True)
class _Publisher:
    """An organ of a replicated portal.

    `id` is its agency id in the database. `without_report` is its state in a year whose report no list shows.
    """

    id: str
    portal: str
    division_code: str
    scope: Scope
    without_report: CoverageState


def expected_coverage(portals: Iterable[ReplicaPortal], scenario: Scenario, today: date) -> list[dict[str, str | int]]:
    """Every cell of the replicated portals' agencies as of a day: `{"agency_id", "portal_id", "year", "state"}`."""
    publishers: dict[str, _Publisher] = {}
    found: dict[tuple[str, int], list[CoverageState]] = defaultdict(list)
    # An organ's own portal comes last, so that its cells are filed under that one.
    for portal in sorted(portals, key=lambda portal: portal.plan.portal.level == "organ"):
        without_report = _state_without_report(portal, scenario)
        publishers |= {each.id: each for each in _registered(portal.plan, without_report)}
        for publisher, year, state in _listed(portal, scenario, without_report):
            publishers.setdefault(publisher.id, publisher)
            found[publisher.id, year].append(state)
    return [
        {
            "agency_id": each.id,
            "portal_id": each.portal,
            "year": year,
            "state": _state(each, year, found[each.id, year], today),
        }
        for _, each in sorted(publishers.items())
        for year in report_years(today)
    ]


def _state(publisher: _Publisher, year: int, found: list[CoverageState], today: date) -> CoverageState:
    if found:
        return min(found, key=list(CoverageState).index)
    if exempt(publisher.id.partition(":")[2], publisher.division_code, year):
        return CoverageState.EXEMPT
    due = deadline(publisher.scope, year)
    if today <= due:
        return CoverageState.NOT_DUE
    overdue = publisher.without_report is CoverageState.NOT_FOUND and due.year == today.year
    return CoverageState.OVERDUE if overdue else publisher.without_report


def _state_without_report(portal: ReplicaPortal, scenario: Scenario) -> CoverageState:
    """The state of a report that none of a portal's lists shows."""
    plan = portal.plan
    outcome = scenario.expected_outcome(ReplicaRequest("GET", plan.hosts[0], "/"))
    if plan.wall or plan.robots_status >= 500 or outcome is ExpectedOutcome.BLOCKED:
        return CoverageState.BLOCKED
    if outcome is not None:
        return CoverageState.UNREACHABLE
    return CoverageState.NOT_FOUND if any(portal.lists.values()) else CoverageState.NEVER_LISTED


def _registered(plan: PortalPlan, without_report: CoverageState) -> Iterator[_Publisher]:
    """The agencies that the registry knows of a portal."""
    portal = plan.portal
    place = Place(portal.id, portal.name, portal.division_code, portal.level)
    for agency in registered_agencies(place):
        yield _Publisher(agency.id, portal.id, agency.division_code, agency.scope, without_report)


def _listed(
    portal: ReplicaPortal, scenario: Scenario, without_report: CoverageState
) -> Iterator[tuple[_Publisher, int, CoverageState]]:
    """Publisher, year and state of every row that is for a report; none where the lists cannot be read."""
    registry_entry = portal.plan.portal
    code = registry_entry.division_code
    for entries in portal.lists.values() if without_report is CoverageState.NOT_FOUND else ():
        for entry in entries:
            state, named = _state_of_entry(portal.plan, entry, scenario), _named_report(entry)
            if state and named:
                agency, year, scope = named
                agency_id = f"{code}:{_short_name(agency, load_registry()[code].name)}"
                yield _Publisher(agency_id, registry_entry.id, code, scope, without_report), year, state


def _state_of_entry(plan: PortalPlan, entry: ListEntry, scenario: Scenario) -> CoverageState | None:
    """The state of the report that a row is for; an address with nothing at it is no error of the server."""
    expected = expected_outcome(plan, entry, scenario)
    faults = scenario.permanent_faults(_request(plan, entry))
    if expected is ExpectedOutcome.HTTP_ERROR and not _ABSENCE_FAULTS.isdisjoint(faults):
        return CoverageState.GONE
    return _STATE_BY_OUTCOME.get(expected)


def _named_report(entry: ListEntry) -> tuple[str, int, Scope] | None:
    """Agency, year and scope of the report that a row is for; None where its title names none."""
    if entry.report:
        return entry.report.agency, entry.report.year, entry.report.scope
    named = _TITLE.match(entry.title)
    return (named["agency"], int(named["year"]), Scope.DEPARTMENT) if named else None


def _short_name(agency: str, division: str) -> str:
    """The name that begins with its division's: 余杭区商务局 for 杭州市余杭区商务局."""
    return agency[agency.index(division) :] if division in agency else division + agency


def expected_outcome(plan: PortalPlan, entry: ListEntry, scenario: Scenario) -> ExpectedOutcome:
    """What a right crawl makes of a row under a scenario; the scenario spoils nothing that the crawl never requests."""
    if entry.expected in (ExpectedOutcome.ROBOTS, ExpectedOutcome.OUT_OF_REGISTRY):
        return entry.expected
    return scenario.expected_outcome(_request(plan, entry)) or entry.expected


def _request(plan: PortalPlan, entry: ListEntry) -> ReplicaRequest:
    return ReplicaRequest("GET", plan.hosts[0], urlsplit(entry.address).path)
