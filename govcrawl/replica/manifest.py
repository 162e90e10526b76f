"""The manifest: the truth of everything the replica serves, as plain data for tests, the demo and drills.

Per portal its lists with their rows; per row that leads to a page, what a right crawl makes of it and, for a report,
all that is true of it: the facts as `{"table.row.column": number or status}`, the checks, the claims, the sections.
For all portals together, the coverage that a crawl of them must come to as of today, and the planted gaps of serials.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from govcrawl.clock import today
from govcrawl.replica.annual_report import AnnualReport
from govcrawl.replica.answers import Asked
from govcrawl.replica.articles import Rendition
from govcrawl.replica.catalogue import withheld_runs
from govcrawl.replica.entries import Entry, Expected
from govcrawl.replica.expected_coverage import expected_coverage, expected_of
from govcrawl.replica.identities import assess
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.scenarios import Scenario
from govcrawl.replica.site import Site, links_of
from govcrawl.vocabulary import CheckOutcome, Outcome


def manifest(sites: Iterable[Site], seed: int, scenario: Scenario) -> dict[str, Any]:
    """The truth of these sites under a scenario.

    `{"seed", "scenario", "portals": […], "pages": […], "coverage": {"as_of", "cells": […]}, "withheld": […]}`.
    """
    sites, day = list(sites), today()
    return {
        "seed": seed,
        "scenario": scenario.name,
        "portals": [_portal(site, scenario) for site in sites],
        "pages": [page for site in sites for page in _pages(site, scenario)],
        "coverage": {"as_of": day.isoformat(), "cells": expected_coverage(sites, scenario, day)},
        "withheld": [series for site in sites for series in _withheld(site)],
    }


def _withheld(site: Site) -> Iterator[dict[str, Any]]:
    """The serials of a dense counter that stand on no page, by series."""
    for channel, entries in site.lists.items():
        reports = [entry.report for entry in entries if entry.report] if channel.catalogue else []
        for prefix, year, serials in withheld_runs(site.plan, reports):
            yield {"portal": site.plan.portal.id, "index_prefix": prefix, "year": year, "serials": serials}


def _portal(site: Site, scenario: Scenario) -> dict[str, Any]:
    plan = site.plan
    return {
        "portal": plan.portal.id,
        "name": plan.portal.name,
        "province": plan.portal.province,
        "hosts": list(plan.hosts),
        "expected": _reachability(plan, scenario),
        "lists": [_list(plan, channel, entries, scenario) for channel, entries in site.lists.items()],
    }


def _reachability(plan: PortalPlan, scenario: Scenario) -> str:
    if plan.wall:
        return Expected.BLOCKED
    if plan.robots_status >= 500:
        return Expected.ROBOTS
    return scenario.spoils(Asked("GET", plan.hosts[0], "/")) or Outcome.OK


def _list(plan: PortalPlan, channel: Channel, entries: Iterable[Entry], scenario: Scenario) -> dict[str, Any]:
    return {
        "kind": channel.kind,
        "address": whole(plan, links_of(plan, channel)[0][0]),
        "known_to_registry": channel.known,
        "rows": [
            {"title": entry.title, "url": whole(plan, entry.address), "expected": expected_of(plan, entry, scenario)}
            for entry in entries
        ],
    }


def whole(plan: PortalPlan, address: str) -> str:
    """An address on the portal with its scheme and host; one on another host is whole already."""
    return address if "://" in address else plan.root + address


def _pages(site: Site, scenario: Scenario) -> Iterator[dict[str, Any]]:
    for entries in site.lists.values():
        for entry in entries:
            yield _page(site.plan, entry, scenario)


def _page(plan: PortalPlan, entry: Entry, scenario: Scenario) -> dict[str, Any]:
    known = entry.report is not None and entry.rendition is not Rendition.IMAGES
    return {
        "portal": plan.portal.id,
        "host": plan.hosts[0],
        "url": whole(plan, entry.address),
        "title": entry.title,
        "expected": expected_of(plan, entry, scenario),
        "listed_on": entry.listed_on,
        "index_number": entry.shown_number,
        **(_report(entry.report) if known and entry.report else {}),
    }


def _report(report: AnnualReport) -> dict[str, Any]:
    assessed = assess(report.forms, report.cells)
    return {
        "agency": report.agency,
        "report_year": report.year,
        "scope": report.scope,
        "published_on": report.published_on,
        "form": report.forms["applications"].key,
        "forms": {table: form.key for table, form in report.forms.items()},
        "facts": {place: shown.truth for place, shown in report.cells.items()},
        "units": {place: shown.unit for place, shown in report.cells.items() if shown.unit},
        "checks": dict(Counter(each.outcome for each in assessed)),
        "failing": [
            {"identity": each.identity, "at": each.at} for each in assessed if each.outcome is CheckOutcome.FAILS
        ],
        "claims": [
            {"value": claim.value, "outcome": claim.outcome, "about": list(claim.about)} for claim in report.claims
        ],
        "sections": [passage.key for passage in report.prose.passages],
    }
