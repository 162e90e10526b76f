"""A reading as the JSON object that `govcrawl parse` prints: the names and shapes other programs rely on.

Keys and their order are fixed. A table cell's locator has five numbers, one in text or a div grid two, a missing
cell's is null. Absent values are null, never left out.
"""

from typing import Any

from govcrawl.models import Check, Claim, Document, Fact, Issue, Locator, Reading, Report, Section

JsonObject = dict[str, Any]


def reading_json(reading: Reading, path: str) -> JsonObject:
    """The object for one input read from `path`: source, document, report, sections, facts, checks, claims, issues."""
    return {
        "source": {
            "path": path,
            "sha256": reading.sha256,
            "media_type": reading.media_type,
            "encoding": reading.encoding,
        },
        "document": _document(reading.document),
        "report": _report(reading.report),
        "sections": [_section(section) for section in reading.sections],
        "facts": [_fact(fact) for fact in reading.facts],
        "checks": [_check(check) for check in reading.checks],
        "claims": [_claim(claim) for claim in reading.claims],
        "issues": [_issue(issue) for issue in reading.issues],
    }


def locator_json(locator: Locator | None) -> JsonObject | None:
    """`{"table", "row", "cell", "start", "end"}` for a table cell, `{"start", "end"}` for text, null for none."""
    if locator is None:
        return None
    span = {"start": locator.start, "end": locator.end}
    if locator.table is None:
        return span
    return {"table": locator.table, "row": locator.row, "cell": locator.cell, **span}


def _document(document: Document) -> JsonObject:
    return {
        "title": document.title,
        "index_number": document.index_number,
        "publisher": document.publisher,
        "published_on": document.published_on,
        "document_number": document.document_number,
        "disclosure_mode": document.disclosure_mode,
        "theme": document.theme,
        "script": document.script,
    }


def _report(report: Report) -> JsonObject:
    return {
        "is_report": report.is_report,
        "agency": report.agency,
        "year": report.year,
        "scope": report.scope,
        "form": report.form,
    }


def _section(section: Section) -> JsonObject:
    return {"key": section.key, "heading": section.heading, "text": section.text}


def _fact(fact: Fact) -> JsonObject:
    return {
        "table": fact.table,
        "row": fact.row,
        "column": fact.column,
        "value": fact.value,
        "status": fact.status,
        "raw": fact.raw,
        "unit": fact.unit,
        "form": fact.form,
        "locator": locator_json(fact.locator),
    }


def _check(check: Check) -> JsonObject:
    return {
        "identity": check.identity,
        "at": check.at,
        "left": check.left,
        "right": check.right,
        "outcome": check.outcome,
    }


def _claim(claim: Claim) -> JsonObject:
    return {
        "kind": claim.kind,
        "value": claim.value,
        "text": claim.text,
        "outcome": claim.outcome,
        "against": list(claim.against),
    }


def _issue(issue: Issue) -> JsonObject:
    return {"kind": issue.kind, "severity": issue.severity, "where": issue.where, "detail": issue.detail}
