"""A reading as the JSON object that `govcrawl parse` prints: the names and shapes other programs rely on.

Keys and their order are fixed. A table cell's locator has five numbers, one in text or a div grid two, a missing
cell's is null. Absent values are null, never left out.
"""

from typing import Any

from govcrawl.models import Box, Fact, Locator, Reading, TableCell

JsonObject = dict[str, Any]

_SOURCE = ("sha256", "media_type", "encoding")
_DOCUMENT = (
    "title", "index_number", "publisher", "published_on", "document_number", "disclosure_mode", "theme", "script",
)  # fmt: skip
_REPORT = ("is_report", "agency", "year", "scope", "form")
_SECTION = ("key", "heading", "text")
_FACT = ("table", "row", "column", "value", "status", "raw", "unit", "form")
_CHECK = ("identity", "at", "left", "right", "outcome")
_CLAIM = ("kind", "value", "text", "outcome", "against")
_ISSUE = ("kind", "severity", "where", "detail")


def reading_json(reading: Reading, path: str) -> JsonObject:
    """The object for one input read from `path`: source, document, report, sections, facts, checks, claims, issues."""
    return {
        "source": {"path": path, **_named(reading, _SOURCE)},
        "document": _named(reading.document, _DOCUMENT),
        "report": _named(reading.report, _REPORT),
        "sections": [_named(section, _SECTION) for section in reading.sections],
        "facts": [_fact(fact) for fact in reading.facts],
        "checks": [_named(check, _CHECK) for check in reading.checks],
        "claims": [_named(claim, _CLAIM) for claim in reading.claims],
        "issues": [_named(issue, _ISSUE) for issue in reading.issues],
    }


def locator_json(locator: Locator | Box | TableCell | None) -> JsonObject | None:
    """`{"table", "row", "cell", "start", "end"}` for a table cell, `{"start", "end"}` for text, null for none.

    A cell of a PDF has `{"page", "bbox"}`, one of a DOCX `{"table", "row", "cell"}`.
    """
    if locator is None:
        return None
    if not isinstance(locator, Locator):
        return locator._asdict()
    span = {"start": locator.start, "end": locator.end}
    if locator.table is None:
        return span
    return {"table": locator.table, "row": locator.row, "cell": locator.cell, **span}


def _fact(fact: Fact) -> JsonObject:
    return {**_named(fact, _FACT), "locator": locator_json(fact.locator)}


def _named(thing: object, names: tuple[str, ...]) -> JsonObject:
    return {name: getattr(thing, name) for name in names}
