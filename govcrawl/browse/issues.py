"""The work list: what was not understood or is wrong, with filters, and people's verdicts about it.

Verdicts come from `verdicts.jsonl` as the file is now, so that one counts at once.
"""

import json
import sqlite3
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import select_rows
from govcrawl.browse.verdict_file import latest_verdicts
from govcrawl.db.store.issues import issues_sql
from govcrawl.db.store.verdicts import Verdict
from govcrawl.vocabulary import Decision, IssueKind, Severity

ISSUES_PER_PAGE = 50
_LAST_PAGE = 100_000

_IDS_OF_VERSION = """
SELECT id FROM findings WHERE report_version_id = :version
UNION ALL
SELECT across.id FROM findings_across AS across JOIN report_versions AS version ON version.report_id = across.report_id
WHERE version.id = :version AND across.report_version_id = :version"""

# The tables behind the view `issues`, asked for a few ids: the view itself would be read whole.
_CHOSEN = "finding.id IN (SELECT id FROM chosen)"
_DETAILS = f"""
WITH chosen AS MATERIALIZED (SELECT value AS id FROM json_each(:ids)),
issue AS (
  {issues_sql(findings=_CHOSEN, across=_CHOSEN)}
)
SELECT issue.id, issue.stable_key, issue.kind, issue.severity, issue."where", issue.detail, issue.capture_id,
  issue.first_seen_at, issue.closed_at, issue.portal_id, portal.name AS portal, report.id AS report,
  agency.name AS agency, report.year, issue.report_version_id AS version, verdicts.verdict
FROM issue
LEFT JOIN verdicts ON verdicts.stable_key = issue.stable_key
LEFT JOIN report_versions AS version ON version.id = issue.report_version_id
LEFT JOIN reports AS report ON report.id = version.report_id
LEFT JOIN agencies AS agency ON agency.id = report.agency_id
LEFT JOIN portals AS portal ON portal.id = issue.portal_id
ORDER BY issue.severity = 'error' DESC, issue.severity = 'warning' DESC, issue.kind, issue.id"""  # noqa: S608 - SQL of our own

# The view works out for each issue when it was closed, so it is read once, and the details only of what is shown.
_MATCHING = """
WITH said AS MATERIALIZED (SELECT key, value FROM json_each(:said)),
listed AS (
  SELECT issue.id, issue.kind, issue.severity, COALESCE(said.value, issue.verdict) AS verdict
  FROM issues AS issue LEFT JOIN said ON said.key = issue.stable_key
  WHERE (:key IS NULL OR issue.stable_key = :key)
    AND (:kind IS NULL OR issue.kind = :kind)
    AND (:severity IS NULL OR issue.severity = :severity)
    AND (:portal IS NULL OR issue.portal_id LIKE :portal || '%')
    AND (:year IS NULL OR issue.report_version_id IN (
      SELECT version.id FROM report_versions AS version JOIN reports AS report ON report.id = version.report_id
      WHERE report.year = :year))
    AND (:state = 'all' OR (issue.closed_at IS NULL) = (:state = 'open'))
)
SELECT id, kind, severity FROM listed
WHERE :verdict = 'any' OR (:verdict = 'none' AND verdict IS NULL) OR (:verdict = 'given' AND verdict IS NOT NULL)
  OR verdict = :verdict
ORDER BY severity = 'error' DESC, severity = 'warning' DESC, kind, id"""

_CHOICES = {
    "kind": tuple(IssueKind),
    "severity": tuple(Severity),
    "state": ("open", "closed", "all"),
    "verdict": ("any", "none", "given", *Decision),
}


@dataclass(frozen=True, slots=True)
class IssueFilters:
    """What the list is narrowed to."""

    key: str | None  # stable key of an issue
    kind: str | None  # a word of `IssueKind`
    severity: str | None  # a word of `Severity`
    portal: str | None  # beginning of a portal's id
    state: str  # `open`, `closed` or `all`
    verdict: str  # `any`, `none`, `given` or a word of `Decision`
    year: int | None  # report year


@dataclass(frozen=True, slots=True)
class IssueChoices:
    """What the filters may be."""

    kind: list[str]  # words of `IssueKind`
    severity: list[str]  # words of `Severity`
    state: list[str]  # states of issues
    verdict: list[str]  # states of verdicts, and words of `Decision`


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue with the latest verdict on it."""

    id: str  # id of the issue
    stable_key: str  # key that outlives every rebuild: a verdict hangs on it
    kind: str  # a word of `IssueKind`
    severity: str  # a word of `Severity`
    where: str  # place on the page or in the report
    detail: str  # what was found
    capture_id: str  # id of the first capture that shows it
    first_seen_at: str  # time of that capture, in UTC
    closed_at: str | None  # time of the first later capture without it; null while it is open
    portal_id: str  # id of the portal
    portal: str | None  # its name
    report: str | None  # id of the report that it is about; null for a page that is none
    agency: str | None  # name of the organ of the report
    year: int | None  # report year
    version: str | None  # id of the version that shows it
    verdict: str | None  # a word of `Decision`
    note: str | None  # note to the verdict
    decided_at: str | None  # time of the verdict, in UTC


@dataclass(frozen=True, slots=True)
class IssueCount:
    """How many issues there are of a kind and severity."""

    kind: str  # a word of `IssueKind`
    severity: str  # a word of `Severity`
    count: int  # issues


@dataclass(frozen=True, slots=True)
class IssuesContent:
    """The work list."""

    filters: IssueFilters  # what the list is narrowed to
    choices: IssueChoices  # what the filters may be
    decisions: list[Decision]  # verdicts that can be given, words of `Decision`
    issues: list[ListedIssue]  # a page of issues, the gravest first
    counts: list[IssueCount]  # all issues under these filters, by kind
    page: int  # number of the page, from 1
    next_page: int | None  # number of the next page; null on the last one


def _content(connection: sqlite3.Connection, request: PageRequest) -> IssuesContent:
    """A page of the work list, with the number of issues of each kind under the same filters."""
    filters = _filters(request)
    page = request.page_number(_LAST_PAGE)
    verdicts = {key: verdict.verdict for key, verdict in latest_verdicts(request.archive).items()}
    matching = select_rows(connection, _MATCHING, **asdict(filters), said=json.dumps(verdicts))
    shown = matching[(page - 1) * ISSUES_PER_PAGE : page * ISSUES_PER_PAGE]
    counts = Counter((each["kind"], each["severity"]) for each in matching)
    return IssuesContent(
        filters=filters,
        choices=IssueChoices(**{name: list(words) for name, words in _CHOICES.items()}),
        decisions=list(Decision),
        issues=_details(connection, [each["id"] for each in shown], request.archive),
        counts=[IssueCount(kind, severity, count) for (kind, severity), count in counts.items()],
        page=page,
        next_page=page + 1 if len(matching) > page * ISSUES_PER_PAGE else None,
    )


def _filters(request: PageRequest) -> IssueFilters:
    chosen = {name: request.choice(name, words) for name, words in _CHOICES.items()}
    return IssueFilters(
        key=request.value("key"),
        kind=chosen["kind"],
        severity=chosen["severity"],
        portal=request.value("portal"),
        state=chosen["state"] or "open",
        verdict=chosen["verdict"] or "any",
        year=request.year(),
    )


def issues_of_version(connection: sqlite3.Connection, version: str, archive: Path) -> list[ListedIssue]:
    """The issues of a version, the gravest first, with the verdicts given so far."""
    found = select_rows(connection, _IDS_OF_VERSION, version=version)
    return _details(connection, [each["id"] for each in found], archive)


def _details(connection: sqlite3.Connection, ids: list[str], archive: Path) -> list[ListedIssue]:
    """The issues of these ids with the latest verdicts."""
    verdicts = latest_verdicts(archive)
    found = select_rows(connection, _DETAILS, ids=json.dumps(ids))
    return [ListedIssue(**issue | _decision(issue, verdicts.get(issue["stable_key"]))) for issue in found]


def _decision(issue: dict[str, Any], latest: Verdict | None) -> dict[str, str | None]:
    """The latest line of the file; without one, the verdict in the database."""
    if latest:
        return {"verdict": latest.verdict, "note": latest.note, "decided_at": latest.decided_at}
    return {"verdict": issue["verdict"], "note": None, "decided_at": None}


ISSUES_PAGE = BrowsePage("issues", "/-/issues", _content, in_menu=True)
