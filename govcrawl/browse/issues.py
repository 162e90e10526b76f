"""The work list: what was not understood or is wrong, with filters, and what people decided about it.

Verdicts are merged in from `verdicts.jsonl` as it is, so that one counts at once and outlives every rebuild.
"""

import json
import sqlite3
from pathlib import Path

from govcrawl.browse import verdict_file
from govcrawl.browse.page import Asked, Content, Page, QuestionError, rows
from govcrawl.db.verdicts import Verdict
from govcrawl.vocabulary import Decision, IssueKind, Severity

PAGE_SIZE = 50
_LAST_PAGE = 100_000

_OF_VERSION = """
SELECT id, stable_key, kind, severity, "where", detail, capture_id, first_seen_at, closed_at, verdict FROM issues
WHERE id IN (
  SELECT id FROM findings WHERE report_version_id = :version
  UNION ALL SELECT id FROM findings_across WHERE report_version_id = :version
) ORDER BY severity = 'error' DESC, severity = 'warning' DESC, kind, "where", id"""

_LIST = """
WITH said AS MATERIALIZED (SELECT key, value FROM json_each(:said)),
listed AS (
  SELECT issue.id, issue.stable_key, issue.kind, issue.severity, issue."where", issue.detail, issue.capture_id,
    issue.first_seen_at, issue.closed_at, issue.portal_id, portal.name AS portal, report.id AS report,
    agency.name AS agency, report.year, issue.report_version_id AS version,
    COALESCE(said.value, issue.verdict) AS verdict
  FROM issues AS issue
  LEFT JOIN said ON said.key = issue.stable_key
  LEFT JOIN report_versions AS version ON version.id = issue.report_version_id
  LEFT JOIN reports AS report ON report.id = version.report_id
  LEFT JOIN agencies AS agency ON agency.id = report.agency_id
  LEFT JOIN portals AS portal ON portal.id = issue.portal_id
  WHERE (:key IS NULL OR issue.stable_key = :key)
    AND (:kind IS NULL OR issue.kind = :kind)
    AND (:severity IS NULL OR issue.severity = :severity)
    AND (:portal IS NULL OR issue.portal_id LIKE :portal || '%')
    AND (:year IS NULL OR report.year = :year)
    AND (:state = 'all' OR (issue.closed_at IS NULL) = (:state = 'open'))
)
"""

_ASKED_VERDICT = """
WHERE :verdict = 'any' OR (:verdict = 'none' AND verdict IS NULL) OR (:verdict = 'given' AND verdict IS NOT NULL)
  OR verdict = :verdict
"""

_PAGE_OF = f"""{_LIST} SELECT * FROM listed {_ASKED_VERDICT}
ORDER BY severity = 'error' DESC, severity = 'warning' DESC, kind, year DESC, id LIMIT :size OFFSET :offset"""  # noqa: S608

_COUNTS = f"{_LIST} SELECT kind, severity, count(*) AS count FROM listed {_ASKED_VERDICT} GROUP BY kind, severity"  # noqa: S608

STATES = ("open", "closed", "all")
VERDICTS = ("any", "none", "given", *Decision)
_CLOSED_LISTS = {"kind": tuple(IssueKind), "severity": tuple(Severity), "state": STATES, "verdict": VERDICTS}


def of_version(connection: sqlite3.Connection, version: str, archive: Path) -> list[Content]:
    """The issues of a version, the gravest first, with the verdicts given so far."""
    return _decided(rows(connection, _OF_VERSION, version=version), archive)


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A page of the work list, with how many there are of each kind under the same filters."""
    filters = _filters(asked)
    page = asked.number("page", 1, _LAST_PAGE) or 1
    known = {key: verdict.verdict for key, verdict in verdict_file.latest(asked.archive).items()}
    values = {**filters, "said": json.dumps(known)}
    found = rows(connection, _PAGE_OF, **values, size=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE)
    return {
        "filters": filters,
        "choices": {name: list(words) for name, words in _CLOSED_LISTS.items()},
        "decisions": list(Decision),
        "issues": _decided(found[:PAGE_SIZE], asked.archive),
        "counts": rows(connection, _COUNTS, **values),
        "page": page,
        "next_page": page + 1 if len(found) > PAGE_SIZE else None,
    }


def _filters(asked: Asked) -> Content:
    """What the list is narrowed to; QuestionError for a word that is not of its closed list."""
    chosen = {name: asked.chosen(name) for name in ("key", "kind", "severity", "portal", "state", "verdict")}
    chosen |= {"state": chosen["state"] or "open", "verdict": chosen["verdict"] or "any"}
    for name, allowed in _CLOSED_LISTS.items():
        if chosen[name] is not None and chosen[name] not in allowed:
            raise QuestionError(f"{name}={chosen[name]}: give one of {', '.join(allowed)}")
    return {**chosen, "year": asked.number("year", 0, 9999) or None}


def _decided(found: list[Content], archive: Path) -> list[Content]:
    """The issues with what was decided last: `verdict`, `note` and `decided_at`."""
    known = verdict_file.latest(archive)
    return [{**issue, **_decision(issue, known.get(issue["stable_key"]))} for issue in found]


def _decision(issue: Content, latest: Verdict | None) -> Content:
    """The latest line of the file; where it has none, what the database was given with."""
    if latest:
        return {"verdict": latest.verdict, "note": latest.note, "decided_at": latest.decided_at}
    return {"verdict": issue["verdict"], "note": None, "decided_at": None}


PAGE = Page("issues", "/-/issues", content, in_menu=True)
