"""The page of a report: its statutory tables as the form prints them, with everything found about them in its place."""

import json
import sqlite3
from collections.abc import Iterator, Mapping

from govcrawl import forms
from govcrawl.browse import issues
from govcrawl.browse.filled_form import Facts, Notes, filled, notes_on_checks, notes_on_claims, notes_on_issues
from govcrawl.browse.official_form import label_of
from govcrawl.browse.page import Asked, Content, NotHereError, Page, row, rows
from govcrawl.browse.versions import line_of_versions

_REPORT = """
SELECT report.id, report.agency_id, agency.name AS agency, agency.division_code, agency.portal_id,
  portal.name AS portal, report.year, report.scope, report.url, report.index_number, report.published_on,
  report.current_version_id
FROM reports AS report
JOIN agencies AS agency ON agency.id = report.agency_id
JOIN portals AS portal ON portal.id = agency.portal_id
WHERE report.id = :report"""

_VERSION = """
SELECT version.id, version.form, version.document_id, version.capture_id, version.parser_version, version.valid_from,
  version.valid_to, capture.url, capture.sha256
FROM report_versions AS version
JOIN captures AS capture ON capture.id = version.capture_id
WHERE version.id = :version AND version.report_id = :report"""

_DOCUMENT = """
SELECT id, portal_id, url, title, index_number, publisher, published_on, document_number, disclosure_mode, theme,
  script, encoding, attachments
FROM documents WHERE id = :document"""

_COPIES = """
SELECT copy.document_id, copy.preferred, copy.nearness, document.url, document.title, document.portal_id,
  portal.name AS portal
FROM report_copies AS copy
JOIN documents AS document ON document.id = copy.document_id
JOIN portals AS portal ON portal.id = document.portal_id
WHERE copy.report_id = :report ORDER BY copy.preferred DESC, copy.document_id"""

_FACTS = """
SELECT form, "table", "row", "column", label_zh AS label, id, value, status, raw, unit
FROM facts WHERE report_version_id = :version ORDER BY id"""

_CHECKS = """
SELECT identity, "table", at, outcome, "left", "right" FROM checks WHERE report_version_id = :version ORDER BY id"""

_CLAIMS = "SELECT id, kind, value, outcome, text, against FROM claims WHERE report_version_id = :version ORDER BY rowid"
_SECTIONS = "SELECT id, key, heading, text FROM sections WHERE report_version_id = :version ORDER BY rowid"

_YEARS = """
SELECT other.id, other.year, other.scope, other.current_version_id AS version
FROM reports AS other
WHERE other.agency_id = :agency AND other.year IS NOT NULL AND other.current_version_id IS NOT NULL
ORDER BY other.year DESC, other.scope"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A report as one of its versions shows it: the one in `?version=`, else the current one.

    Raises:
        NotHereError: there is no such report, or it has no such version.
    """
    name = asked.path["report"]
    report = row(connection, name, _REPORT, report=name)
    shown = asked.chosen("version") or report["current_version_id"]
    if shown is None:
        raise NotHereError(f"{name}: no page of this report could be read yet")
    version = row(connection, shown, _VERSION, version=shown, report=name)
    return {
        "report": report,
        "version": version,
        "document": _document(connection, version["document_id"]),
        "copies": rows(connection, _COPIES, report=name),
        "versions": line_of_versions(connection, name),
        "years": rows(connection, _YEARS, agency=report["agency_id"]),
        **_findings(connection, version, asked),
    }


def _document(connection: sqlite3.Connection, name: str) -> Content:
    document = row(connection, name, _DOCUMENT, document=name)
    return {**document, "attachments": json.loads(document["attachments"])}


def _findings(connection: sqlite3.Connection, version: Content, asked: Asked) -> Content:
    """What was read from a version's page, and what is to be said about it."""
    facts = facts_of(connection, version["id"])
    checks = checks_of(connection, version["id"])
    claims = [_claim(each) for each in rows(connection, _CLAIMS, version=version["id"])]
    found = issues.of_version(connection, version["id"], asked.archive)
    notes = Notes((*notes_on_checks(checks, facts), *notes_on_claims(claims), *notes_on_issues(found)))
    return {
        "tables": [filled(form, table, facts, notes) for form, table in _tables(facts)],
        "missing_tables": list(_missing(version["form"], facts)),
        "sections": [{**each, "pieces": pieces(each["text"], claims)} for each in _sections(connection, version)],
        "checks": {outcome: sum(check["outcome"] == outcome for check in checks) for outcome in _outcomes(checks)},
        "claims": claims,
        "issues": found,
    }


def facts_of(connection: sqlite3.Connection, version: str) -> Facts:
    """The facts of a version by `(table, row, column)`, in the order of the form."""
    found = rows(connection, _FACTS, version=version)
    return {(fact["table"], fact["row"], fact["column"]): fact for fact in found}


def checks_of(connection: sqlite3.Connection, version: str) -> list[Content]:
    """The checks of a version; `at_label` is how the form calls the row or column."""
    found = rows(connection, _CHECKS, version=version)
    return [{**check, "at_label": label_of(check["table"], check["at"])} for check in found]


def _claim(claim: Content) -> Content:
    return {**claim, "against": json.loads(claim["against"])}


def _sections(connection: sqlite3.Connection, version: Content) -> list[Content]:
    return rows(connection, _SECTIONS, version=version["id"])


def _tables(facts: Facts) -> list[tuple[str, str]]:
    return list(dict.fromkeys((fact["form"], fact["table"]) for fact in facts.values()))


def _missing(form: str | None, facts: Facts) -> Iterator[str]:
    """The titles of the tables that the form asks for and the page does not have."""
    if form is not None:
        present = {table for table, _, _ in facts}
        yield from (table.title for table in forms.load_forms()[form].tables if table.key not in present)


def _outcomes(checks: list[Content]) -> list[str]:
    return sorted({check["outcome"] for check in checks})


def pieces(text: str, claims: list[Content]) -> list[Content]:
    """A section's text cut at the claims that were found in it: `{"text", "claim"}`, the claim an index or None."""
    marks: dict[int, tuple[int, int]] = {}
    for number, claim in enumerate(claims):
        start = text.find(claim["text"]) if claim["text"] else -1
        if start >= 0 and claim["outcome"] == "contradicts":
            marks.setdefault(start, (start + len(claim["text"]), number))
    return list(_cut(text, marks))


def _cut(text: str, marks: Mapping[int, tuple[int, int]]) -> Iterator[Content]:
    done = 0
    for start, (end, number) in sorted(marks.items()):
        if start >= done:
            yield {"text": text[done:start], "claim": None}
            yield {"text": text[start:end], "claim": number}
            done = end
    yield {"text": text[done:], "claim": None}


PAGE = Page("report", "/-/report/{report:path}", content)
