"""The manifest: the truth of everything that the replica serves, as plain data for tests and for the demo.

A portal has its lists with their rows. A page has what a right crawl makes of it and, where it is a report, its truth:
the facts as `{"table.row.column": number or status}`, the checks, the claims, the sections. For all portals together
there are the coverage of a right crawl as of today, and the serials that are missing on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from govcrawl.clock import today
from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.expected_checks import expected_check_outcomes
from govcrawl.replica.annual_reports.report_pages import ReportRendition
from govcrawl.replica.expected_coverage import expected_coverage, expected_outcome
from govcrawl.replica.faults.scenarios import Scenario
from govcrawl.replica.lists.dense_catalogue import withheld_by_series
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.portal import ReplicaPortal, channel_links
from govcrawl.replica.request_response import ReplicaRequest
from govcrawl.vocabulary import CheckOutcome, Outcome


def build_manifest(portals: Sequence[ReplicaPortal], seed: int, scenario: Scenario) -> dict[str, Any]:
    """The truth of these portals under a scenario.

    `{"seed", "scenario", "portals": […], "pages": […], "coverage": {"as_of", "cells": […]}, "withheld": […]}`.
    """
    day = today()
    return {
        "seed": seed,
        "scenario": scenario.name,
        "portals": [_portal(portal, scenario) for portal in portals],
        "pages": [page for portal in portals for page in _pages(portal, scenario)],
        "coverage": {"as_of": day.isoformat(), "cells": expected_coverage(portals, scenario, day)},
        "withheld": [series for portal in portals for series in _withheld(portal)],
    }


def _withheld(portal: ReplicaPortal) -> Iterator[dict[str, Any]]:
    """The serials of a dense counter that no page has, by series."""
    for channel, entries in portal.lists.items():
        reports = [entry.report for entry in entries if entry.report] if channel.catalogue else []
        for prefix, year, serials in withheld_by_series(portal.plan, reports):
            yield {"portal": portal.plan.portal.id, "index_prefix": prefix, "year": year, "serials": serials}


def _portal(portal: ReplicaPortal, scenario: Scenario) -> dict[str, Any]:
    plan = portal.plan
    return {
        "portal": plan.portal.id,
        "name": plan.portal.name,
        "province": plan.portal.province,
        "hosts": list(plan.hosts),
        "expected": _expected_of_portal(plan, scenario),
        "lists": [_list(plan, channel, entries, scenario) for channel, entries in portal.lists.items()],
    }


def _expected_of_portal(plan: PortalPlan, scenario: Scenario) -> str:
    if plan.wall:
        return ExpectedOutcome.BLOCKED
    if plan.robots_status >= 500:
        return ExpectedOutcome.ROBOTS
    return scenario.expected_outcome(ReplicaRequest("GET", plan.hosts[0], "/")) or Outcome.OK


def _list(plan: PortalPlan, channel: Channel, entries: Iterable[ListEntry], scenario: Scenario) -> dict[str, Any]:
    return {
        "kind": channel.kind,
        "address": plan.absolute(channel_links(plan, channel)[0][0]),
        "known_to_registry": channel.known,
        "rows": [
            {
                "title": entry.title,
                "url": plan.absolute(entry.address),
                "expected": expected_outcome(plan, entry, scenario),
            }
            for entry in entries
        ],
    }


def _pages(portal: ReplicaPortal, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for entries in portal.lists.values():
        for entry in entries:
            yield _page(portal.plan, entry, scenario)


def _page(plan: PortalPlan, entry: ListEntry, scenario: Scenario) -> dict[str, Any]:
    known = entry.report is not None and entry.rendition is not ReportRendition.IMAGES
    return {
        "portal": plan.portal.id,
        "host": plan.hosts[0],
        "url": plan.absolute(entry.address),
        "title": entry.title,
        "expected": expected_outcome(plan, entry, scenario),
        "listed_on": entry.listed_on,
        "index_number": entry.visible_index_number,
        **(_report(entry.report) if known and entry.report else {}),
    }


def _report(report: AnnualReport) -> dict[str, Any]:
    checks = expected_check_outcomes(report.forms, report.cells)
    failing = [check for check in checks if check.outcome is CheckOutcome.FAILS]
    return {
        "agency": report.agency,
        "report_year": report.year,
        "scope": report.scope,
        "published_on": report.published_on,
        "form": report.forms["applications"].key,
        "forms": {table: form.key for table, form in report.forms.items()},
        "facts": {place: cell.truth for place, cell in report.cells.items()},
        "units": {place: cell.unit for place, cell in report.cells.items() if cell.unit},
        "checks": dict(Counter(check.outcome for check in checks)),
        "failing": [{"identity": check.identity, "at": check.at} for check in failing],
        "claims": [
            {"value": claim.value, "outcome": claim.outcome, "about": list(claim.about)} for claim in report.claims
        ],
        "sections": [section.key for section in report.prose.sections],
    }
