"""The page of an organ: its years in one view, with what links one year to the next."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from govcrawl.browse.coverage_legend import LegendEntry, coverage_legend
from govcrawl.browse.divisions import Division, division_lineage
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.quantities import APPLICATION_OUTCOMES, QUANTITY_CELLS, outcome_items, quantity_items
from govcrawl.browse.sql import SqlSource, select_as, select_one, select_rows, select_with_source
from govcrawl.db.derived.coverage import deadline
from govcrawl.db.store.issues import issues_sql
from govcrawl.vocabulary import Scope

_AGENCY = """
SELECT agency.id, agency.name, agency.scope, agency.division_code, agency.organisation_code, agency.listed,
  agency.portal_id, portal.name AS portal, portal.home
FROM agencies AS agency JOIN portals AS portal ON portal.id = agency.portal_id
WHERE agency.id = :agency"""

_ALIASES = "SELECT DISTINCT spelling FROM agency_aliases WHERE agency_id = :agency ORDER BY spelling"
_COVERAGE = "SELECT year, state, reason, wall, vantage FROM coverage WHERE agency_id = :agency ORDER BY year"

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

_OF_CURRENT_VERSIONS = issues_sql(
    findings="finding.report_version_id IN (SELECT current_version_id FROM reports WHERE agency_id = :agency)",
    across="finding.report_id IN (SELECT id FROM reports WHERE agency_id = :agency)",
)
_ISSUES = f"""
SELECT issue.kind, issue.severity, issue.detail, issue.stable_key, report.year, report.id AS report
FROM ({_OF_CURRENT_VERSIONS}) AS issue
JOIN report_versions AS version ON version.id = issue.report_version_id
JOIN reports AS report ON report.id = version.report_id AND report.current_version_id = version.id
WHERE issue.closed_at IS NULL
ORDER BY issue.severity = 'error' DESC, issue.severity = 'warning' DESC, report.year DESC, issue.kind, issue.stable_key
LIMIT 200"""  # noqa: S608 - SQL of our own


@dataclass(frozen=True, slots=True)
class AgencyDetails:
    """An organ."""

    id: str  # id of the organ
    name: str  # name
    scope: str  # a word of `Scope`
    division_code: str  # code of its division
    organisation_code: str | None  # organisation code, the prefix of its index numbers
    listed: int  # 1: only lists name it, no report of it was read
    portal_id: str  # id of its portal
    portal: str  # name of the portal
    home: str | None  # home page of the portal


@dataclass(frozen=True, slots=True)
class AgencyFigure:
    """A quantity in a report."""

    value: float  # figure
    fact: str  # id of its fact


@dataclass(frozen=True, slots=True)
class AgencyReport:
    """A report of the organ."""

    report: str  # id of the report
    year: int  # report year
    scope: str  # a word of `Scope`
    version: str | None  # id of the current version
    url: str | None  # address of the preferred copy
    published_on: str | None  # date that the preferred copy names
    figures: Mapping[str, AgencyFigure | None]  # quantities, by name
    outcomes: Mapping[str, float | None]  # applications with each outcome
    due_on: str  # legal deadline
    days_late: int | None  # days from the deadline to the publication, negative when in time
    link: str  # carried over as the year before carried forward: `same`, `differs` or `unknown`


@dataclass(frozen=True, slots=True)
class AgencyYear:
    """A year of the organ."""

    year: int  # report year
    state: str | None  # coverage, a word of `CoverageState`
    reason: str | None  # why the report is not in hand
    wall: str | None  # wall that the portal's pages met last, a word of `Wall`
    vantage: str | None  # from where it was met, as the crawl claims
    reports: list[AgencyReport]  # reports of the year


@dataclass(frozen=True, slots=True)
class AgencyTrend:
    """The figures of one scope over the years."""

    scope: str  # a word of `Scope`
    years: list[int]  # every year from the first report to the last
    quantities: Mapping[str, list[float | None]]  # quantities by name, a value for each of `years`
    outcomes: Mapping[str, list[float | None]]  # applications with each outcome, a value for each of `years`


@dataclass(frozen=True, slots=True)
class AgencyIssue:
    """An open issue of a current version."""

    kind: str  # a word of `IssueKind`
    severity: str  # a word of `Severity`
    detail: str  # what was found
    stable_key: str  # key that outlives every rebuild
    year: int | None  # report year
    report: str  # id of the report


@dataclass(frozen=True, slots=True)
class AgencyContent:
    """The page of an organ."""

    agency: AgencyDetails  # the organ
    lineage: list[Division]  # from its province down to its division
    aliases: list[str]  # names under which it was met
    legend: list[LegendEntry]  # the states of coverage
    years: list[AgencyYear]  # its years, the latest first
    trends: list[AgencyTrend]  # its figures over the years, by scope
    source: SqlSource  # SELECT behind the figures
    issues: list[AgencyIssue]  # its open issues, the gravest first, at most 200


def _content(connection: sqlite3.Connection, request: PageRequest) -> AgencyContent:
    """The coverage of the organ in the path, its reports year by year with their figures, and its open issues.

    Raises:
        NotInArchiveError: there is no such organ.
    """
    name = request.path["agency"]
    agency = AgencyDetails(**select_one(connection, name, _AGENCY, agency=name))
    source, figures = select_with_source(connection, _FIGURES, agency=name)
    reports = _reports(select_rows(connection, _REPORTS, agency=name), figures)
    return AgencyContent(
        agency=agency,
        lineage=division_lineage(connection, agency.division_code),
        aliases=[each["spelling"] for each in select_rows(connection, _ALIASES, agency=name)],
        legend=coverage_legend(),
        years=_years(select_rows(connection, _COVERAGE, agency=name), reports),
        trends=_trends(reports),
        source=source,
        issues=select_as(connection, AgencyIssue, _ISSUES, agency=name),
    )


def _reports(found: list[dict[str, Any]], figures: Iterable[Mapping[str, Any]]) -> list[AgencyReport]:
    by_report: dict[str, list[Mapping[str, Any]]] = {report["report"]: [] for report in found}
    for figure in figures:
        by_report[figure["report"]].append(figure)
    quantities = {report: _quantities(cells) for report, cells in by_report.items()}
    forward = {(each["year"], each["scope"]): quantities[each["report"]]["carried_forward"] for each in found}
    return [
        AgencyReport(
            **report,
            figures=quantities[report["report"]],
            outcomes=_outcomes(by_report[report["report"]]),
            **_timing(report),
            link=_link(
                quantities[report["report"]]["carried_over"], forward.get((report["year"] - 1, report["scope"]))
            ),
        )
        for report in found
    ]


def _quantities(cells: Iterable[Mapping[str, Any]]) -> dict[str, AgencyFigure | None]:
    """Quantity → its figure; of several cells that give it, the last."""
    found: dict[str, AgencyFigure | None] = dict.fromkeys(QUANTITY_CELLS)
    for cell in cells:
        if quantity := quantity_items().get(cell["item"]):
            found[quantity] = AgencyFigure(cell["value"], cell["fact"])
    return found


def _outcomes(cells: Iterable[Mapping[str, Any]]) -> dict[str, float | None]:
    """Outcome → the sum of its cells; None where no cell holds a number."""
    sums: dict[str, float] = {}
    for cell in cells:
        if outcome := outcome_items().get(cell["item"]):
            sums[outcome] = sums.get(outcome, 0) + cell["value"]
    return {outcome: sums.get(outcome) for outcome in APPLICATION_OUTCOMES}


def _timing(report: Mapping[str, Any]) -> dict[str, Any]:
    due = deadline(Scope(report["scope"]), report["year"])
    published = report["published_on"]
    return {
        "due_on": due.isoformat(),
        "days_late": (date.fromisoformat(published) - due).days if published else None,
    }


def _link(over: AgencyFigure | None, forward: AgencyFigure | None) -> str:
    """Whether what was carried over is what the year before carried forward."""
    if over is None or forward is None:
        return "unknown"
    return "same" if over.value == forward.value else "differs"


def _years(coverage: list[dict[str, Any]], reports: list[AgencyReport]) -> list[AgencyYear]:
    """Every year of the coverage and of the reports, the latest first."""
    known = {each["year"]: each for each in coverage}
    years = sorted({*known, *(report.year for report in reports)}, reverse=True)
    unknown = dict.fromkeys(("state", "reason", "wall", "vantage"))
    return [
        AgencyYear(
            **{"year": year, **known.get(year, unknown)}, reports=[each for each in reports if each.year == year]
        )
        for year in years
    ]


def _trends(reports: list[AgencyReport]) -> list[AgencyTrend]:
    scopes = sorted({report.scope for report in reports if report.version})
    return [_trend(scope, {each.year: each for each in reports if each.scope == scope}) for scope in scopes]


def _trend(scope: str, reports: Mapping[int, AgencyReport]) -> AgencyTrend:
    years = list(range(min(reports), max(reports) + 1))
    found = [reports.get(year) for year in years]
    return AgencyTrend(
        scope=scope,
        years=years,
        quantities={name: [_value(report, name) for report in found] for name in QUANTITY_CELLS},
        outcomes={
            name: [report.outcomes[name] if report else None for report in found] for name in APPLICATION_OUTCOMES
        },
    )


def _value(report: AgencyReport | None, quantity: str) -> float | None:
    figure = report.figures[quantity] if report else None
    return figure.value if figure else None


AGENCY_PAGE = BrowsePage("agency", "/-/agency/{agency:path}", _content)
