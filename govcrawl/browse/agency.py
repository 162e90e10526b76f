"""The page of an organ: its years in one view, with what links one year to the next."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from govcrawl.browse.cues import legend
from govcrawl.browse.divisions import lineage
from govcrawl.browse.page import Asked, Content, Page, row, rows
from govcrawl.browse.quantities import OUTCOMES, SERIES, outcomes, series
from govcrawl.browse.sourced import sourced
from govcrawl.db.coverage import deadline
from govcrawl.db.findings import issues_sql
from govcrawl.vocabulary import Scope

_AGENCY = """
SELECT agency.id, agency.name, agency.scope, agency.division_code, agency.organisation_code, agency.listed,
  agency.portal_id, portal.name AS portal, portal.home
FROM agencies AS agency JOIN portals AS portal ON portal.id = agency.portal_id
WHERE agency.id = :agency"""

_ALIASES = "SELECT DISTINCT spelling FROM agency_aliases WHERE agency_id = :agency ORDER BY spelling"
_COVERAGE = "SELECT year, state, reason FROM coverage WHERE agency_id = :agency ORDER BY year"

_REPORTS = """
SELECT id AS report, year, scope, current_version_id AS version, url, published_on
FROM reports WHERE agency_id = :agency AND year IS NOT NULL ORDER BY year, scope"""

_FIGURES = """
SELECT report.year, report.scope, report.id AS report, item.form, item."table", item."row", item.number AS item,
  cell.value, report.current_version_id || '-' || item.number AS fact
FROM reports AS report
JOIN version_keys AS k ON k.report_version_id = report.current_version_id
JOIN cells AS cell ON cell.version_key = k.key
JOIN items AS item ON item.number = cell.item
WHERE report.agency_id = :agency AND report.year IS NOT NULL AND cell.value IS NOT NULL
  AND (item."table" = 'applications' AND item."column" = 'total'
    OR item."table" || '.' || item."row" IN ('statistics_2014.c1_received', 'legacy_annex.l_received')
      AND item."column" IN ('value', 'current'))
ORDER BY report.year, report.scope, item.number"""

_ISSUES = f"""
SELECT issue.kind, issue.severity, issue.detail, issue.stable_key, report.year, report.id AS report
FROM ({
    issues_sql(
        findings="finding.report_version_id IN (SELECT current_version_id FROM reports WHERE agency_id = :agency)",
        across="finding.report_id IN (SELECT id FROM reports WHERE agency_id = :agency)",
    )
}) AS issue
JOIN report_versions AS version ON version.id = issue.report_version_id
JOIN reports AS report ON report.id = version.report_id AND report.current_version_id = version.id
WHERE issue.closed_at IS NULL
ORDER BY issue.severity = 'error' DESC, issue.severity = 'warning' DESC, report.year DESC, issue.kind, issue.stable_key
LIMIT 200"""  # noqa: S608 - SQL of our own


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """An organ's coverage, its reports year by year with their figures, and its open issues.

    Raises:
        NotHereError: there is no such organ.
    """
    name = asked.path["agency"]
    agency = row(connection, name, _AGENCY, agency=name)
    figures = sourced(connection, _FIGURES, agency=name)
    reports = _reports(rows(connection, _REPORTS, agency=name), figures["rows"])
    return {
        "agency": agency,
        "lineage": lineage(connection, agency["division_code"]),
        "aliases": [each["spelling"] for each in rows(connection, _ALIASES, agency=name)],
        "legend": legend(),
        "years": _years(rows(connection, _COVERAGE, agency=name), reports),
        "trends": _trends(reports),
        "source": {key: figures[key] for key in ("sql", "values")},
        "issues": rows(connection, _ISSUES, agency=name),
    }


def _years(coverage: list[Content], reports: list[Content]) -> list[Content]:
    """Every year of the coverage and of the reports, the latest first, with the reports of it."""
    known = {each["year"]: each for each in coverage}
    years = sorted({*known, *(report["year"] for report in reports)}, reverse=True)
    unknown = {"state": None, "reason": None}
    return [
        {**known.get(year, {"year": year, **unknown}), "reports": [each for each in reports if each["year"] == year]}
        for year in years
    ]


def _trends(reports: list[Content]) -> list[Content]:
    """For each scope, quantities and outcomes as lists over its years, None where a year has no figure."""
    scopes = sorted({report["scope"] for report in reports if report["version"]})
    return [_trend(scope, {each["year"]: each for each in reports if each["scope"] == scope}) for scope in scopes]


def _trend(scope: str, reports: Mapping[int, Content]) -> Content:
    years = list(range(min(reports), max(reports) + 1))
    figures = [reports[year]["figures"] if year in reports else {} for year in years]
    sums = [reports[year]["outcomes"] if year in reports else {} for year in years]
    quantities = {name: [(each.get(name) or {}).get("value") for each in figures] for name in SERIES}
    return {
        "scope": scope,
        "years": years,
        "quantities": quantities,
        "outcomes": {name: [each.get(name) for each in sums] for name in OUTCOMES},
    }


def _reports(found: list[Content], figures: Iterable[Mapping[str, Any]]) -> list[Content]:
    """The reports with `figures` (quantity → value and fact), `outcomes` (outcome → sum), their link and their day."""
    by_report: dict[str, list[Mapping[str, Any]]] = {each["report"]: [] for each in found}
    for figure in figures:
        by_report[figure["report"]].append(figure)
    told = [{**each, **_told(by_report[each["report"]]), **_timing(each)} for each in found]
    known = {(each["year"], each["scope"]): each for each in told}
    return [{**each, "link": _link(each, known.get((each["year"] - 1, each["scope"])))} for each in told]


def _told(figures: Iterable[Mapping[str, Any]]) -> Content:
    quantities: Content = dict.fromkeys(SERIES)
    sums: dict[str, float] = {}
    for figure in figures:
        if quantity := series().get(figure["item"]):
            quantities[quantity] = {"value": figure["value"], "fact": figure["fact"]}
        elif outcome := outcomes().get(figure["item"]):
            sums[outcome] = sums.get(outcome, 0) + figure["value"]
    return {"figures": quantities, "outcomes": {outcome: sums.get(outcome) for outcome in OUTCOMES}}


def _timing(report: Content) -> Content:
    """The deadline and how many days after it the report was published; negative when in time."""
    due = deadline(Scope(report["scope"]), report["year"])
    published = report["published_on"]
    late = (date.fromisoformat(published) - due).days if published else None
    return {"due_on": due.isoformat(), "days_late": late}


def _link(report: Content, prior: Content | None) -> str:
    """Whether what was carried over is what the year before carried forward: same, differs, unknown."""
    over = report["figures"]["carried_over"]
    forward = prior["figures"]["carried_forward"] if prior else None
    if over is None or forward is None:
        return "unknown"
    return "same" if over["value"] == forward["value"] else "differs"


PAGE = Page("agency", "/-/agency/{agency:path}", content)
