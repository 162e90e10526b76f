"""What the coverage matrix must say of the replica once all its portals were crawled: agency × year → state.

Worked out from the world alone: which organ publishes what, what becomes of it under a scenario, what stands in the
way to a portal's lists. The calendar and the exemptions are those of the product, which has tests of its own for them.
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
from govcrawl.replica.answers import Asked
from govcrawl.replica.entries import Entry, Expected
from govcrawl.replica.plan import PortalPlan
from govcrawl.replica.scenarios import Scenario
from govcrawl.replica.site import Site
from govcrawl.vocabulary import CoverageState, Scope

STATES: Mapping[str, CoverageState] = {
    Expected.REPORT: CoverageState.OK,
    Expected.UNLISTED: CoverageState.OK,
    Expected.IMAGE_ONLY: CoverageState.IMAGE_ONLY,
    Expected.ATTACHMENT_ONLY: CoverageState.ATTACHMENT_ONLY,
    Expected.UNREADABLE: CoverageState.PARSE_FAILED,
    Expected.SOFT_404: CoverageState.GONE,
    Expected.ROBOTS: CoverageState.BLOCKED,
    Expected.BLOCKED: CoverageState.BLOCKED,
    Expected.OUT_OF_REGISTRY: CoverageState.ELSEWHERE,
    **dict.fromkeys(
        (Expected.HTTP_ERROR, Expected.TRUNCATED, Expected.TIMEOUT, Expected.REFUSED, Expected.TOO_LARGE),
        CoverageState.UNREACHABLE,
    ),
}
"""What a row that ends so means for the report it promises; what is not named here promises none."""

MISSING = frozenset({"status-404", "status-410"})
"""Faults that say of an address that there is nothing."""

_PROMISE = re.compile(r"(?P<agency>.+?[局委办厅])(?P<year>20\d\d)年")


@dataclass(frozen=True, slots=True)
class Publisher:
    """An organ of a replicated portal: `id` as the database has it, `walk` what the portal's lists come to."""

    id: str
    portal: str
    division_code: str
    scope: Scope
    walk: CoverageState


def expected_coverage(sites: Iterable[Site], scenario: Scenario, today: date) -> list[dict[str, str | int]]:
    """Every cell of the replicated portals' agencies as of a day: `{"agency_id", "portal_id", "year", "state"}`."""
    publishers: dict[str, Publisher] = {}
    found: dict[tuple[str, int], list[CoverageState]] = defaultdict(list)
    for site in sorted(sites, key=lambda site: site.plan.portal.level == "organ"):  # the own site has the last word
        walk = _walk(site, scenario)
        publishers |= {each.id: each for each in _registered(site.plan, walk)}
        for publisher, year, state in _promised(site, scenario, walk):
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


def _state(publisher: Publisher, year: int, found: list[CoverageState], today: date) -> CoverageState:
    if found:
        return min(found, key=list(CoverageState).index)
    if exempt(publisher.id.partition(":")[2], publisher.division_code, year):
        return CoverageState.EXEMPT
    due = deadline(publisher.scope, year)
    if today <= due:
        return CoverageState.NOT_DUE
    overdue = publisher.walk is CoverageState.NOT_FOUND and due.year == today.year
    return CoverageState.OVERDUE if overdue else publisher.walk


def _walk(site: Site, scenario: Scenario) -> CoverageState:
    """What a portal's lists say of a report that none of them shows."""
    plan = site.plan
    outcome = scenario.spoils(Asked("GET", plan.hosts[0], "/"))
    if plan.wall or plan.robots_status >= 500 or outcome is Expected.BLOCKED:
        return CoverageState.BLOCKED
    if outcome is not None:
        return CoverageState.UNREACHABLE
    return CoverageState.NOT_FOUND if any(site.lists.values()) else CoverageState.NEVER_LISTED


def _registered(plan: PortalPlan, walk: CoverageState) -> Iterator[Publisher]:
    portal = plan.portal
    place = Place(portal.id, portal.name, portal.division_code, portal.level)
    for agency in registered_agencies(place):
        yield Publisher(agency.id, portal.id, agency.division_code, agency.scope, walk)


def _promised(site: Site, scenario: Scenario, walk: CoverageState) -> Iterator[tuple[Publisher, int, CoverageState]]:
    """Whose report of which year each row promises, and what becomes of it; nobody sees the rows of a closed portal."""
    for entries in site.lists.values() if walk is CoverageState.NOT_FOUND else ():
        for entry in entries:
            state = _fate(site.plan, entry, scenario)
            promise = _promise(entry)
            if state and promise:
                agency, year, scope = promise
                portal = site.plan.portal
                code = portal.division_code
                name = _short(agency, load_registry()[code].name)
                yield Publisher(f"{code}:{name}", portal.id, code, scope, walk), year, state


def _fate(plan: PortalPlan, entry: Entry, scenario: Scenario) -> CoverageState | None:
    """What an entry means for the report it promises; an address with nothing at it is no error of the server."""
    expected = expected_of(plan, entry, scenario)
    if expected is Expected.HTTP_ERROR and not MISSING.isdisjoint(scenario.lasting(_asking(plan, entry))):
        return CoverageState.GONE
    return STATES.get(expected)


def _promise(entry: Entry) -> tuple[str, int, Scope] | None:
    if entry.report:
        return entry.report.agency, entry.report.year, entry.report.scope
    named = _PROMISE.match(entry.title)
    return (named["agency"], int(named["year"]), Scope.DEPARTMENT) if named else None


def _short(agency: str, division: str) -> str:
    """The name that begins with its division's: 余杭区商务局 for 杭州市余杭区商务局."""
    return agency[agency.index(division) :] if division in agency else division + agency


def expected_of(plan: PortalPlan, entry: Entry, scenario: Scenario) -> Expected:
    """What a right crawl makes of an entry: what it never asks for stays so, else the scenario may spoil it."""
    if entry.expected in (Expected.ROBOTS, Expected.OUT_OF_REGISTRY):
        return entry.expected
    return scenario.spoils(_asking(plan, entry)) or entry.expected


def _asking(plan: PortalPlan, entry: Entry) -> Asked:
    return Asked("GET", plan.hosts[0], urlsplit(entry.address).path)
