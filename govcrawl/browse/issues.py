"""The work list: what was not understood or is wrong, with filters, and what people decided about it.

Verdicts are merged in from `verdicts.jsonl` as it is, so that one counts at once and outlives every rebuild.
"""

import json
import sqlite3
from collections import Counter
from pathlib import Path

from govcrawl.browse import verdict_file
from govcrawl.browse.page import Asked, Content, Page, QuestionError, rows
from govcrawl.db.findings import issues_sql
from govcrawl.db.verdicts import Verdict
from govcrawl.vocabulary import Decision, IssueKind, Severity

PAGE_SIZE = 50
_LAST_PAGE = 100_000

_OF_VERSION = """
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

# The view works out for each issue when it was closed, so everything is read once, and only what is shown again.
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

STATES = ("open", "closed", "all")
VERDICTS = ("any", "none", "given", *Decision)
_CLOSED_LISTS = {"kind": tuple(IssueKind), "severity": tuple(Severity), "state": STATES, "verdict": VERDICTS}


def of_version(connection: sqlite3.Connection, version: str, archive: Path) -> list[Content]:
    """The issues of a version, the gravest first, with the verdicts given so far."""
    return _told(connection, [each["id"] for each in rows(connection, _OF_VERSION, version=version)], archive)


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A page of the work list, with how many there are of each kind under the same filters."""
    filters = _filters(asked)
    page = asked.number("page", 1, _LAST_PAGE) or 1
    known = {key: verdict.verdict for key, verdict in verdict_file.latest(asked.archive).items()}
    matching = rows(connection, _MATCHING, **filters, said=json.dumps(known))
    shown = matching[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    counts = Counter((each["kind"], each["severity"]) for each in matching)
    return {
        "filters": filters,
        "choices": {name: list(words) for name, words in _CLOSED_LISTS.items()},
        "decisions": list(Decision),
        "issues": _told(connection, [each["id"] for each in shown], asked.archive),
        "counts": [{"kind": kind, "severity": severity, "count": n} for (kind, severity), n in counts.items()],
        "page": page,
        "next_page": page + 1 if len(matching) > page * PAGE_SIZE else None,
    }


def _filters(asked: Asked) -> Content:
    """What the list is narrowed to; QuestionError for a word that is not of its closed list."""
    chosen = {name: asked.chosen(name) for name in ("key", "kind", "severity", "portal", "state", "verdict")}
    chosen |= {"state": chosen["state"] or "open", "verdict": chosen["verdict"] or "any"}
    for name, allowed in _CLOSED_LISTS.items():
        if chosen[name] is not None and chosen[name] not in allowed:
            raise QuestionError(f"{name}={chosen[name]}: give one of {', '.join(allowed)}")
    return {**chosen, "year": asked.number("year", 0, 9999) or None}


def _told(connection: sqlite3.Connection, ids: list[str], archive: Path) -> list[Content]:
    """The issues of these ids with what was decided last: `verdict`, `note` and `decided_at`."""
    known = verdict_file.latest(archive)
    found = rows(connection, _DETAILS, ids=json.dumps(ids))
    return [{**issue, **_decision(issue, known.get(issue["stable_key"]))} for issue in found]


def _decision(issue: Content, latest: Verdict | None) -> Content:
    """The latest line of the file; where it has none, what the database was given with."""
    if latest:
        return {"verdict": latest.verdict, "note": latest.note, "decided_at": latest.decided_at}
    return {"verdict": issue["verdict"], "note": None, "decided_at": None}


PAGE = Page("issues", "/-/issues", content, in_menu=True)
