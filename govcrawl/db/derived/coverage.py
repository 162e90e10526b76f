"""Coverage, agency × year: the state of each report and the reason, with no empty cell.

A report in hand decides first, then what became of a row that some list showed of it, then whether the organ owes one,
the calendar, the years that were asked for, and at last how the walk of the agency's portal went. Deadlines are those
of the Regulation: 31 January for departments, 31 March for governments, 31 March for all before its revision of 2019.
The day is given by the caller, never taken from a clock. The matrix of an earlier day leaves out what came to the
archive after it; the table `coverage` leaves out nothing.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from govcrawl.agencies.exemptions import exempt
from govcrawl.agencies.naming import is_of_unknown_organ
from govcrawl.db.connection import transaction
from govcrawl.db.derived.absences import Absence, absences
from govcrawl.db.derived.asked_years import AskedYears, asked_years
from govcrawl.db.derived.list_progress import Walk, walks
from govcrawl.db.derived.met_walls import MetWall, met_walls
from govcrawl.db.derived.unread_listings import Lead, leads, state_of_issue
from govcrawl.forms import FIRST_REPORT_YEAR
from govcrawl.vocabulary import CoverageState, KnownBy, Scope, SectionKey, Status, Wall

_REVISED = 2019  # report years before it were due on 31 March for everyone
CoverageCell = tuple[CoverageState, str | None]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A cell of the matrix, with names for readers; `reason` is None only for `ok`.

    The last three are those of the attempt that a cell which is blocked or unreachable rests on.
    """

    agency_id: str
    agency: str
    division_code: str
    portal_id: str
    province: str
    year: int
    state: CoverageState
    reason: str | None
    wall: Wall | None = None
    vantage: str | None = None
    vantage_known: KnownBy | None = None


@dataclass(frozen=True, slots=True)
class CoveredAgency:
    """The fields of an agency that the matrix needs."""

    id: str
    name: str
    division_code: str
    portal_id: str
    province: str
    scope: Scope

    @property
    def named(self) -> tuple[str, str, str, str, str]:
        """What the rows of its cells begin with."""
        return self.id, self.name, self.division_code, self.portal_id, self.province

    @property
    def short(self) -> str:
        """The agency's short name, which all its spellings share."""
        return self.id.partition(":")[2]


def deadline(scope: Scope, year: int) -> date:
    """Returns the day by which a report of a year was due."""
    in_march = year < _REVISED or scope is Scope.GOVERNMENT
    return date(year + 1, 3, 31) if in_march else date(year + 1, 1, 31)


def report_years(today: date) -> range:
    """Returns the report years of the matrix, from the first one to the current year."""
    return range(FIRST_REPORT_YEAR, today.year + 1)


_PROVINCES_ASKED = """
SELECT DISTINCT portal.province FROM portals AS portal WHERE portal.id IN (SELECT portal_id FROM attempts)"""


_STORED = ("agency_id", "year", "state", "reason", "wall", "vantage", "vantage_known")
_STORE = f"INSERT INTO coverage ({', '.join(_STORED)}) VALUES ({', '.join('?' * len(_STORED))})"


def update_coverage(connection: sqlite3.Connection, today: date) -> None:
    """Work out the table `coverage` anew by the calendar of a day, for the provinces a crawl has asked at least once.

    Every cell of the other provinces would say only that no crawl asked, in some hundred thousand rows; `read_coverage`
    computes these on demand.
    """
    asked = {province for (province,) in connection.execute(_PROVINCES_ASKED)}
    rows = [tuple(getattr(row, name) for name in _STORED) for row in coverage_cells(connection, today, date.max, asked)]
    with transaction(connection):
        connection.execute("DELETE FROM coverage")
        connection.executemany(_STORE, rows)


def read_coverage(
    connection: sqlite3.Connection,
    today: date,
    province: str | None = None,
    year: int | None = None,
) -> tuple[CoverageRow, ...]:
    """Returns the matrix as of a day, sorted by division, agency and year; of one province or year if given."""
    wanted = None if province is None else {province}
    return tuple(row for row in coverage_cells(connection, today, today, wanted) if year in {None, row.year})


def coverage_cells(
    connection: sqlite3.Connection, today: date, until: date, provinces: Collection[str] | None = None
) -> Iterator[CoverageRow]:
    """Every cell of the matrix, or of some provinces', by the calendar of a day, from what was seen until another."""
    reports, listed, walked = _reports(connection, until), leads(connection, until), walks(connection, until)
    asked, walls = asked_years(connection, until), met_walls(connection, until)
    for agency in _agencies(connection):
        if provinces is not None and agency.province not in provinces:
            continue
        for year in report_years(today):
            place = (agency.id, year)
            state, reason = (
                reports.get(place)
                or _by_lead(listed.get(place))
                or _by_exemption(agency, year)
                or _by_calendar(agency, year, today)
                or _by_walk(agency, year, today, walked[agency.portal_id], asked)
            )
            met = walls.get((agency.portal_id, state), MetWall())
            yield CoverageRow(*agency.named, year, state, reason, met.wall, met.vantage, met.vantage_known)


def _agencies(connection: sqlite3.Connection) -> list[CoveredAgency]:
    query = """
    SELECT agency.id, agency.name, agency.division_code, agency.portal_id, portal.province, agency.scope
    FROM agencies AS agency JOIN portals AS portal ON portal.id = agency.portal_id
    ORDER BY agency.division_code, agency.id"""
    return [
        CoveredAgency(key, name, division, portal, province, Scope(scope))
        for key, name, division, portal, province, scope in connection.execute(query)
        if not is_of_unknown_organ(key)
    ]


NARRATIVE_UNTIL = 2013
"""The last year whose reports need only prose: from 2014 on each has a table of figures."""

# What a form must contain: figures; before the table of 2014, the sections of a narrative.
_WAS_READ = f"""(
  EXISTS (
    SELECT 1 FROM version_keys AS version JOIN cells AS cell ON cell.version_key = version.key
    WHERE version.report_version_id = shown.id AND cell.status <> {list(Status).index(Status.MISSING)}
  ) OR shown.form = 'f2008_narrative' AND report.year <= {NARRATIVE_UNTIL} AND EXISTS (
    SELECT 1 FROM sections AS section
    WHERE section.report_version_id = shown.id AND section.key <> '{SectionKey.OTHER_HEADING}'
  )
)"""

# The version of a copy as of a day is that of its last capture up to the day.
_REPORTS = f"""
SELECT report.agency_id, report.year, shown.document_id, {_WAS_READ}, substr(shown.read_at, 1, 10), (
  SELECT group_concat(DISTINCT finding.kind) FROM findings AS finding WHERE finding.report_version_id = shown.id
)
FROM reports AS report
JOIN (
  SELECT id, report_id, document_id, form,
    max(min(valid_to, :day || 'T~') || ' ' || valid_from) AS read_at
  FROM report_versions WHERE substr(valid_from, 1, 10) <= :day
  GROUP BY report_id, document_id
) AS shown ON shown.report_id = report.id
WHERE report.year IS NOT NULL
ORDER BY report.id, shown.document_id"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a report as of a day.

    `was_read` is true if what its form must contain was read, `read_on` the day of the last capture, `kinds` the kinds
    of its issues, `absence` the absence of its document, if it is gone.
    """

    was_read: bool
    read_on: str
    kinds: tuple[str, ...]
    absence: Absence | None

    def cell(self) -> CoverageCell:
        """Returns the state and reason that follow from this copy alone."""
        if self.was_read:
            return CoverageState.OK, None
        states = [state for kind in self.kinds if (state := state_of_issue(kind))]
        if states:
            return states[0], f"the report has no figures that can be read: {', '.join(self.kinds)}"
        return CoverageState.PARSE_FAILED, "the report has no table of a known form"


def _reports(connection: sqlite3.Connection, until: date) -> Mapping[tuple[str, int], CoverageCell]:
    """What the reports in hand say of their cells; of several copies and scopes in one cell the best one."""
    gone = absences(connection, until)
    copies: dict[tuple[str, int], list[Copy]] = defaultdict(list)
    for agency, year, document, was_read, read_on, kinds in connection.execute(_REPORTS, {"day": until.isoformat()}):
        issues = tuple(sorted(kinds.split(","))) if kinds else ()
        copies[agency, year].append(Copy(bool(was_read), read_on, issues, gone.get(document)))
    return {place: _of_copies(found) for place, found in copies.items()}


def _of_copies(copies: Sequence[Copy]) -> CoverageCell:
    """The best state of the copies of a cell; `gone` if every one of them is absent."""
    last = max(copies, key=lambda copy: copy.read_on)
    if all(copy.absence for copy in copies):
        return CoverageState.GONE, f"its address answers {last.absence}; what was read until {last.read_on} is kept"
    return min((copy.cell() for copy in copies), key=lambda cell: list(CoverageState).index(cell[0]))


def _by_lead(lead: Lead | None) -> CoverageCell | None:
    return (lead.state, lead.reason) if lead else None


def _by_exemption(agency: CoveredAgency, year: int) -> CoverageCell | None:
    reason = exempt(agency.short, agency.division_code, year)
    return (CoverageState.EXEMPT, reason) if reason else None


def _by_calendar(agency: CoveredAgency, year: int, today: date) -> CoverageCell | None:
    due = deadline(agency.scope, year)
    return (CoverageState.NOT_DUE, f"due on {due}") if today <= due else None


def _by_walk(agency: CoveredAgency, year: int, today: date, walk: Walk, asked: AskedYears) -> CoverageCell:
    if walk.was_asked and not asked.includes(agency.portal_id, year):
        return CoverageState.OUT_OF_SCOPE, "no crawl of the portal asked for this year"
    if walk.state is not CoverageState.NOT_FOUND:
        return walk.state, walk.reason
    due = deadline(agency.scope, year)
    if due.year == today.year:
        return CoverageState.OVERDUE, f"due on {due}, and in no list of the portal"
    return CoverageState.NOT_FOUND, walk.reason
