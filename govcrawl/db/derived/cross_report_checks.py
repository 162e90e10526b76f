"""Checks across reports: years that do not join, clones, unit jumps, copies that differ.

They are computed from all rows after a crawl and in a rebuild, so the order of arrival has no effect. The key of such
an issue consists of report, kind and place, so it survives every re-read, and so does its verdict. An issue that is no
longer found is closed, not deleted; a rebuilt database lacks those that were closed before.

All checks use the current version of each report's preferred copy. None proves a fault by itself: organs merge, scopes
change, and a report that was not found is missing from a sum.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govcrawl.db.connection import transaction
from govcrawl.db.derived.clones import PROSE, update_clones
from govcrawl.db.derived.stated_years import wrong_title_year, wrong_years
from govcrawl.db.ids import digest_of, stable_key
from govcrawl.models import Issue
from govcrawl.vocabulary import IssueKind, SectionKey, Severity

FoundIssue = tuple[str, Issue]
"""A report's id and an issue of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of issue and the query that finds it: report, place, detail."""

    kind: IssueKind
    severity: Severity
    query: str


_ACROSS_YEARS = """
SELECT report_id, identity || '.' || at, 'left side ' || "left" || ', right side ' || "right"
FROM checks_across_years WHERE outcome = 'fails' AND soft = {soft}"""

_CLONES = f"""
SELECT report_id, part, 'the same as in ' || original_id
FROM clones WHERE (part IN {tuple(map(str, PROSE))}) = {{prose}}"""

RULES = (
    Rule(IssueKind.ACROSS_YEARS_FAILS, Severity.WARNING, _ACROSS_YEARS.format(soft=0)),
    Rule(IssueKind.ACROSS_YEARS_FAILS, Severity.INFO, _ACROSS_YEARS.format(soft=1)),
    Rule(
        IssueKind.CLONED_FIGURES,
        Severity.WARNING,
        _CLONES.format(prose=0),
    ),
    Rule(
        IssueKind.CLONED_TEXT,
        Severity.INFO,
        _CLONES.format(prose=1),
    ),
    Rule(
        IssueKind.UNIT_JUMP,
        Severity.WARNING,
        """SELECT report_id, "table" || '.' || "row" || '.' || "column",
             value || coalesce(unit, '') || ', the year before ' || prior_value || coalesce(prior_unit, '')
           FROM unit_jumps""",
    ),
    Rule(
        IssueKind.BELOW_CHILDREN,
        Severity.INFO,
        """SELECT report_id, 'applications.' || "row" || '.total',
             value || ', its organs together ' || children_sum || ' in ' || children || ' reports'
           FROM parent_against_children WHERE value < children_sum""",
    ),
    Rule(
        IssueKind.PUBLISHED_LATE,
        Severity.INFO,
        """SELECT report_id, 'published_on', 'published on ' || published_on || ', due on ' || due_on
           FROM publication_delays WHERE days_late > 0""",
    ),
    Rule(
        IssueKind.COPIES_DIFFER,
        Severity.WARNING,
        """SELECT report_id, other_document_id,
             count(*) || ' cells differ, among them ' || min("table" || '.' || "row" || '.' || "column")
           FROM copy_differences GROUP BY report_id, other_document_id""",
    ),
    Rule(
        IssueKind.INDEX_NUMBER_REPEATED,
        Severity.WARNING,
        """SELECT report.id, 'index_number', document.index_number || ' is also on ' || min(other.url)
           FROM reports AS report
           JOIN report_copies AS copy ON copy.report_id = report.id AND copy.preferred
           JOIN documents AS document ON document.id = copy.document_id
           JOIN documents AS other ON other.index_number = document.index_number
             AND other.portal_id = document.portal_id AND other.is_report
           WHERE other.id NOT IN (SELECT document_id FROM report_copies WHERE report_id = report.id)
           GROUP BY report.id""",
    ),
    Rule(
        IssueKind.ASSESSMENT_COUNT,
        Severity.ERROR,
        """SELECT c.report_id, 'checks', c.assessed || ' checks made, ' || c.expected || ' expected'
           FROM assessment_counts AS c JOIN reports AS r ON r.current_version_id = c.report_version_id
           WHERE c.assessed <> c.expected""",
    ),
)
"""Every kind of issue that a query finds. Wrong years are found by `stated_years`."""

_PROSE = """
SELECT r.id, r.year, s.key, s.text FROM reports AS r JOIN sections AS s ON s.report_version_id = r.current_version_id
WHERE r.year IS NOT NULL"""

_TITLES = """
SELECT r.id, r.year, coalesce(listing.title, document.title)
FROM reports AS r
JOIN report_versions AS v ON v.id = r.current_version_id
JOIN documents AS document ON document.id = v.document_id
LEFT JOIN listings AS listing ON listing.id = document.id
WHERE r.year IS NOT NULL AND coalesce(listing.title, document.title) IS NOT NULL"""

_SEEN = """
INSERT INTO findings_across (
  id, stable_key, report_id, report_version_id, kind, severity, "where", detail, first_seen_at, closed_at
)
SELECT ?, ?, report.id, version.id, ?, ?, ?, ?, version.valid_from, NULL
FROM reports AS report JOIN report_versions AS version ON version.id = report.current_version_id WHERE report.id = ?
ON CONFLICT (id) DO UPDATE SET
  closed_at = NULL, report_version_id = excluded.report_version_id, severity = excluded.severity,
  first_seen_at = min(first_seen_at, excluded.first_seen_at)"""

_GONE = """
UPDATE findings_across SET closed_at = (SELECT max(fetched_at) FROM captures)
WHERE closed_at IS NULL AND id NOT IN (SELECT value FROM json_each(?))"""


def update_across(connection: sqlite3.Connection) -> int:
    """Updates the clones and the issues across reports; returns the number of open issues."""
    with transaction(connection):
        update_clones(connection)
        rows = {row[0]: row for row in map(_row, _found(connection))}
        connection.executemany(_SEEN, rows.values())
        connection.execute(_GONE, (json.dumps(list(rows)),))
    return len(rows)


def _row(found: FoundIssue) -> tuple[str, ...]:
    report, issue = found
    identity = digest_of(report, issue.kind, issue.where, issue.detail)
    return (identity, stable_key(report, issue), issue.kind, issue.severity, issue.where, issue.detail, report)


def _found(connection: sqlite3.Connection) -> Iterator[FoundIssue]:
    for rule in RULES:
        for report, where, detail in connection.execute(rule.query):
            yield report, Issue(rule.kind, rule.severity, where, detail)
    yield from _wrong_years(connection.execute(_PROSE), connection.execute(_TITLES))


def _wrong_years(
    prose: Iterable[tuple[str, int, str, str]], titles: Iterable[tuple[str, int, str]]
) -> Iterator[FoundIssue]:
    for report, year, section, text in prose:
        if detail := wrong_years(year, text, overview=section == SectionKey.OVERVIEW):
            yield report, Issue(IssueKind.WRONG_YEAR, Severity.WARNING, section, detail)
    for report, year, title in titles:
        if detail := wrong_title_year(year, title):
            yield report, Issue(IssueKind.WRONG_YEAR, Severity.WARNING, "title", detail)
