"""The first page: what the archive holds, the coverage by division and by organ, and what is new.

The heat map has two parts: the divisions below the one that is shown, and a page of its organs. Division codes begin
the ids of agencies, so both parts read `coverage` by its key alone: the ids inside a code sort from the code up to the
code with `;`, which follows `:`.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from govcrawl.browse.coverage_legend import NOT_EXPECTED_STATES, LegendEntry, coverage_legend
from govcrawl.browse.divisions import CODE_WIDTHS, Division, division_lineage, division_names, requested_division
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import SqlSource, select_as, select_rows, select_with_source
from govcrawl.vocabulary import CoverageState

ORGANS_PER_PAGE = 30
_NEWEST = 12
_LAST_PAGE = 10_000

_HOLDINGS = """
SELECT (SELECT count(*) FROM portals WHERE id IN (SELECT portal_id FROM attempts)) AS portals,
  (SELECT count(*) FROM agencies) AS agencies,
  (SELECT count(*) FROM reports WHERE current_version_id IS NOT NULL) AS reports,
  (SELECT count(*) FROM report_versions) AS versions,
  (SELECT count(*) FROM captures) AS captures,
  (SELECT min(year) FROM reports) AS first_year, (SELECT max(year) FROM reports) AS last_year,
  (SELECT max(started_at) FROM crawls) AS last_crawl"""

# Division and year grouped as one number: it sorts in half the time of a text and a number.
_STATES = """
SELECT substr(agency_id, 1, :width) AS division, year, state, count(*) AS count
FROM coverage WHERE agency_id >= :division AND agency_id < :division || ';'
GROUP BY CAST(substr(agency_id, 1, :width) AS INTEGER) * 10000 + year, state"""

_ORGANS = """
SELECT id, name FROM agencies
WHERE id >= :division AND id < :division || ';' AND instr(name, :organ)
  AND EXISTS (SELECT 1 FROM coverage WHERE agency_id = agencies.id)
ORDER BY listed, portal_id NOT IN (SELECT portal_id FROM attempts), id LIMIT :size OFFSET :first"""

_ORGAN_YEARS = """
SELECT agency_id, year, state, reason FROM coverage WHERE agency_id IN (SELECT value FROM json_each(:agencies))
ORDER BY agency_id, year"""

_CHANGES = """
SELECT revision.seen_at, revision.report_id AS report, agency.name AS agency, report.year,
  revision.prior_version_id AS before, revision.report_version_id AS version,
  json_array_length(revision.sections) AS sections, json_array_length(revision.checks_opened) AS checks_opened,
  json_array_length(revision.checks_closed) AS checks_closed
FROM revisions AS revision
JOIN reports AS report ON report.id = revision.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
ORDER BY revision.seen_at DESC, revision.capture_id LIMIT :newest"""

_NEW_REPORTS = """
SELECT version.valid_from AS seen_at, report.id AS report, agency.name AS agency, report.year, report.published_on
FROM (SELECT id, report_id, valid_from FROM report_versions ORDER BY valid_from DESC, id LIMIT :newest) AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
ORDER BY version.valid_from DESC, version.id"""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the archive holds."""

    portals: int  # portals that were asked
    agencies: int  # organs
    reports: int  # reports with a version that could be read
    versions: int  # versions of reports
    captures: int  # stored responses
    first_year: int | None  # earliest report year
    last_year: int | None  # latest report year
    last_crawl: str | None  # start of the latest crawl, in UTC


@dataclass(frozen=True, slots=True)
class CoverageShare:
    """The reports of a division's organs for a year."""

    year: int  # report year
    ok: int  # reports in hand
    wanted: int  # reports expected
    level: int | None  # shade: 0 for none in hand, 4 for all, 1 to 3 between; null where none is expected


@dataclass(frozen=True, slots=True)
class DivisionCoverage:
    """A line of the heat map of divisions."""

    division: str  # two, four or six digits of the division's code
    name: str  # name of the division
    cells: list[CoverageShare]  # one for each of `years`


@dataclass(frozen=True, slots=True)
class OrganYear:
    """The coverage of an organ's year."""

    year: int  # report year
    state: str  # a word of `CoverageState`
    reason: str | None  # why the report is not in hand


@dataclass(frozen=True, slots=True)
class OrganCoverage:
    """A line of the heat map of organs."""

    id: str  # id of the organ
    name: str  # name of the organ
    cells: list[OrganYear]  # its years, in order


@dataclass(frozen=True, slots=True)
class RecentChange:
    """A published report that was seen to change."""

    seen_at: str  # time in UTC of the capture that shows the change
    report: str  # id of the report
    agency: str  # name of the organ
    year: int | None  # report year
    before: str  # id of the version before the change
    version: str  # id of the version after it
    sections: int  # sections that changed
    checks_opened: int  # checks that fail since
    checks_closed: int  # checks that fail no longer


@dataclass(frozen=True, slots=True)
class NewReport:
    """A version of a report that was found lately."""

    seen_at: str  # time in UTC of its first capture
    report: str  # id of the report
    agency: str  # name of the organ
    year: int | None  # report year
    published_on: str | None  # date that its page names


@dataclass(frozen=True, slots=True)
class HomeContent:
    """The first page."""

    holds: Holdings  # what the archive holds
    legend: list[LegendEntry]  # the states of coverage
    division: str  # code of the division that is shown, empty for all
    lineage: list[Division]  # from the province down to that division
    organ: str  # text that the names of the organs contain
    years: list[int]  # years of the heat map
    divisions: list[DivisionCoverage]  # the divisions below the one that is shown
    source: SqlSource  # SELECT behind `divisions`
    organs: list[OrganCoverage]  # a page of organs, those of portals that were asked first
    page: int  # number of that page, from 1
    next_page: int | None  # number of the next page; null on the last one
    changes: list[RecentChange]  # the newest changes of published reports
    new_reports: list[NewReport]  # the newest versions of reports


def _content(connection: sqlite3.Connection, request: PageRequest) -> HomeContent:
    """What the archive holds, and the coverage of `?division=` and of its organs named like `?organ=`."""
    division, organ = requested_division(request), request.value("organ") or ""
    page = request.page_number(_LAST_PAGE)
    source, years, divisions = _divisions(connection, division)
    organs = _organs(connection, division, organ, page)
    return HomeContent(
        holds=holdings(connection),
        legend=coverage_legend(),
        division=division,
        lineage=division_lineage(connection, division),
        organ=organ,
        years=years,
        divisions=divisions,
        source=source,
        organs=organs[:ORGANS_PER_PAGE],
        page=page,
        next_page=page + 1 if len(organs) > ORGANS_PER_PAGE else None,
        changes=select_as(connection, RecentChange, _CHANGES, newest=_NEWEST),
        new_reports=select_as(connection, NewReport, _NEW_REPORTS, newest=_NEWEST),
    )


def holdings(connection: sqlite3.Connection) -> Holdings:
    """How much of everything the archive holds."""
    return select_as(connection, Holdings, _HOLDINGS)[0]


def _divisions(connection: sqlite3.Connection, division: str) -> tuple[SqlSource, list[int], list[DivisionCoverage]]:
    """The divisions below one, with their years and the SELECT behind them.

    Where there is only one below, the divisions below that one.
    """
    width = next((width for width in CODE_WIDTHS if width > len(division)), CODE_WIDTHS[-1])
    source, found = select_with_source(connection, _STATES, division=division, width=width)
    codes = sorted({each["division"] for each in found})
    if len(codes) == 1 and codes[0] != division and width < CODE_WIDTHS[-1]:
        return _divisions(connection, codes[0])
    counts: dict[tuple[str, int], dict[str, int]] = {}
    for each in found:
        counts.setdefault((each["division"], each["year"]), {})[each["state"]] = each["count"]
    years = sorted({year for _, year in counts})
    known = division_names(connection, codes)
    lines = [
        DivisionCoverage(code, known.get(code, code), [_share(year, counts.get((code, year), {})) for year in years])
        for code in codes
    ]
    return source, years, lines


def _share(year: int, counts: Mapping[str, int]) -> CoverageShare:
    ok = counts.get(CoverageState.OK, 0)
    wanted = sum(counts.values()) - sum(counts.get(state, 0) for state in NOT_EXPECTED_STATES)
    return CoverageShare(year, ok, wanted, shade(ok, wanted))


def shade(part: int, whole: int) -> int | None:
    """How dark a share is shown: 0 for none, 4 for all, 1 to 3 between; None where there is no whole."""
    if not whole:
        return None
    return 4 if part == whole else min(part, 1) + 3 * part // whole


def _organs(connection: sqlite3.Connection, division: str, organ: str, page: int) -> list[OrganCoverage]:
    """A page of organs and the first one behind it, each with its years."""
    size, first = ORGANS_PER_PAGE + 1, (page - 1) * ORGANS_PER_PAGE
    found = select_rows(connection, _ORGANS, division=division, organ=organ, size=size, first=first)
    years: dict[str, list[OrganYear]] = {each["id"]: [] for each in found}
    for cell in select_rows(connection, _ORGAN_YEARS, agencies=json.dumps(list(years))):
        years[cell.pop("agency_id")].append(OrganYear(**cell))
    return [OrganCoverage(**each, cells=years[each["id"]]) for each in found]


HOME_PAGE = BrowsePage("home", "/", _content, in_menu=True)
